package ticket_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

func TestParsePriority(t *testing.T) {
	t.Parallel()
	tests := map[string]ticket.Priority{
		"P1": ticket.P1, "p2": ticket.P2, "3": ticket.P3, " P3\n": ticket.P3, "\tp1 ": ticket.P1,
		"": 0, "P": 0, "0": 0, "P0": 0, "4": 0, "P4": 0, "-1": 0, "01": 0, "1.0": 0,
		"PP1": 0, "P 1": 0, "1P": 0, "P1 P2": 0, "urgent": 0, "١": 0,
	}
	for in, want := range tests {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			got, err := ticket.ParsePriority(in)
			if got != want || (err == nil) != want.Valid() {
				t.Errorf("ParsePriority(%q) = %v, %v; want %v", in, got, err, want)
			}
		})
	}
}

func TestParsePriorityRefusalCanBeShown(t *testing.T) {
	t.Parallel()
	_, err := ticket.ParsePriority("urgent")
	if got := ticket.CodeOf(err); got != ticket.Invalid {
		t.Errorf("code = %q, want %q", got, ticket.Invalid)
	}
	if got, want := ticket.SentenceOf(err), "Choose one of P1, P2 and P3."; got != want {
		t.Errorf("sentence = %q, want %q", got, want)
	}
}

func FuzzParsePriority(f *testing.F) {
	for _, seed := range []string{"P1", "p2", " 3 ", "", "P", "PP1", "p\u00a01", "\xff", "𝐏1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ticket.ParsePriority(s)
		if err != nil {
			if p != 0 || ticket.CodeOf(err) != ticket.Invalid {
				t.Fatalf("ParsePriority(%q) = %d, %v; want no priority and an Invalid", s, p, err)
			}
			return
		}
		if !p.Valid() {
			t.Fatalf("ParsePriority(%q) = %d, which is not a priority", s, p)
		}
		if again, err := ticket.ParsePriority(p.String()); again != p || err != nil {
			t.Fatalf("ParsePriority(%q) = %v, %v; want %v", p.String(), again, err, p)
		}
	})
}

func TestPriorities(t *testing.T) {
	t.Parallel()
	if !slices.IsSorted(ticket.Priorities) {
		t.Errorf("Priorities = %v, want the most urgent first", ticket.Priorities)
	}
	for p := ticket.Priority(-1); p <= 5; p++ {
		if got, want := p.Valid(), slices.Contains(ticket.Priorities, p); got != want {
			t.Errorf("%v.Valid() = %t, want %t", p, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	got := []string{ticket.Number(42).String(), ticket.Number(0).String(), ticket.P1.String(), ticket.P3.String()}
	if diff := cmp.Diff([]string{"#42", "#0", "P1", "P3"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSolutions(t *testing.T) {
	t.Parallel()
	var labels []string
	for _, s := range ticket.Solutions {
		if !s.Valid() {
			t.Errorf("%q is offered but not valid", s)
		}
		labels = append(labels, s.Label())
	}
	want := []string{"Code", "Configuration", "Data", "Documentation", "No change"}
	if diff := cmp.Diff(want, labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	for _, s := range []ticket.Solution{"", "Code", "magic"} {
		if s.Valid() || s.Label() != "" {
			t.Errorf("%q is valid, with label %q", s, s.Label())
		}
	}
}

func TestCloseReasons(t *testing.T) {
	t.Parallel()
	var labels []string
	for _, r := range ticket.CloseReasons {
		if !r.Valid() {
			t.Errorf("%q is offered but not valid", r)
		}
		labels = append(labels, r.Label())
	}
	if diff := cmp.Diff([]string{"Not an issue", "Duplicate", "Withdrawn"}, labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	for _, r := range []ticket.CloseReason{"", "Withdrawn", "boredom"} {
		if r.Valid() || r.Label() != "" {
			t.Errorf("%q is valid, with label %q", r, r.Label())
		}
	}
}

func TestEnded(t *testing.T) {
	t.Parallel()
	tests := map[ticket.State]bool{
		"": false, ticket.StateOpen: false, ticket.StateClaimed: false,
		ticket.StateResolved: true, ticket.StateClosed: true,
	}
	for state, want := range tests {
		if got := state.Ended(); got != want {
			t.Errorf("State(%q).Ended() = %t, want %t", state, got, want)
		}
	}
}
