package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/config"
)

func TestEscalations(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(write(t, `
escalations:
  - {priorities: [p1, P2], at: 0%, notify: "page:Ops, owner"}
  - {at: 150 %, notify: [duty, "group:@support-engineers", "channel:#incidents", "person:U0123456789"]}
  - at: 30m
    notify: owner
    repeat: 1h
    most: 3
pages:
  - name: Ops
    url: https://pager.example.com/hooks/sekrit?x=1
`), needed)
	if err != nil {
		t.Fatal(err)
	}
	want := []config.Escalation{
		{Priorities: []string{"P1", "P2"}, Notify: []config.Recipient{{Kind: config.ToPage, Name: "Ops"}, {Kind: config.Owner}}, Most: 1},
		{At: config.Offset{Percent: 150}, Most: 1, Notify: []config.Recipient{
			{Kind: config.Duty}, {Kind: config.ToGroup, Name: "support-engineers"}, {Kind: config.ToChannel, Name: "incidents"}, {Kind: config.ToPerson, Name: "U0123456789"},
		}},
		{At: config.Offset{Percent: 100, After: 30 * time.Minute}, Notify: []config.Recipient{{Kind: config.Owner}}, Repeat: time.Hour, Most: 3},
	}
	if diff := cmp.Diff(want, cfg.Escalations); diff != "" {
		t.Errorf("escalations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]config.Page{{Name: "Ops", URL: "https://pager.example.com/hooks/sekrit?x=1"}}, cfg.Pages); diff != "" {
		t.Errorf("pages (-want +got):\n%s", diff)
	}
}

func TestEscalationsThatCannotBe(t *testing.T) {
	t.Parallel()
	const who = "write owner, duty, group:support-engineers, person:U0123456789, channel:incidents or page:NAME"
	for _, test := range []struct{ name, file, want string }{
		{"what is missing", "escalations: [{}, {at: 5%, notify: owner, repeat: 1h}, {at: 5%, notify: duty, most: 2}]", `
escalations[0].at: is missing; write when, like 150% of the target or 30m after the deadline
escalations[0].notify: is missing; ` + who + `
escalations[1].most: is missing; write how often it is done in all, at least 2, or leave repeat out
escalations[2].repeat: is missing; write after how long it is done again, or leave most out`},
		{"when", "escalations: [{at: soon, notify: owner}, {at: 1001%, notify: owner}, {at: -5%, notify: owner}, {at: 30, notify: owner}]", `
escalations[0].at: "soon" is not a duration; write something like 3h or 45m, or a part of the target like 150%
escalations[1].at: "1001%" is out of range; write something from 0% to 1000%
escalations[2].at: "-5%" is not a part of the target; write something like 150%
escalations[3].at: 30 has no unit; write something like 3h or 45m, or a part of the target like 150%`},
		{"whom", `escalations: [{at: 5%, notify: [boss, owner:U1, "person:bob", "group:A B", "channel:", page, "page:!"]}]`, `
escalations[0].notify[0]: "boss" is nobody to notify; ` + who + `
escalations[0].notify[1]: "owner:U1" names somebody more; write only owner
escalations[0].notify[2]: "person:bob" is not a person; write their id, like person:U0123456789 (in their profile, Copy member ID)
escalations[0].notify[3]: "group:A B" is not a user group; write its handle, like support-engineers, or its id, like S0123456789
escalations[0].notify[4]: "channel:" does not say which; ` + who + `
escalations[0].notify[5]: "page" is not a page's name; write up to 40 letters, digits, spaces, dots, - or _
escalations[0].notify[6]: "page:!" is not a page's name; write up to 40 letters, digits, spaces, dots, - or _`},
		{"twice", "escalations: [{at: 5%, notify: owner, priorities: [P1, P1]}, {at: 5%, notify: [duty, duty]}, {at: 9%, notify: owner}, {at: 9%, notify: owner}]", `
escalations[0].priorities[1]: "P1" is already in the list, at escalations[0].priorities[0]; name it once
escalations[1].notify[1]: "duty" is already in the list, at escalations[1].notify[0]; name it once
escalations[3]: "9% owner" is already in the list, at escalations[2]; name it once`},
		{"how often", "escalations: [{at: 5%, notify: owner, repeat: 1s, most: 21}]", `
escalations[0].repeat: "1s" is out of range; write something from 1m to 168h
escalations[0].most: 21 is not a number from 1 to 20; write how often in all`},
		{"a page that is not there", "escalations: [{at: 5%, notify: [owner, 'page:ops']}]\npages: [{name: Ops, url: 'https://a.example/x'}]",
			`pages: has no "ops", which escalations[0].notify[1] names; add it with its url, or take it out there`},
		{"an address in place of a name", "escalations: [{at: 5%, notify: 'page:https://a.example/sekrit'}]",
			`escalations[0].notify[0]: [set] is an address; write it as url below pages, and page: with its name here`},
		{"pages", "pages: [{name: A}, {url: 'ftp://a.example/sekrit'}, {name: B, url: 7}]", `
pages[0].url: is missing; write the address that is called
pages[1].url: [set] is not an address to call; write something like https://pager.example.com/hooks/…
pages[1].name: is missing; write what the page is called
pages[2].url: [set] is not a text; put it in quotes`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, test.file), needed)
			if err == nil {
				t.Fatal("accepted")
			}
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
