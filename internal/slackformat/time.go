package slackformat

import (
	"strconv"
	"strings"
	"time"
)

// Time reads Slack's timestamps, "1605853634.000400". What is not one, or lies
// outside of the years in which this program can have run, is the zero time.
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

// UnixTime reads Slack's seconds since 1970; it is the zero time for 0, which Slack uses for never.
func UnixTime(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
