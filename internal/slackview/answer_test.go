package slackview

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func TestHelp(t *testing.T) {
	t.Parallel()
	goldenMessage(t, "answer_help", Help(offers(), sceneAt(friday)))
	goldenMessage(t, "answer_help_answers", Help(withAnswers(), sceneAt(friday)))
}

func TestKept(t *testing.T) {
	t.Parallel()
	for name, kept := range map[string]desk.Kept{
		"nothing":   {},
		"requester": {Asked: 1, Profile: true},
		"responder": {Asked: 12, Has: 2, Profile: true, Places: 3, Home: true, Question: true, Duty: true, Session: true},
	} {
		goldenMessage(t, "answer_kept_"+name, Kept(kept, sceneAt(friday)))
	}
}

func TestOnDuty(t *testing.T) {
	t.Parallel()
	monday := friday.AddDate(0, 0, 3)
	shifts := []Shifts{
		{Squad: "Checkout & <co>", Now: duty.Shift{Person: "UBOB", Until: monday}, Next: duty.Shift{Person: "UDANA", From: monday}},
		{Squad: "Nights", Now: duty.Shift{Until: monday}, Next: duty.Shift{Person: "UDANA", From: monday}},
		{Squad: "Alone", Now: duty.Shift{Person: "UBOB"}},
	}
	goldenMessage(t, "answer_duty", OnDuty(shifts, time.Time{}, sceneAt(friday)))
	own := shifts[:2:2]
	own[0].Own, own[1].Own, own[1].Squad = true, true, strings.Repeat("ß", 75)
	goldenMessage(t, "answer_duty_own", OnDuty(own, time.Time{}, sceneAt(friday)))
	goldenMessage(t, "answer_duty_then", OnDuty(shifts[:1], monday.Add(-time.Hour), sceneAt(friday)))
	goldenMessage(t, "answer_duty_nobody", OnDuty(nil, time.Time{}, sceneAt(friday)))
}

func TestList(t *testing.T) {
	t.Parallel()
	nasty := opened()
	nasty.Title = hostile
	claimed := entry(ticket.Claimed, "UDANA", time.Minute, ticket.Details{})
	hidden := entry(ticket.Withheld, "", time.Minute, ticket.Details{})
	list := summaries(ticket42(t, opened()), ticket42(t, nasty, claimed), ticket42(t, opened(), hidden))
	list[1].Number, list[1].DueAt = 43, friday
	list[2].Number, list[2].DueAt = 44, time.Time{}
	s := sceneAt(after(time.Hour))
	s.Workspace = "https://acme.slack.com"
	var many []desk.Summary
	for i := range MostListed + 12 {
		many = append(many, desk.Summary{
			Number: ticket.Number(i + 1), Title: strings.Repeat("<", desk.MaxTitle), Priority: ticket.P3, DueAt: after(72 * time.Hour),
		})
	}
	for name, list := range map[string]desk.Listing{
		"list": {Tickets: list, Total: 3}, "list_empty": {}, "list_long": {Tickets: many[:MostListed], Total: len(many)},
		"list_filtered": {Tickets: list[:1], Total: 1, Filter: desk.Filter{Person: "UALICE", Priority: ticket.P2, Unowned: true, Category: "Billing & <Payments>"}, Narrower: true},
		"list_paused":   {Filter: desk.Filter{Paused: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goldenMessage(t, "answer_"+name, List(list, s))
		})
	}
}

func TestMine(t *testing.T) {
	t.Parallel()
	s := sceneAt(after(time.Hour))
	list := []desk.Summary{
		{Number: 1, Title: "Mine to solve", Priority: ticket.P2, State: ticket.StateClaimed, Assignee: "UALICE", DueAt: after(3 * time.Hour)},
		{Number: 2, Title: "Asked and taken", Priority: ticket.P3, State: ticket.StateClaimed, Requester: "UALICE", Assignee: "UALICE"},
		{Number: 3, Title: "Asked", Priority: ticket.P1, State: ticket.StateOpen, Requester: "UALICE", DueAt: friday},
		{Number: 4, Title: "Over", Priority: ticket.P3, State: ticket.StateResolved, Requester: "UALICE", Assignee: "UBOB"},
	}
	for name, list := range map[string]desk.Listing{
		"mine": {Tickets: list, Total: 4}, "mine_none": {}, "mine_many": {Tickets: list[2:], Total: 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goldenMessage(t, "answer_"+name, Mine(list, "UALICE", s))
		})
	}
}

