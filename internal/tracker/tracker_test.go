package tracker_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"supporty/internal/tracker"
)

// The forms of the trackers, as they document them.
var forms = map[string]string{
	// https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/creating-an-issue
	"GitHub": "https://github.com/acme/shop/issues/new?title={title}&body={text}",
	// https://docs.gitlab.com/user/project/issues/create_issues/
	"GitLab": "https://gitlab.example.com/acme/shop/-/issues/new?issue[title]={title}&issue[description]={text}",
	// https://linear.app/docs/creating-issues
	"Linear": "https://linear.app/acme/team/ENG/new?title={title}&description={text}",
	// https://confluence.atlassian.com/jirakb/how-to-create-issues-using-direct-html-links-in-jira-server-159474.html
	"Jira": "https://acme.atlassian.net/secure/CreateIssueDetails!init.jspa?pid=10000&issuetype=10001&summary={title}&description={text}",
}

func TestParseForm(t *testing.T) {
	t.Parallel()
	for name, form := range forms {
		if f, err := tracker.ParseForm(" " + form); err != nil || string(f) != form {
			t.Errorf("%s: %q, %v", name, f, err)
		}
	}
	for form, want := range map[string]string{
		"": "",
		"github.com/acme/shop/issues/new?title={title}":     "is not the address of a form",
		"ftp://example.com/?title={title}":                  "is not the address of a form",
		"https://ann:secret@example.com/?title={title}":     "is not the address of a form",
		"https://example.com/a|b?title={title}":             "is not the address of a form",
		"https://example.com/a b?title={title}":             "is not the address of a form",
		"https://github.com/acme/shop/issues/new":           "has no {title}",
		"https://example.com/{title}":                       "has no {title}",
		"https://{title}.example.com/?t={title}":            "has braces before its ?",
		"https://example.com/?title={title}&body={body}":    "contains {body};",
		"https://example.com/?title={title}&a=" + long("a"): "is longer than 500 characters",
	} {
		_, err := tracker.ParseForm(form)
		if (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", form, err, want)
		}
	}
}

func long(s string) string { return strings.Repeat(s, 600) }

func TestFill(t *testing.T) {
	t.Parallel()
	title, text := "Fails: 100 % & more + <b>?", "Line one\nLine two #3; ü 🎫"
	for name, form := range forms {
		u, err := url.Parse(tracker.Form(form).Fill(title, text, 2500))
		if err != nil {
			t.Fatal(err)
		}
		var values []string
		for _, v := range u.Query() {
			values = append(values, v...)
		}
		if all := strings.Join(values, "|"); !strings.Contains(all, title) || !strings.Contains(all, text) || strings.Contains(u.RawQuery, "+") {
			t.Errorf("%s: %s", name, u)
		}
	}
}

// A filled address is never too long, and still an address.
func FuzzFill(f *testing.F) {
	f.Add("Checkout fails", "For US cards", 200)
	f.Add(long("é"), long("🎫"), 2500)
	f.Add("{text}", "{title}", 130)
	f.Fuzz(func(t *testing.T, title, text string, most int) {
		form := forms["GitLab"]
		filled := tracker.Form(form).Fill(title, text, most)
		if least := len(form) - len("{title}{text}"); len(filled) > max(most, least) {
			t.Errorf("%d bytes, want at most %d", len(filled), most)
		}
		u, err := url.Parse(filled)
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Query().Get("issue[title]"); !utf8.ValidString(title) || !strings.HasPrefix(title, strings.TrimSuffix(got, "…")) {
			if utf8.ValidString(title) {
				t.Errorf("the title %q became %q", title, got)
			}
		}
	})
}
