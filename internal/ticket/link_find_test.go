package ticket_test

import (
	"fmt"
	"strings"
	"testing"

	"supporty/internal/ticket"
)

func named(links []ticket.Link) string {
	var all []string
	for _, l := range links {
		all = append(all, fmt.Sprintf("%s %s %s", l.Kind, l.Name, l.URL))
	}
	return strings.Join(all, "; ")
}

func TestFindLinks(t *testing.T) {
	t.Parallel()
	const sha = "1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d"
	for text, want := range map[string]string{
		"":                             "",
		"no links, acme/shop#12 alone": "",
		"see https://github.com/acme/shop/issues/12.":                                                                         "issue acme/shop#12 https://github.com/acme/shop/issues/12",
		"(https://github.com/acme/shop/issues/12#issuecomment-3)":                                                             "issue acme/shop#12 https://github.com/acme/shop/issues/12",
		"https://github.com/acme/shop/pull/7/files?w=1 https://github.com/acme/shop/pull/7":                                   "pull acme/shop#7 https://github.com/acme/shop/pull/7",
		"https://GitHub.com/acme/shop/commit/" + sha:                                                                          "commit acme/shop@1a2b3c4 https://github.com/acme/shop/commit/" + sha,
		"https://git.acme.example:8443/acme/shop/issues/12":                                                                   "issue acme/shop#12 https://git.acme.example:8443/acme/shop/issues/12",
		"https://gitlab.com/acme/web/shop/-/issues/3":                                                                         "issue acme/web/shop#3 https://gitlab.com/acme/web/shop/-/issues/3",
		"https://gitlab.com/acme/shop/-/work_items/3":                                                                         "issue acme/shop#3 https://gitlab.com/acme/shop/-/work_items/3",
		"https://gitlab.com/acme/shop/-/merge_requests/4/diffs":                                                               "pull acme/shop!4 https://gitlab.com/acme/shop/-/merge_requests/4",
		"https://gitlab.com/acme/shop/-/commit/" + sha[:8]:                                                                    "commit acme/shop@1a2b3c4 https://gitlab.com/acme/shop/-/commit/" + sha[:8],
		"https://bitbucket.org/acme/shop/pull-requests/5/overview":                                                            "pull acme/shop#5 https://bitbucket.org/acme/shop/pull-requests/5",
		"https://bitbucket.org/acme/shop/commits/" + sha:                                                                      "commit acme/shop@1a2b3c4 https://bitbucket.org/acme/shop/commits/" + sha,
		"https://code.acme.example/projects/WEB/repos/shop/pull-requests/6/diff":                                              "pull WEB/shop#6 https://code.acme.example/projects/WEB/repos/shop/pull-requests/6",
		"https://linear.app/acme/issue/ENG-42/checkout-fails and https://acme.atlassian.net/browse/PAY-7?focusedId=1":         "issue ENG-42 https://linear.app/acme/issue/ENG-42; issue PAY-7 https://acme.atlassian.net/browse/PAY-7",
		"PAY-7 (https://acme.example/jira/browse/PAY-7)":                                                                      "issue PAY-7 https://acme.example/jira/browse/PAY-7",
		"https://github.com/acme/shop/issues/new https://github.com/acme/shop https://acme.sentry.io/issues/12/":              "",
		"https://u:secret@github.com/acme/shop/issues/12 https://linear.app/acme/team/ENG https://docs.google.com/d/e/issues": "",
		"https://x/" + strings.Repeat("a", 500) + "/b/issues/1":                                                               "",
	} {
		if got := named(ticket.FindLinks(text)); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
	many := ""
	for i := range 30 {
		many += fmt.Sprintf("https://github.com/acme/shop/issues/%d ", i+1)
	}
	if n := len(ticket.FindLinks(many)); n != 10 {
		t.Errorf("%d links, want 10", n)
	}
}

// Whatever people write, a link is short, safe in markup, and stays itself when it is read again.
func FuzzFindLinks(f *testing.F) {
	for _, seed := range []string{"https://github.com/acme/shop/issues/12", "<https://gitlab.com/a/b/-/merge_requests/4|x>", "https://linear.app/a/issue/ENG-1/x", "https://a.b/browse/A-1)", "https://%zz/a/b/pull/1", "https://a.b//c/issues/1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, l := range ticket.FindLinks(text) {
			if strings.ContainsAny(l.URL+l.Name, "<>|&\"' \n\t") || len(l.URL) > 500 || l.Name == "" {
				t.Errorf("%q has %+v", text, l)
			}
			if again := ticket.FindLinks(l.URL); len(again) != 1 || again[0] != l {
				t.Errorf("%+v is read again as %+v", l, again)
			}
		}
	})
}