func TestListTitle(t *testing.T) {
	t.Parallel()
	november := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	for want, f := range map[string]desk.Filter{
		"Open tickets":                                  {},
		"Ended tickets · closed":                        {Scope: desk.ScopeEnded, State: ticket.StateClosed},
		"Tickets · asked by Alice · owned by Bob":       {Scope: desk.ScopeAll, Requester: "UALICE", Owner: "UBOB"},
		"Open tickets · on hold":                        {State: ticket.StateOnHold},
		"Tickets · from 2026-11-01 · before 2026-11-01": {Scope: desk.ScopeAll, After: november, Before: november},
	} {
		if got := listTitle(f, sceneAt(friday)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestShow(t *testing.T) {
	t.Parallel()
	late := entry(ticket.Claimed, "UDANA", 20*time.Minute, ticket.Details{})
	tick := entry(ticket.Resolved, "UBOB", 60*time.Minute, ticket.Details{})
	tick.Gesture, tick.Inexact = ticket.ByEmoji, true
	everything := ticket42(t, opened(),
		entry(ticket.Claimed, "UBOB", 5*time.Minute, ticket.Details{}),
		late, // not possible: Bob has it
		entry(ticket.Replied, "UBOB", 30*time.Minute, ticket.Details{}),
		entry(ticket.Replied, "UALICE", 31*time.Minute, ticket.Details{}),
		entry(ticket.Edited, "UALICE", 32*time.Minute, ticket.Details{Title: "Checkout fails", Text: "US only", Category: "Payments"}),
		entry(ticket.Replied, "UDANA", 33*time.Minute, ticket.Details{}),
		tick,
		entry(ticket.Undone, "UBOB", 62*time.Minute, ticket.Details{}),
		entry(ticket.PutBack, "UBOB", 70*time.Minute, ticket.Details{}),
		entry(ticket.HandedOver, "UDANA", 71*time.Minute, ticket.Details{Assignee: "UDANA"}),
		entry(ticket.HandedOver, "UDANA", 72*time.Minute, ticket.Details{Assignee: "UBOB", Note: hostile}),
		entry(ticket.Reprioritised, "UBOB", 73*time.Minute, ticket.Details{Priority: ticket.P3, Note: "It can wait", Policy: 1}),
		entry(ticket.Escalated, "UBOB", 73*time.Minute, ticket.Details{Notify: []string{"person:UDANA", "page:ops", "channel:C7", "group:S1", "owner", "duty"}, Note: "The bank calls"}),
		entry(ticket.Withheld, "", 74*time.Minute, ticket.Details{}),
		entry(ticket.Shown, "UALICE", 75*time.Minute, ticket.Details{}),
		entry(ticket.Closed, "UBOB", 80*time.Minute, ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: 7}),
		entry(ticket.Reopened, "UALICE", 90*time.Minute, ticket.Details{Policy: 1}),
		entry(ticket.Resolved, "UBOB", 100*time.Minute, ticket.Details{Note: "Rule lifted"}),
		entry(ticket.Explained, "UBOB", 101*time.Minute, ticket.Details{Solution: ticket.SolvedByData}),
	)
	s := sceneAt(after(3 * time.Hour))
	goldenMessage(t, "answer_show", Show(everything, s))
	s.Workspace = "https://acme.slack.com"
	goldenMessage(t, "answer_show_linked", Show(ticket42(t, opened()), s))
}

func TestShowOfEmojiThatStand(t *testing.T) {
	t.Parallel()
	var all []ticket.Entry
	for i, e := range []ticket.Entry{
		{Kind: ticket.Claimed, Actor: "UBOB"}, {Kind: ticket.Claimed, Actor: "UDANA"}, {Kind: ticket.PutBack, Actor: "UBOB"},
		{Kind: ticket.Resolved, Actor: "UBOB"}, {Kind: ticket.Resolved, Actor: "UDANA"}, {Kind: ticket.Undone, Actor: "UBOB"},
	} {
		e.Gesture, e.HappenedAt = ticket.ByEmoji, after(time.Duration(i+1)*time.Minute)
		all = append(all, e)
	}
	goldenMessage(t, "answer_show_emoji", Show(ticket42(t, opened(), all...), sceneAt(after(time.Hour))))
}

func TestShowOfALongTimeline(t *testing.T) {
	t.Parallel()
	var rest []ticket.Entry
	for i := range 2 * mostEntries {
		to := []string{"UBOB", "UDANA"}[i%2]
		rest = append(rest, entry(ticket.HandedOver, "UALICE", time.Duration(i)*time.Minute, ticket.Details{Assignee: to, Note: strings.Repeat("&", 3000)}))
	}
	m := Show(ticket42(t, opened(), rest...), sceneAt(after(3*time.Hour)))
	checkMessage(t, m)
	if text := asJSON(t, m.Blocks); !strings.Contains(text, fmt.Sprintf("… and %d more before", mostEntries+1)) {
		t.Errorf("nothing says that lines were left out: %s", text)
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	goldenMessage(t, "answer_plain", Plain("To open a ticket, type /support in any channel."))
}

func TestSettled(t *testing.T) {
	t.Parallel()
	r := ticket42(t, opened())
	for want, a := range map[string]Action{
		"Noted for #42: Documentation.": {Name: ActionHow, Ticket: 42, Argument: "documentation"},
		"#42 is yours.":                 {Name: ActionClaim, Ticket: 42},
		"#42 stays without an owner.":   {Name: ActionJustAComment, Ticket: 42},
		"Done.":                         {Name: ActionReopen, Ticket: 42},
		"You no longer follow #42.":     {Name: ActionUnfollow, Ticket: 42},
		"You follow #42: Open, no owner · solve by " + date(after(3*time.Hour)) + ". You hear if it takes longer, and how it ends.": {Name: ActionFollow, Ticket: 42},
	} {
		t.Run(want, func(t *testing.T) {
			if got := Settled(a, r, sceneAt(friday)); got != want {
				t.Errorf("%s: %q, want %q", a.Name, got, want)
			}
		})
	}
}

func TestFollowingIsConfirmed(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]desk.Record{
		"open":  ticket42(t, opened()),
		"ended": ticket42(t, opened(), entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{})),
	} {
		goldenMessage(t, "answer_follow_"+name, Confirmed(Action{Name: ActionFollow, Ticket: 42}, r, sceneAt(friday)))
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	taken := ticket.Errorf(ticket.Conflict, "{name} already has #42.")
	for _, test := range []struct {
		err  error
		want string
	}{
		{taken.About("UBOB"), "Bob already has #42."},
		{fmt.Errorf("claiming: %w", taken.About("UDANA")), "Dana &lt;!here&gt; &amp; @\u2060channel already has #42."},
		{ticket.Errorf(ticket.Unknown, "There is no ticket #7."), "There is no ticket #7."},
		{fmt.Errorf("a bug"), "Something went wrong on our side. Nothing was changed; please try again in a minute."},
	} {
		t.Run(test.want, func(t *testing.T) {
			if got := Refusal(test.err, called); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

func TestFieldErrors(t *testing.T) {
	t.Parallel()
	guest := ticket.Errorf(ticket.Forbidden, "{name} does not answer tickets here.").About("UDANA")
	for _, test := range []struct {
		err  *ticket.Error
		want map[string]string
	}{
		{guest.At(desk.FieldAssignee), map[string]string{"assignee": "Dana <!here> & @channel does not answer tickets here."}},
		{ticket.Errorf(ticket.Conflict, "#42 is already closed."), map[string]string{"title": "#42 is already closed."}},
	} {
		if diff := cmp.Diff(test.want, FieldErrors(test.err, FormEdit, called)); diff != "" {
			t.Errorf("errors (-want +got):\n%s", diff)
		}
	}
}

// sections loses no line, keeps the order, and fills each section up to Slack's limit.
func TestSections(t *testing.T) {
	t.Parallel()
	row := strings.Repeat("é", 999)
	for _, test := range []struct {
		rows []string
		want []int
	}{
		{[]string{"a"}, []int{1}},
		{[]string{row, row, row}, []int{2999}},
		{[]string{row, row, row + "éé"}, []int{1999, 1001}},
		{[]string{row, row, row, "a"}, []int{2999, 1}},
	} {
		t.Run(fmt.Sprint(test.rows), func(t *testing.T) {
			var texts []string
			var got []int
			for i := range sections(test.rows) {
				text := sectionText(t, slackformat.Message{Blocks: sections(test.rows)}, i)
				texts, got = append(texts, text), append(got, utf8.RuneCountInString(text))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("lengths (-want +got):\n%s", diff)
			}
			if strings.Join(texts, "\n") != strings.Join(test.rows, "\n") {
				t.Errorf("%d rows: %q", len(test.rows), texts)
			}
		})
	}
}
