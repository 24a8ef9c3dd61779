package deploy_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/deploy"
	"supporty/internal/ticket"
)

var (
	monday = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	rules  = deploy.Rules{Services: map[string]string{"Billing": "shop", "Checkout": "shop", "Access": "login"}, Window: time.Hour}
)

// memory keeps deployments by their keys.
type memory struct {
	stored map[string]deploy.New
	err    error
}

func (m *memory) SaveDeployment(_ context.Context, d deploy.New) (deploy.Stored, error) {
	before, known := m.stored[d.Key]
	if known {
		return deploy.Stored{Deployment: before.Deployment, Content: before.Content}, m.err
	}
	m.stored[d.Key] = d
	return deploy.Stored{Deployment: d.Deployment, Content: d.Content, Fresh: true}, m.err
}

func TestRecord(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, body, key string
		says            string    // of the refusal
		at              time.Time // as it is stored
	}{
		{"all of it", `{"service":" shop ","version":"1.4.2","deployed_at":"2026-11-30T09:30:00+01:00","url":"https://ci.example.com/1"}`, "k", "", monday.Add(-30 * time.Minute)},
		{"the least", `{"service":"shop"}`, "k", "", monday},
		{"a clock that is ahead", `{"service":"shop","deployed_at":"2026-11-30T09:04:00Z"}`, "k", "", monday},
		{"a clock that is wrong", `{"service":"shop","deployed_at":"2026-11-30T09:06:00Z"}`, "k", "The time lies ahead.", time.Time{}},
		{"long ago", `{"service":"shop","deployed_at":"2016-01-01T00:00:00Z"}`, "k", "The time is more than ten years ago.", time.Time{}},
		{"no service", `{"version":"1"}`, "k", "The service is missing.", time.Time{}},
		{"another service", `{"service":"warehouse"}`, "k", "There are: login, shop.", time.Time{}},
		{"a service on two lines", `{"service":"shop\nshop"}`, "k", "not one line", time.Time{}},
		{"a long version", `{"service":"shop","version":"` + strings.Repeat("1", 251) + `"}`, "k", "The version is not one line", time.Time{}},
		{"no page", `{"service":"shop","url":"javascript:alert(1)"}`, "k", "The url is not", time.Time{}},
		{"a page with a password", `{"service":"shop","url":"https://a:b@example.com"}`, "k", "The url is not", time.Time{}},
		{"no key", `{"service":"shop"}`, "", "The idempotency key is missing", time.Time{}},
		{"a key of two lines", `{"service":"shop"}`, "a\nb", "The idempotency key is missing", time.Time{}},
		{"a long key", `{"service":"shop"}`, strings.Repeat("k", 201), "The idempotency key is missing", time.Time{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			report, err := deploy.ParseReport([]byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			m := &memory{stored: map[string]deploy.New{}}
			got, fresh, err := deploy.Recorder{Store: m, Rules: rules}.Record(t.Context(), test.key, report, monday)
			if test.says != "" {
				if ticket.CodeOf(err) != ticket.Invalid || !strings.Contains(ticket.SentenceOf(err), test.says) || len(m.stored) > 0 {
					t.Errorf("%v, and %d are stored", err, len(m.stored))
				}
				return
			}
			if err != nil || !fresh || !got.At.Equal(test.at) || got.Service != "shop" {
				t.Errorf("%+v, %t, %v", got, fresh, err)
			}
			if d := m.stored[test.key]; !cmp.Equal(d.Categories, []string{"Billing", "Checkout"}) || !d.Until.Equal(test.at.Add(time.Hour)) {
				t.Errorf("%+v", d)
			}
		})
	}
}

func TestNotAReport(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "null", "[]", "{", `"shop"`, `{"service":1}`, `{"service":"shop"}{}`, `{"service":"shop","env":"staging"}`,
		`{"service":"shop","deployed_at":"yesterday"}`, "{\"service\":\"\xff\"}",
	} {
		if r, err := deploy.ParseReport([]byte(body)); ticket.CodeOf(err) != ticket.Invalid {
			t.Errorf("%q is read as %+v, %v", body, r, err)
		}
	}
}

// The same key is stored once; with other content it is refused.
func TestTheSameKey(t *testing.T) {
	t.Parallel()
	m := &memory{stored: map[string]deploy.New{}}
	r := deploy.Recorder{Store: m, Rules: rules}
	record := func(report deploy.Report, after time.Duration) (bool, error) {
		_, fresh, err := r.Record(t.Context(), "k", report, monday.Add(after))
		return fresh, err
	}
	if fresh, err := record(deploy.Report{Service: "shop", Version: "1"}, 0); !fresh || err != nil {
		t.Error(fresh, err)
	}
	if fresh, err := record(deploy.Report{Service: "shop", Version: "1"}, time.Hour); fresh || err != nil {
		t.Error("again:", fresh, err)
	}
	_, err := record(deploy.Report{Service: "shop", Version: "2"}, time.Hour)
	if ticket.CodeOf(err) != ticket.Conflict || !errors.Is(err, deploy.ErrOtherContent) {
		t.Error("with other content:", err)
	}
	m.err = errors.New("away")
	if _, err := record(deploy.Report{Service: "shop", Version: "1"}, 0); ticket.CodeOf(err) != ticket.Unavailable {
		t.Error("without a database:", err)
	}
}

func TestNoServiceInTheSettings(t *testing.T) {
	t.Parallel()
	_, _, err := deploy.Recorder{}.Record(t.Context(), "k", deploy.Report{Service: "shop"}, monday)
	if got := ticket.SentenceOf(err); !strings.Contains(got, "No category names a service.") {
		t.Error(got)
	}
}

// What is read as a report can be written, and is read as the same again.
func FuzzParseReport(f *testing.F) {
	for _, body := range []string{`{"service":"shop"}`, `{"service":"shop","version":"1.4.2","deployed_at":"2026-11-30T09:00:00Z","url":"https://example.com"}`, "null", "{}", "[", "\xff"} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		r, err := deploy.ParseReport(body)
		if err != nil {
			if ticket.CodeOf(err) != ticket.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		written, err := json.Marshal(r)
		if err != nil {
			t.Skip() // a year that JSON does not have
		}
		again, err := deploy.ParseReport(written)
		if err != nil || again.Service != r.Service || again.Version != r.Version || again.URL != r.URL || !again.At.Equal(r.At) {
			t.Fatalf("%+v is read again as %+v, %v", r, again, err)
		}
		m := &memory{stored: map[string]deploy.New{}}
		d, _, err := deploy.Recorder{Store: m, Rules: rules}.Record(t.Context(), "k", r, monday)
		if err == nil && (d.At.After(monday) || rules.Categories(d.Service) == nil) {
			t.Fatalf("%+v is recorded", d)
		}
	})
}
