package ticket_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/ticket"
)

func TestWhatEntriesAmountTo(t *testing.T) {
	t.Parallel()
	claim := entry(ticket.Claimed, bob, minute(5))
	resolve := entry(ticket.Resolved, bob, minute(20), by(ticket.ByEmoji),
		with(ticket.Details{Solution: ticket.SolvedByData, Note: "Card rule lifted"}))
	shut := entry(ticket.Closed, carol, minute(20), by(ticket.ByForm),
		with(ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: 7, Note: "See #7"}))
	reopen := entry(ticket.Reopened, alice, minute(60))
	tests := []struct {
		name    string
		entries []ticket.Entry
		change  func(*ticket.Ticket) // the differences from a ticket that was only opened
	}{
		{"opened", nil, func(*ticket.Ticket) {}},
		{"claimed", []ticket.Entry{claim}, bobHasIt},
		{"put back", []ticket.Entry{claim, entry(ticket.PutBack, bob, minute(6))}, func(x *ticket.Ticket) {
			x.RespondedAt = minute(5)
		}},
		{"handed over", []ticket.Entry{claim, reply(bob, ticket.RoleOwner, 6), entry(ticket.HandedOver, bob, minute(7), to(carol))}, func(x *ticket.Ticket) {
			x.State, x.Assignee, x.ClaimedAt, x.RespondedAt = ticket.StateClaimed, carol, minute(7), minute(5)
			x.Replies, x.People = 1, []string{bob}
		}},
		{"handed over while open", []ticket.Entry{entry(ticket.HandedOver, carol, minute(5), to(bob))}, bobHasIt},
		{"edited", []ticket.Entry{entry(ticket.Edited, alice, minute(5), with(ticket.Details{Title: "T", Text: "X", Category: "C"}))}, func(x *ticket.Ticket) {
			x.Title, x.Text, x.Category = "T", "X", "C"
		}},
		{"raised", []ticket.Entry{entry(ticket.Reprioritised, bob, minute(5), at(ticket.P1))}, func(x *ticket.Ticket) {
			x.Priority = ticket.P1
		}},
		{"withheld", []ticket.Entry{entry(ticket.Withheld, "", minute(5), by(ticket.ByDeletion))}, func(x *ticket.Ticket) {
			x.Withheld = true
		}},
		{"resolved", []ticket.Entry{claim, resolve}, func(x *ticket.Ticket) {
			bobHasIt(x)
			x.FirstSolved = minute(20)
			x.State, x.EndedAt, x.EndedBy, x.EndGesture = ticket.StateResolved, minute(20), bob, ticket.ByEmoji
			x.Reactions = []ticket.Reaction{{Asks: ticket.Resolved, Person: bob}}
			x.Solution, x.Resolution = ticket.SolvedByData, "Card rule lifted"
		}},
		{"resolved without an owner", []ticket.Entry{entry(ticket.Resolved, alice, minute(20))}, func(x *ticket.Ticket) {
			x.FirstSolved = minute(20)
			x.State, x.EndedAt, x.EndedBy, x.EndGesture = ticket.StateResolved, minute(20), alice, ticket.ByButton
		}},
		{"explained", []ticket.Entry{claim, resolve, entry(ticket.Explained, bob, minute(21), with(ticket.Details{Solution: ticket.SolvedByCode}))}, func(x *ticket.Ticket) {
			bobHasIt(x)
			x.FirstSolved = minute(20)
			x.State, x.EndedAt, x.EndedBy, x.EndGesture = ticket.StateResolved, minute(20), bob, ticket.ByEmoji
			x.Reactions = []ticket.Reaction{{Asks: ticket.Resolved, Person: bob}}
			x.Solution, x.Resolution = ticket.SolvedByCode, "Card rule lifted"
		}},
		{"explained by another", []ticket.Entry{claim, resolve, entry(ticket.Explained, carol, minute(21), with(ticket.Details{Solution: ticket.SolvedByCode, Note: "Rule removed"}))}, func(x *ticket.Ticket) {
			bobHasIt(x)
			x.FirstSolved = minute(20)
			x.State, x.EndedAt, x.EndedBy, x.EndGesture = ticket.StateResolved, minute(20), bob, ticket.ByEmoji
			x.Reactions = []ticket.Reaction{{Asks: ticket.Resolved, Person: bob}}
			x.Solution, x.Resolution = ticket.SolvedByData, "Card rule lifted"
			x.Remarks = []ticket.Remark{{Person: carol, Solution: ticket.SolvedByCode, Note: "Rule removed"}}
		}},
		{"undone", []ticket.Entry{claim, resolve, entry(ticket.Undone, bob, minute(25), by(ticket.ByEmoji))}, bobHasIt},
		{"undone without an owner", []ticket.Entry{resolve, entry(ticket.Undone, bob, minute(25), by(ticket.ByEmoji))}, func(*ticket.Ticket) {}},
		{"closed", []ticket.Entry{shut}, func(x *ticket.Ticket) {
			x.State, x.EndedAt, x.EndedBy, x.EndGesture = ticket.StateClosed, minute(20), carol, ticket.ByForm
			x.CloseReason, x.DuplicateOf, x.Resolution = ticket.Duplicate, 7, "See #7"
		}},
		{"reopened", []ticket.Entry{shut, reopen}, func(x *ticket.Ticket) {
			x.Cycle, x.StartedAt = 2, minute(60)
		}},
		{"reopened with an owner", []ticket.Entry{claim, reply(bob, ticket.RoleOwner, 6), resolve, reopen}, func(x *ticket.Ticket) {
			x.FirstSolved = minute(20)
			bobHasIt(x)
			x.Cycle, x.StartedAt, x.RespondedAt = 2, minute(60), minute(60)
			x.Replies, x.People = 1, []string{bob}
		}},
		{"reopened twice", []ticket.Entry{shut, reopen, entry(ticket.Resolved, bob, minute(70)), entry(ticket.Reopened, alice, minute(80))}, func(x *ticket.Ticket) {
			x.FirstSolved = minute(70)
			x.Cycle, x.StartedAt = 3, minute(80)
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			want := ticket.Ticket{
				Number: 42, Title: "Checkout fails", Text: "For US cards", Category: "payments", Priority: ticket.P2,
				State: ticket.StateOpen, Requester: alice, Source: ticket.Message{Channel: "C1", TS: "1772442000.000100"},
				Cycle: 1, OpenedAt: morning, StartedAt: morning,
			}
			test.change(&want)
			got := play(t, append([]ticket.Entry{opened()}, test.entries...)...)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got.Owned() != (want.Assignee != "") {
				t.Errorf("Owned() = %t with owner %q", got.Owned(), want.Assignee)
			}
		})
	}
}

