package slackformat

import (
	"strconv"
	"strings"
	"time"
)

// Time reads Slack's timestamps, "1605853634.000400". It returns the zero time for other text,
// and for years in which this program cannot have run.
func Time(ts string) time.Time {
	secs, frac, _ := strings.Cut(ts, ".")
	s, err := strconv.ParseInt(secs, 10, 64)
	if err != nil || s < 1e9 || s > 1e10 {
		return time.Time{}
	}
	us, err := strconv.ParseInt((frac + "000000")[:6], 10, 64)
	if err != nil || us < 0 {
		us = 0
	}
	return time.Unix(s, us*1000).UTC()
}

// TS is the timestamp of a time, to the second.
func TS(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) + ".000000" }

// UnixTime reads Slack's seconds since 1970. For 0, which means never, it returns the zero
// time.
func UnixTime(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
