package slackview

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

func TestBrief(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	open, waits := row(42, ticket42(t, opened())), row(43, ticket42(t, opened(), claimed, entry(ticket.Waited, "UBOB", 2*time.Minute, ticket.Details{Text: "Which card?"})))
	shelf := func(name desk.ShelfName, total int, rows ...desk.HomeRow) desk.Shelf {
		return desk.Shelf{Name: name, Total: total, Rows: rows}
	}
	for name, b := range map[string]desk.Brief{
		"nothing": {},
		"one":     {Figures: desk.Figures{Open: 1}, Unowned: shelf(desk.ShelfUnowned, 1, open)},
		"much": {
			Figures: desk.Figures{Open: 9, Late: 2, Unowned: 7, Paused: 1},
			Unowned: shelf(desk.ShelfUnowned, 7, open, row(44, open.Record)), Paused: shelf(desk.ShelfPaused, 1, waits),
		},
	} {
		goldenMessage(t, "brief_"+name, Brief(b, "Checkout & <co>", friday.AddDate(0, 0, 3), homeScene(after(time.Hour))))
	}
	if m := Brief(desk.Brief{}, "Checkout", time.Time{}, sceneAt(friday)); m.Text != "You are on duty for Checkout. Nothing is open." {
		t.Errorf("without an end: %s", m.Text)
	}
}

func TestLeftUnowned(t *testing.T) {
	t.Parallel()
	open := row(42, ticket42(t, opened()))
	goldenMessage(t, "left_unowned", LeftUnowned([]desk.HomeRow{open}, "Checkout & <co>", "UBOB", homeScene(after(4*time.Hour))))
	goldenMessage(t, "left_unowned_many", LeftUnowned(slices.Repeat([]desk.HomeRow{open}, 7), "Checkout", "", homeScene(after(4*time.Hour))))
}

func TestTakeOverForm(t *testing.T) {
	t.Parallel()
	form := TakeOverForm("Checkout & <co>", "UBOB", friday)
	checkModal(t, form)
	golden(t, "form_take_over", form)
}

func TestOverridden(t *testing.T) {
	t.Parallel()
	for name, people := range map[string][3]string{"taken_over": {"UBOB", "UDANA", "UDANA"}, "put_on_duty": {"UDANA", "UDANA", "UBOB"}, "replaced": {"UALICE", "UDANA", "UBOB"}} {
		n := desk.Notice{Kind: desk.NoticeOverridden, To: people[0]}
		n.From, n.Actor, n.Squad, n.At, n.By = people[1], people[2], "Checkout & <co>", friday, friday.Add(3*time.Hour)
		goldenMessage(t, "overridden_"+name, Overridden(n, sceneAt(friday)))
	}
}

// Whoever is on duty is called in place of the group, where no person can be. The channel is
// not told then.
func TestAlertsCallWhoIsOnDuty(t *testing.T) {
	t.Parallel()
	open, owned := ticket42(t, opened()), ticket42(t, opened(), entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{}))
	for name, test := range map[string]struct {
		r       desk.Record
		step    sla.StepName
		absence desk.Absence
		calls   []string
		want    string
	}{
		"warned": {r: open, step: sla.Warn, want: "<@UDANA>, #42 Checkout fails for US cards (Alice) has no owner and is to be solved by 12:50."},
		"silent": {r: owned, step: desk.StepSilent, absence: desk.OwnerSilent,
			want: "<@UDANA>, #42 Checkout fails for US cards (Alice) is to be solved by 12:50, and Bob has not answered. Whoever is free can take it over."},
		"owned": {r: owned, step: sla.Warn, want: "<@UBOB>, #42 Checkout fails for US cards (Alice) is to be solved by 12:50, in 45 minutes."},
		"called by an escalation": {r: owned, step: sla.Warn, calls: []string{desk.RecipientDuty},
			want: "<@UBOB>, #42 Checkout fails for US cards (Alice) is to be solved by 12:50, in 45 minutes. <@UDANA>, please look at it with Bob."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := notice(desk.NoticeAlert, test.r.Ticket.Assignee, "")
			n.Alert, n.Absence, n.Call = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: test.step}, test.absence, test.calls
			s := sceneAt(after(135 * time.Minute))
			s.OnDuty, s.Group = "UDANA", "S1"
			m := Notice(n, test.r, s)
			if diff := cmp.Diff(test.want, inUTC(m.Text)); diff != "" || m.Broadcast {
				t.Errorf("in the channel: %v (-want +got):\n%s", m.Broadcast, diff)
			}
		})
	}
}
