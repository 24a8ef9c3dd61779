package slackview

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
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
		goldenMessage(t, "brief_"+name, Brief(b, "Checkout & <co>", "UDANA", friday.AddDate(0, 0, 3), homeScene(after(time.Hour))))
	}
	if buttons := takeButtons(desk.Brief{Unowned: shelf(desk.ShelfUnowned, 1, open), Paused: shelf(desk.ShelfPaused, 1, waits)}, "Checkout", "UBOB"); len(buttons) != 1 {
		t.Errorf("who has a ticket can take it: %d buttons", len(buttons))
	}
	private := ticket42(t, opened(), entry(ticket.MadePrivate, "UBOB", time.Minute, ticket.Details{}))
	secret := desk.Brief{Figures: desk.Figures{Open: 1}, Unowned: shelf(desk.ShelfUnowned, 1, row(42, private))}
	for _, m := range []slackformat.Message{Brief(secret, "Checkout", "UDANA", time.Time{}, homeScene(after(time.Hour))), LeftUnowned(secret.Unowned.Rows, "Checkout", "UBOB", homeScene(after(time.Hour)))} {
		if !strings.Contains(m.Text, "#42") || !strings.Contains(m.Text, ", a private ticket") || strings.Contains(m.Text, "Checkout fails") {
			t.Errorf("of a private ticket: %s", m.Text)
		}
	}
	if m := Brief(desk.Brief{}, "Checkout", "UDANA", time.Time{}, sceneAt(friday)); m.Text != "You are on duty for Checkout. Nothing is open." {
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
		goldenMessage(t, "overridden_"+name, Overridden(n, duty.Strain{}, sceneAt(friday)))
	}
}

func TestOverrideTakenBack(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]string{"who_was_put_there": "UDANA", "who_is_again": "UBOB"} {
		n := desk.Notice{Kind: desk.NoticeOverridden, To: to}
		n.From, n.Actor, n.Squad, n.At, n.By, n.Over = "UDANA", "UALICE", "Checkout & <co>", friday, friday.Add(3*time.Hour), true
		goldenMessage(t, "override_taken_back_"+name, Overridden(n, duty.Strain{}, sceneAt(friday)))
	}
	goldenMessage(t, "override_taken_back", TakenBack(desk.Override{Squad: "Checkout & <co>", Override: duty.Override{Person: "UDANA", From: friday, Until: friday.Add(time.Hour)}}, sceneAt(friday)))
}

func swapOf(exchange bool) desk.Swap {
	s := desk.Swap{Key: "form:V1", Squad: "Checkout & <co>", Swap: duty.Swap{Gives: duty.Shift{Person: "UBOB", From: friday, Until: friday.AddDate(0, 0, 7)}, To: "UDANA"}}
	if exchange {
		s.Takes = duty.Shift{Person: "UDANA", From: friday.AddDate(0, 0, 7), Until: friday.AddDate(0, 0, 14)}
	}
	return s
}

func TestSwap(t *testing.T) {
	t.Parallel()
	hard := duty.Strain{Unbroken: duty.Shift{Person: "UDANA", From: friday, Until: friday.AddDate(0, 0, 14)}, Also: []string{"Payments", "Logistics"}}
	for name, test := range map[string]struct {
		kind     desk.NoticeKind
		exchange bool
		hard     duty.Strain
	}{
		"asked":            {kind: desk.NoticeSwapAsked, exchange: true},
		"asked_and_hard":   {kind: desk.NoticeSwapAsked, hard: hard},
		"accepted":         {kind: desk.NoticeSwapAccepted, exchange: true, hard: hard},
		"accepted_as_gift": {kind: desk.NoticeSwapAccepted},
		"declined":         {kind: desk.NoticeSwapDeclined, exchange: true},
	} {
		swap := swapOf(test.exchange)
		n := desk.Notice{Kind: test.kind, NoticeDetails: desk.NoticeDetails{Actor: "UBOB", Swap: &swap}}
		goldenMessage(t, "swap_"+name, Swap(n, test.hard, sceneAt(friday)))
	}
	for name, accepted := range map[string]bool{"taken": true, "kept": false} {
		goldenMessage(t, "swap_answered_"+name, SwapAnswered(swapOf(true), accepted, sceneAt(friday)))
	}
	if m := SwapAnswered(swapOf(false), true, sceneAt(friday)); strings.Contains(m.Text, "takes yours") {
		t.Errorf("nothing in exchange: %s", m.Text)
	}
}

