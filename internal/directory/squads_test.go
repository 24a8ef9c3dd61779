package directory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
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

// Who answers in a squad's channel: its members who are no guests, of a group of responders
// those in it, and the squad's people though they are not there.
func TestStandings(t *testing.T) {
	t.Parallel()
	const home, former, other = "C2", "C3", "C4"
	squads := []directory.Squad{{Name: "Checkout", Group: "S2", Home: home}, {Name: "Data", Group: "S3", Home: other}}
	all := func(channel string, member, responder bool) desk.Standing {
		return desk.Standing{Channel: channel, Member: member, Responder: responder}
	}
	for name, test := range map[string]struct {
		group string
		guest bool
		in    []string
		want  []desk.Standing
	}{
		"nowhere":                             {},
		"in the support channel alone":        {in: []string{channel}},
		"a member":                            {in: []string{home}, want: []desk.Standing{all(home, true, true)}},
		"a guest":                             {in: []string{home, "S2"}, guest: true, want: []desk.Standing{all(home, true, false)}},
		"a member of two, one of them former": {in: []string{home, former}, want: []desk.Standing{all(home, true, true), all(former, true, true)}},
		"of the squad, and not there":         {in: []string{"S2"}, want: []desk.Standing{all(home, false, true)}},
		"a member who is no responder":        {group: group, in: []string{home}, want: []desk.Standing{all(home, true, false)}},
		"a member in the group":               {group: group, in: []string{home, group}, want: []desk.Standing{all(home, true, true)}},
		"in the group, and not there":         {group: group, in: []string{group}},
		"of the squad, and a member":          {group: group, in: []string{home, "S2"}, want: []desk.Standing{all(home, true, true)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRegistryOf(directory.Places{Support: channel, Responders: test.group, Squads: squads, Homes: []string{home, former, other}})
			r.slack.kim.Guest = test.guest
			for _, place := range test.in {
				if err := r.Joined(t.Context(), place, kim, true); err != nil {
					t.Fatal(err)
				}
			}
			p, err := r.Person(t.Context(), kim)
			if diff := cmp.Diff(test.want, p.Elsewhere); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
			member, err := r.IsMember(t.Context(), home, kim)
			if member != p.In(home).Member || err != nil {
				t.Errorf("a member: %v, %v", member, err)
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
