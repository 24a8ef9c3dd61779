package web

import (
	"net/url"
	"testing"
	"time"

	"supporty/internal/ticket"
)

func TestLocal(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{
		"/": true, "/tickets?state=any": true, "/tickets/42": true, "": false, "tickets": false, "//evil.example": false, "/\\evil.example": false,
		"https://evil.example/": false, "javascript:alert(1)": false, "/a\nb": false, "/%0a": true,
	} {
		if got := local(path); got != want {
			t.Errorf("%q: %v", path, got)
		}
	}
}

func TestInert(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{"": "", "Refund": "Refund", "=1+1": "'=1+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "1": "1"} {
		if got := inert(value); got != want {
			t.Errorf("%q: %q", value, got)
		}
	}
}

// An address that was read and written again asks for the same.
func TestAddressesAreStable(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                                       "/tickets",
		"period=30d&category=Data&below=42":      "/tickets?below=42&category=Data&period=30d",
		"from=2026-10-01&to=2026-10-31":          "/tickets?period=2026-10-01..2026-10-31",
		"from=2026-10-01":                        "/tickets?period=2026-10-01..2026-10-01",
		"words=+a+b+&page=2&state=any&page=x":    "/tickets?page=2&state=any&words=a+b",
		"below=-1&page=-3&unknown=1&priority=P1": "/tickets?priority=P1",
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(q).address("/tickets"); got != want {
			t.Errorf("%s: %s", query, got)
		}
	}
}

// No address makes the reader fail in any other way than by a sentence, and what was read stays the
// same when it is written and read again.
func FuzzAddress(f *testing.F) {
	for _, seed := range []string{
		"period=7d", "period=quarter&squad=Checkout", "from=2026-10-01&to=2026-09-01", "category=%00", "state=hold&priority=p1&words=%23a+by%3Ame&below=9&page=3",
		"words=owner%3A%40U0BOB1", "period=9999-12-31..9999-12-31", "period=0001-01-01..0001-01-02",
	} {
		f.Add(seed)
	}
	v := visit{Site: Site{Categories: []string{"Payments", "Data"}, Squads: map[string][]string{"Checkout": {"Payments"}}, Zone: time.UTC}, person: "U0DANA1"}
	now := time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, query string) {
		q, _ := url.ParseQuery(query)
		a := read(q)
		again, err := url.Parse(a.address("/tickets"))
		if err != nil || read(again.Query()) != a {
			t.Fatalf("%+v is written as %s, which is read as %+v (%v)", a, a.address("/tickets"), read(again.Query()), err)
		}
		invalid := func(err error) {
			if err != nil && ticket.CodeOf(err) != ticket.Invalid {
				t.Fatalf("%s: %v", query, err)
			}
		}
		p, err := a.span(usualPeriod, now, v.Zone)
		invalid(err)
		if err == nil && (!p.From.Before(p.To) || p.To.After(now)) {
			t.Fatalf("%s: the period %v", query, p)
		}
		of, err := a.selection(v)
		invalid(err)
		if err == nil && !of.All() && a.Category+a.Squad == "" {
			t.Fatalf("%s selects %v", query, of)
		}
		found, err := a.filter(v, now)
		invalid(err)
		if err == nil && (found.Page < 0 || found.Filter.Person != "") {
			t.Fatalf("%s asks for %+v", query, found)
		}
	})
}