// What is chosen in the form is the swap that was meant, also without an exchange.
func TestSwapForm(t *testing.T) {
	t.Parallel()
	swap := swapOf(true)
	form := SwapForm(desk.ShiftsAhead{Squad: swap.Squad, Own: []duty.Shift{swap.Gives}, Others: []duty.Shift{swap.Takes}, People: []string{"UDANA"}}, time.FixedZone("", 3600), sceneAt(friday))
	checkModal(t, form)
	golden(t, "form_swap", form)
	for value, takes := range map[string]duty.Shift{
		shiftOption(swap.Takes, "").Value:                  swap.Takes,
		shiftOption(duty.Shift{Person: "UDANA"}, "").Value: {},
	} {
		state, err := ReadState(chosenState(t, map[string]string{desk.FieldShift: shiftOption(swap.Gives, "").Value, desk.FieldExchange: value}))
		want := swap
		want.Takes = takes
		if diff := cmp.Diff(want, AskedSwap(state, Metadata{Squad: swap.Squad}, "UBOB", swap.Key)); err != nil || diff != "" {
			t.Errorf("%q: %v (-want +got):\n%s", value, err, diff)
		}
	}
	if s := readShift("UBOB soon"); s != (duty.Shift{}) {
		t.Errorf("read %v", s)
	}
}

// chosenState is the state of a form in which options are chosen.
func chosenState(t *testing.T, chosen map[string]string) json.RawMessage {
	t.Helper()
	values := map[string]any{}
	for name, value := range chosen {
		values[name] = map[string]any{inputID(name): map[string]any{"selected_option": map[string]any{"value": value}}}
	}
	raw, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestOnDutyOffersItsPeopleToChangeIt(t *testing.T) {
	t.Parallel()
	shift := duty.Shift{Person: "UBOB", From: friday, Until: friday.AddDate(0, 0, 3)}
	override := desk.Override{ID: 7, Squad: "Checkout & <co>", MadeBy: "UALICE", Override: duty.Override{Person: "UDANA", From: friday.Add(time.Hour), Until: friday.Add(3 * time.Hour)}}
	of := Shifts{Squad: "Checkout & <co>", Now: shift, Next: duty.Shift{Person: "UDANA", From: shift.Until}, Own: true, Overrides: []desk.Override{override}}
	other := of
	other.Squad, other.Own = "Logistics", false
	goldenMessage(t, "answer_duty_changed", OnDuty([]Shifts{of, other}, time.Time{}, sceneAt(friday)))
	last := OnDuty(append(slices.Repeat([]Shifts{other}, mostOwnSquads), of), time.Time{}, sceneAt(friday))
	if got := len(last.Blocks); got != 3 {
		t.Errorf("the reader's squad behind those of others: %d blocks", got)
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

// Who is on duty in the next four weeks stands on Home and in the answer, and fits, however long names are.
func TestFourWeeks(t *testing.T) {
	t.Parallel()
	var coming []duty.Shift
	for i := range 14 {
		coming = append(coming, duty.Shift{Person: []string{"UBOB", "UDANA"}[i%2], From: after(time.Duration(i) * time.Hour), Until: after(time.Duration(i+1) * time.Hour)})
	}
	coming[13].Until = time.Time{}
	m := OnDuty([]Shifts{{Squad: "Checkout", Own: true, Coming: coming[12:]}}, time.Time{}, sceneAt(friday))
	checkMessage(t, m)
	home := desk.Home{Reader: desk.Person{ID: "UBOB", Responder: true, Member: true}}
	for range mostOnDuty {
		home.OnDuty = append(home.OnDuty, desk.SquadOnDuty{Squad: strings.Repeat("Q", 75), Shift: coming[0], Coming: coming})
	}
	scene := sceneAt(friday)
	scene.Names = func(string) string { return strings.Repeat("N", 80) }
	for _, b := range Home(home, HomeOffers{}, scene).Blocks.BlockSet {
		if small, ok := b.(*slack.ContextBlock); ok {
			for _, e := range small.ContextElements.Elements {
				if text := e.(*slack.TextBlockObject).Text; len(text) > 3000 || !strings.Contains(text, "from then on") {
					t.Errorf("%d characters: %s", len(text), text)
				}
			}
		}
	}
}

func TestHandover(t *testing.T) {
	t.Parallel()
	asked := desk.Notice{Kind: desk.NoticeOffDuty, To: "UBOB", NoticeDetails: desk.NoticeDetails{Actor: "UDANA", Squad: "Checkout & <co>"}}
	goldenMessage(t, "off_duty", OffDuty(asked, desk.Figures{Open: 3, Late: 1}, sceneAt(friday)))
	note := desk.Notice{Kind: desk.NoticeDutyNote, To: "UDANA", NoticeDetails: desk.NoticeDetails{Actor: "UBOB", Squad: "Checkout", Text: "The rule ships at noon. <!channel>"}}
	goldenMessage(t, "duty_note", DutyNote(note, sceneAt(friday)))
	checkModal(t, DutyNoteForm("Checkout & <co>"))
}
