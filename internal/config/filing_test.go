package config_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/config"
	"supporty/internal/ticket"
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

func TestFieldsOfACategory(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(write(t, `
categories:
  - name: Access
    fields:
      - {name: User name, kind: text, required: true, hint: As you type it.}
      - {name: Systems, kind: Choices, choices: [Mail, Wiki]}
`), needed)
	if err != nil {
		t.Fatal(err)
	}
	want := []config.Field{
		{Name: "User name", Kind: ticket.FieldText, Required: true, Hint: "As you type it."},
		{Name: "Systems", Kind: ticket.FieldChoices, Choices: []string{"Mail", "Wiki"}},
	}
	if diff := cmp.Diff(want, cfg.Categories[0].Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

func TestPrivateCategories(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(write(t, "categories: [Payments, {name: Security, private: true, people: [U0BOB]}, {name: Data, private: false}]"), needed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Security"}, cfg.PrivateCategories()); diff != "" {
		t.Errorf("private (-want +got):\n%s", diff)
	}
	_, err = config.Load(write(t, "categories: [Payments, {name: Security, private: true}]"), needed)
	if want := "categories[1].private: true leaves nobody who reads its tickets; name its people, or the squad that owns it"; err == nil || err.Error() != want {
		t.Errorf("without people: %v", err)
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
		{"a word that is a command", "command: List", `categories[0].command: "List" is a command already; write another word`},
		{"two words", "command: new access", `categories[0].command: "new access" is not a word of letters, digits, - and _; write something like access`},
		{"a long shortcut", "shortcut: '" + strings.Repeat("é", 25) + "'", `categories[0].shortcut: "` + strings.Repeat("é", 25) + `" has 25 characters; 24 is the most`},
		{"a command and a shortcut", "command: ACCESS, shortcut: '" + strings.Repeat("é", 24) + "'", ""},
		{"a word twice", "command: access}, {name: Data, command: Access", `categories[1].command: "access" is also categories[0].command; write another one`},
		{"a shortcut twice", "shortcut: Ask}, {name: Data, shortcut: ask", `categories[1].shortcut: "ask" is also categories[0].shortcut; write another one`},
		{"too many shortcuts", "shortcut: A@" + strings.Repeat("}, {name: B@, shortcut: A@", 8), "categories: have 9 shortcuts; Slack takes 8 besides the app's own two"},
		{"as many fields as there can be", "fields: [" + strings.TrimSuffix(strings.Repeat("{name: A@, kind: choice, choices: ['"+strings.Repeat("é", 75)+"']}, ", 10), ", ") + "]", ""},
		{"a field too many", "fields: [" + strings.TrimSuffix(strings.Repeat("{name: A@, kind: text}, ", 11), ", ") + "]", "categories[0].fields: has 11 items; write at most 10"},
		{"a long name", "fields: [{name: '" + strings.Repeat("é", 76) + "', kind: text}]", `categories[0].fields[0].name: "` + strings.Repeat("é", 60) + `…" has 76 characters; 75 is the most`},
		{"a long hint", "fields: [{name: A, kind: text, hint: '" + strings.Repeat("é", 151) + "'}]", `categories[0].fields[0].hint: "` + strings.Repeat("é", 60) + `…" has 151 characters; 150 is the most`},
		{"twice the same", "fields: [{name: A, kind: text}, {name: a, kind: date}]", `categories[0].fields[1]: "a" is already in the list, at categories[0].fields[0]; name it once`},
		{"no kind", "fields: [{name: A}]", "categories[0].fields[0].kind: is missing; write text, long_text, number, choice, choices, date, person, link or file"},
		{"another kind", "fields: [{name: A, kind: colour}]", `categories[0].fields[0].kind: "colour" is not a choice here; write text, long_text, number, choice, choices, date, person, link or file`},
		{"no name", "fields: [{kind: text}]", "categories[0].fields[0].name: is missing; write what the form is to ask for"},
		{"nothing to choose", "fields: [{name: A, kind: choices}]", "categories[0].fields[0].choices: names no choice; write what can be chosen, such as [Chrome, Firefox]"},
		{"too much to choose", "fields: [{name: A, kind: choice, choices: [" + strings.TrimSuffix(strings.Repeat("A@, ", 101), ", ") + "]}]", "categories[0].fields[0].choices: has 101 items; write at most 100"},
		{"choices of a text", "fields: [{name: A, kind: text, choices: [B]}]", "categories[0].fields[0].choices: belong to a choice, and this is a text; write kind: choice, or take them out"},
		{"a misspelt field", "fields: [{name: A, kind: text, require: true}]", "categories[0].fields[0].require: is not a setting; did you mean required?"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for i := 0; strings.Contains(test.category, "@"); i++ {
				test.category = strings.Replace(test.category, "@", strconv.Itoa(i), 1)
			}
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
