package config_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/config"
)

func TestWhatACategoryTells(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(write(t, `
categories:
  - name: Access
    description: Accounts, permissions, passwords
    priority: p2
    runbook: https://wiki.example.com/access?team=ops&page=1
    help: |
      Your user name.
      What you tried.
  - Other
`), needed)
	if err != nil {
		t.Fatal(err)
	}
	want := config.Filing{
		Description: "Accounts, permissions, passwords", Priority: "P2",
		Runbook: "https://wiki.example.com/access?team=ops&page=1", Help: "Your user name.\nWhat you tried.",
	}
	if diff := cmp.Diff(want, cfg.Categories[0].Filing); diff != "" {
		t.Errorf("Access (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(config.Filing{}, cfg.Categories[1].Filing); diff != "" {
		t.Errorf("Other (-want +got):\n%s", diff)
	}
}

// Lengths are counted in characters, not in bytes.
func TestWhatACategoryCannotTell(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, category, want string }{
		{"all at their limits", "description: '" + strings.Repeat("é", 75) + "', help: '" + strings.Repeat("é", 1000) + "', runbook: 'https://e.org/" + strings.Repeat("a", 236) + "'", ""},
		{"a long description", "description: '" + strings.Repeat("é", 76) + "'", `categories[0].description: "` + strings.Repeat("é", 60) + `…" has 76 characters; 75 is the most`},
		{"a long help", "help: '" + strings.Repeat("é", 1001) + "'", `categories[0].help: "` + strings.Repeat("é", 60) + `…" has 1001 characters; 1000 is the most`},
		{"a help that is none", `help: "a\u0007b"`, `categories[0].help: "a\ab" is not plain text; it contains control characters`},
		{"a priority that is none", "priority: P4", `categories[0].priority: "P4" is not a choice here; write P1, P2 or P3`},
		{"a runbook that nobody can open", "runbook: wiki/access", `categories[0].runbook: "wiki/access" is not the address of a page; write something like https://wiki.example.com/payments`},
		{"a runbook that would break a link", "runbook: 'https://e.org/a|b'", `categories[0].runbook: "https://e.org/a|b" is not the address of a page; write something like https://wiki.example.com/payments`},
		{"a runbook that is a script", "runbook: 'javascript:alert(1)'", `categories[0].runbook: "javascript:alert(1)" is not the address of a page; write something like https://wiki.example.com/payments`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, "categories: [{name: Access, "+test.category+"}]"), needed)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
