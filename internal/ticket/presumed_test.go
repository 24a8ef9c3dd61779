package ticket_test

import (
	"testing"

	"supporty/internal/ticket"
)

// A pull request or a commit in the thread means a change of code, until somebody says otherwise.
func TestPresumedSolution(t *testing.T) {
	t.Parallel()
	said := ticket.Message{Channel: "C1", TS: "1.1"}
	links := func(kind ticket.LinkKind) ticket.Entry {
		return entry(ticket.Replied, bob, minute(10), with(ticket.Details{Message: said, Links: []ticket.Link{{Kind: kind, Name: "a", URL: "https://a.example"}}}))
	}
	resolves := func(s ticket.Solution) ticket.Entry {
		return entry(ticket.Resolved, bob, minute(20), with(ticket.Details{Solution: s}))
	}
	explains := func(who string, s ticket.Solution) ticket.Entry {
		return entry(ticket.Explained, who, minute(21), with(ticket.Details{Solution: s}))
	}
	noted := entry(ticket.Explained, bob, minute(21), with(ticket.Details{Note: "By hand"}))
	pull := links(ticket.LinkPull)
	for name, test := range map[string]struct {
		entries  []ticket.Entry
		want     ticket.Solution
		presumed bool
	}{
		"no link":           {[]ticket.Entry{resolves("")}, "", false},
		"an issue":          {[]ticket.Entry{links(ticket.LinkIssue), resolves("")}, "", false},
		"a commit":          {[]ticket.Entry{links(ticket.LinkCommit), resolves("")}, ticket.SolvedByCode, true},
		"a pull request":    {[]ticket.Entry{pull, resolves("")}, ticket.SolvedByCode, true},
		"deleted before":    {[]ticket.Entry{pull, entry(ticket.Retracted, bob, minute(15), with(ticket.Details{Message: said})), resolves("")}, "", false},
		"linked afterwards": {[]ticket.Entry{resolves(""), entry(ticket.Replied, bob, minute(30), with(pull.Details))}, "", false},
		"said at once":      {[]ticket.Entry{pull, resolves(ticket.SolvedByData)}, ticket.SolvedByData, false},
		"said later":        {[]ticket.Entry{pull, resolves(""), explains(bob, ticket.SolvedByData)}, ticket.SolvedByData, false},
		"confirmed":         {[]ticket.Entry{pull, resolves(""), explains(bob, ticket.SolvedByCode)}, ticket.SolvedByCode, false},
		"by another":        {[]ticket.Entry{pull, resolves(""), explains(carol, ticket.SolvedByData)}, ticket.SolvedByData, false},
		"only a note":       {[]ticket.Entry{pull, resolves(""), noted}, ticket.SolvedByCode, true},
		"reopened":          {[]ticket.Entry{pull, resolves(""), entry(ticket.Reopened, alice, minute(30))}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _ := ticket.Fold(42, append([]ticket.Entry{opened()}, test.entries...))
			if got.Solution != test.want || got.Presumed != test.presumed || len(got.Remarks) > 0 {
				t.Errorf("solved by %q, presumed %v, %+v; want %q, %v", got.Solution, got.Presumed, got.Remarks, test.want, test.presumed)
			}
		})
	}
}
