package directory_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/directory"
)

// The people of a squad are entrusted with the private tickets of its categories, and so are those
// whom a category names. They are responders, unless they are guests.
func TestEntrusted(t *testing.T) {
	t.Parallel()
	places := directory.Places{
		Support: "C1",
		Squads:  []directory.Squad{{Name: "Safety", Group: "S2"}, {Name: "People"}},
		Entrusted: []directory.Entrusted{
			{Category: "Security", Squad: "safety"}, {Category: "Salaries", Squad: "People", People: []string{kim}}, {Category: "Data"},
		},
	}
	for name, test := range map[string]struct {
		guest bool
		in    []string
		want  []string
	}{
		"named":                 {want: []string{"Salaries"}},
		"of the squad as well":  {in: []string{"S2"}, want: []string{"Security", "Salaries"}},
		"a guest, though named": {guest: true, in: []string{"S2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRegistryOf(places)
			r.slack.kim.Guest = test.guest
			for _, g := range test.in {
				if err := r.Joined(t.Context(), g, kim, true); err != nil {
					t.Fatal(err)
				}
			}
			p, err := r.Person(t.Context(), kim)
			if diff := cmp.Diff(test.want, p.Entrusted); diff != "" || p.Responder == test.guest || err != nil {
				t.Errorf("responder %v, %v\n%s", p.Responder, err, diff)
			}
			people, err := r.EntrustedWith(t.Context(), "Salaries")
			in := len(people) > 0 && people[0] == kim
			if in == test.guest || err != nil {
				t.Errorf("with salaries are entrusted %v: %v", people, err)
			}
		})
	}
}
