package directory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/directory"
)

// People of a squad answer for what it owns, so they are responders, unless they are guests.
func TestSquads(t *testing.T) {
	t.Parallel()
	squads := []directory.Squad{
		{Name: "Checkout", Group: "S2", Lead: "U9"},
		{Name: "Platform", Members: []string{kim}},
		{Name: "Data", Lead: kim},
		{Name: "Empty"},
	}
	for name, test := range map[string]struct {
		squads []directory.Squad
		guest  bool
		in     []string // user groups
		want   []string
		leads  []string
		answer bool
	}{
		"by name, and as lead":   {squads: squads, want: []string{"Platform", "Data"}, leads: []string{"Data"}, answer: true},
		"by the group as well":   {squads: squads, in: []string{"S2"}, want: []string{"Checkout", "Platform", "Data"}, leads: []string{"Data"}, answer: true},
		"by the group":           {squads: squads[:1], in: []string{"S2"}, want: []string{"Checkout"}, answer: true},
		"a guest":                {squads: squads[:1], in: []string{"S2"}, guest: true, want: []string{"Checkout"}},
		"in no squad":            {squads: squads[:1]},
		"in a group of no squad": {squads: squads[:1], in: []string{"S3"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRegistry(group, test.squads...)
			r.slack.kim.Guest = test.guest
			for _, g := range test.in {
				if err := r.Joined(t.Context(), g, kim, true); err != nil {
					t.Fatal(err)
				}
			}
			p, err := r.Person(t.Context(), kim)
			if diff := cmp.Diff(test.want, p.Squads) + cmp.Diff(test.leads, p.Leads); diff != "" || p.Responder != test.answer || err != nil {
				t.Errorf("responder %v, %v\n%s", p.Responder, err, diff)
			}
		})
	}
}

func TestGroupsOfPlaces(t *testing.T) {
	t.Parallel()
	p := directory.Places{Support: channel, Responders: "S1", Squads: []directory.Squad{{Group: "S2"}, {}, {Group: "S1"}}}
	if diff := cmp.Diff([]string{"S1", "S2"}, p.Groups()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := (directory.Places{Support: channel}).Groups(); got != nil {
		t.Errorf("without groups: %v", got)
	}
}