func bobHasIt(t *ticket.Ticket) {
	t.State, t.Assignee, t.ClaimedAt, t.RespondedAt = ticket.StateClaimed, bob, minute(5), minute(5)
}

func reply(actor string, role ticket.Role, at int) ticket.Entry {
	return entry(ticket.Replied, actor, minute(at), by(ticket.ByReply), as(role))
}

func TestWhoResponds(t *testing.T) {
	t.Parallel()
	resolve := entry(ticket.Resolved, bob, minute(3), by(ticket.ByEmoji))
	undo := entry(ticket.Undone, bob, minute(9), by(ticket.ByEmoji))
	reopen := entry(ticket.Reopened, alice, minute(9))
	tests := []struct {
		name    string
		entries []ticket.Entry
		want    time.Time
	}{
		{"nobody", nil, time.Time{}},
		{"the requester does not", []ticket.Entry{reply(alice, ticket.RoleRequester, 1)}, time.Time{}},
		{"another person does not", []ticket.Entry{reply(dan, ticket.RoleOther, 1)}, time.Time{}},
		{"somebody of no role does not", []ticket.Entry{reply(dan, "", 1)}, time.Time{}},
		{"a responder does", []ticket.Entry{reply(dan, ticket.RoleOther, 1), reply(bob, ticket.RoleResponder, 2)}, minute(2)},
		{"an owner does", []ticket.Entry{reply(bob, ticket.RoleOwner, 2)}, minute(2)},
		{"the first counts", []ticket.Entry{reply(bob, ticket.RoleResponder, 2), reply(carol, ticket.RoleResponder, 3)}, minute(2)},
		{"a claim does", []ticket.Entry{entry(ticket.Claimed, bob, minute(2)), reply(bob, ticket.RoleOwner, 3)}, minute(2)},
		{"a reply before a claim", []ticket.Entry{reply(bob, ticket.RoleResponder, 1), entry(ticket.Claimed, bob, minute(2))}, minute(1)},
		{"being handed it does", []ticket.Entry{entry(ticket.HandedOver, carol, minute(2), to(bob))}, minute(2)},
		{"a reply after the end does not", []ticket.Entry{resolve, reply(bob, ticket.RoleResponder, 5)}, time.Time{}},
		{"unless the end is undone", []ticket.Entry{resolve, reply(alice, ticket.RoleRequester, 4), reply(bob, ticket.RoleResponder, 5), reply(bob, ticket.RoleResponder, 6), undo}, minute(5)},
		{"undone, with a response before", []ticket.Entry{reply(bob, ticket.RoleResponder, 1), resolve, reply(bob, ticket.RoleResponder, 5), undo}, minute(1)},
		{"a new cycle asks again", []ticket.Entry{reply(bob, ticket.RoleResponder, 1), resolve, reopen}, time.Time{}},
		{"what was said between the cycles does not", []ticket.Entry{resolve, reply(bob, ticket.RoleResponder, 5), reopen}, time.Time{}},
		{"a reply in the new cycle", []ticket.Entry{resolve, reopen, reply(carol, ticket.RoleResponder, 11)}, minute(11)},
		{"an owner who keeps it", []ticket.Entry{entry(ticket.Claimed, bob, minute(1)), resolve, reopen}, minute(9)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := play(t, append([]ticket.Entry{opened()}, test.entries...)...)
			if diff := cmp.Diff(test.want, got.RespondedAt); diff != "" {
				t.Errorf("RespondedAt (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReplies(t *testing.T) {
	t.Parallel()
	got := play(t, opened(), reply(alice, ticket.RoleRequester, 1), reply(bob, ticket.RoleResponder, 2), reply(alice, ticket.RoleRequester, 3),
		entry(ticket.Closed, bob, minute(4)), reply(dan, ticket.RoleOther, 5),
		entry(ticket.Reopened, alice, minute(6)), reply(bob, ticket.RoleResponder, 7))
	if got.Replies != 5 {
		t.Errorf("Replies = %d, want 5: those of all cycles", got.Replies)
	}
	if diff := cmp.Diff([]string{alice, bob, dan}, got.People); diff != "" {
		t.Errorf("People (-want +got):\n%s", diff)
	}
}

// Deleted replies are not counted, and replies after the end do not count as effort.
func TestEffort(t *testing.T) {
	t.Parallel()
	at := func(e ticket.Entry, ts string) ticket.Entry {
		e.Message = ticket.Message{Channel: "C1", TS: ts}
		return e
	}
	deleted := at(reply(alice, ticket.RoleRequester, 1), "1.1")
	got := play(t, opened(), deleted, at(reply(bob, ticket.RoleResponder, 2), "1.2"),
		at(entry(ticket.Retracted, alice, minute(3)), "1.1"),
		entry(ticket.Resolved, bob, minute(4)), at(reply(alice, ticket.RoleRequester, 5), "1.5"))
	if want := (ticket.Effort{Replies: 1, People: 1}); got.Took != want || got.Replies != 2 {
		t.Errorf("it took %+v, and there are %d replies", got.Took, got.Replies)
	}
}

func TestWroteAt(t *testing.T) {
	t.Parallel()
	claim := entry(ticket.Claimed, bob, minute(5))
	tests := []struct {
		name    string
		entries []ticket.Entry
		want    time.Time
	}{
		{"before the claim", []ticket.Entry{reply(bob, ticket.RoleResponder, 1), claim}, time.Time{}},
		{"the owner, last", []ticket.Entry{claim, reply(bob, ticket.RoleOwner, 6), reply(bob, ticket.RoleOwner, 7)}, minute(7)},
		{"another", []ticket.Entry{claim, reply(carol, ticket.RoleResponder, 6)}, time.Time{}},
		{"put back", []ticket.Entry{claim, reply(bob, ticket.RoleOwner, 6), entry(ticket.PutBack, bob, minute(7))}, time.Time{}},
		{"handed over", []ticket.Entry{claim, reply(bob, ticket.RoleOwner, 6), entry(ticket.HandedOver, bob, minute(7), to(carol))}, time.Time{}},
		{"reopened", []ticket.Entry{claim, reply(bob, ticket.RoleOwner, 6), entry(ticket.Resolved, bob, minute(7)), entry(ticket.Reopened, alice, minute(8))}, time.Time{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := play(t, append([]ticket.Entry{opened()}, test.entries...)...)
			if diff := cmp.Diff(test.want, got.WroteAt); diff != "" {
				t.Errorf("WroteAt (-want +got):\n%s", diff)
			}
		})
	}
}
