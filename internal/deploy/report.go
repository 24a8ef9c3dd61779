package deploy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"supporty/internal/ticket"
)

// Report is what a pipeline says of a deployment: the one JSON that is accepted.
type Report struct {
	Service string    `json:"service"`
	Version string    `json:"version,omitempty"`
	At      time.Time `json:"deployed_at,omitzero"` // zero: as it is recorded
	URL     string    `json:"url,omitempty"`
}

// The limits of a report.
const (
	LongestReport  = 8 << 10 // bytes of the JSON
	longestService = 75      // characters; as a category
	longestText    = 250     // characters of version and URL
	longestKey     = 200
)

// Skew is how far the clock of a pipeline may be ahead of ours. What it reports within that time
// is taken as now.
const Skew = 5 * time.Minute

// oldest is how long ago a reported deployment may be: statistics reach no further.
const oldest = 3660 * 24 * time.Hour

// ParseReport reads the JSON of a report. Only its form is checked; see Recorder.Record for the
// rest. The error is a ticket.Error.
func ParseReport(body []byte) (Report, error) {
	if !utf8.Valid(body) {
		return Report{}, ticket.Errorf(ticket.Invalid, "The body is not UTF-8.")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	var r *Report
	err := decoder.Decode(&r)
	if err == nil && r == nil {
		err = errors.New("it is null")
	}
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	if err != nil {
		return Report{}, ticket.Errorf(ticket.Invalid,
			`The body is not the JSON of a deployment. Write something like {"service": "shop", "version": "1.4.2", "deployed_at": "2026-11-30T09:00:00Z"}.`).Because(err)
	}
	return *r, nil
}

// check returns the report as it is stored, or a ticket.Error at the field that is wrong.
func (r Report) check(rules Rules, now time.Time) (Report, error) {
	r.Service, r.Version, r.URL = strings.TrimSpace(r.Service), strings.TrimSpace(r.Version), strings.TrimSpace(r.URL)
	known := rules.Known()
	switch {
	case r.Service == "":
		return r, invalid("service", "The service is missing.")
	case !isLine(r.Service, longestService):
		return r, invalid("service", "The service is not one line of at most 75 characters.")
	case len(known) == 0:
		return r, invalid("service", "No category names a service. Set “service” of a category in the settings.")
	case len(rules.Categories(r.Service)) == 0:
		return r, invalid("service", "No category has the service “"+r.Service+"”. There are: "+strings.Join(known, ", ")+".")
	case !isLine(r.Version, longestText):
		return r, invalid("version", "The version is not one line of at most 250 characters.")
	case !isLine(r.URL, longestText) || r.URL != "" && !isPage(r.URL):
		return r, invalid("url", "The url is not the address of a page of at most 250 characters.")
	case r.At.After(now.Add(Skew)):
		return r, invalid("deployed_at", "The time lies ahead. Look at the clock of the machine that reports.")
	case !r.At.IsZero() && r.At.Before(now.Add(-oldest)):
		return r, invalid("deployed_at", "The time is more than ten years ago.")
	}
	return r, nil
}

func invalid(field, sentence string) error {
	return ticket.Errorf(ticket.Invalid, "%s", sentence).At(field)
}

// at is when the deployment was, for us: never ahead.
func (r Report) at(now time.Time) time.Time {
	if r.At.IsZero() || r.At.After(now) {
		return now.UTC().Truncate(time.Microsecond)
	}
	return r.At.UTC().Truncate(time.Microsecond)
}

// digest is the same for reports that say the same.
func (r Report) digest() string {
	r.At = r.At.UTC()
	b, _ := json.Marshal(r) // texts and a time of these years: cannot fail
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16])
}

func isLine(text string, most int) bool {
	return utf8.RuneCountInString(text) <= most && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError })
}

func isPage(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && !strings.ContainsAny(address, " <>|\"")
}

// isKey reports whether a text can be an idempotency key: printable ASCII.
func isKey(key string) bool {
	return key != "" && len(key) <= longestKey && !strings.ContainsFunc(key, func(r rune) bool { return r < '!' || r > '~' })
}
