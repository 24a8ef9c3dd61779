package app_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// rota has a squad of Bob and Dana, who take turns of a day that end at 11:00; tests begin
// on a Monday at 10:00.
func rota(c *config_, sim *simConfig) {
	sim.Workspace = slacksim.DefaultWorkspace()
	sim.Workspace.People[1].ID, sim.Workspace.People[3].ID = "U0BOB1", "U0DANA"
	c.Squads = []config.Squad{{
		Name: "Checkout", Members: []string{"U0BOB1", "U0DANA"},
		Rota: []config.Layer{{Handover: config.Handover{Weekday: -1, Minute: 11 * 60}, Starts: "2026-11-15"}},
	}}
	for i := range c.Categories {
		c.Categories[i].Squad = "Checkout"
	}
}

// Where a ticket has no owner, whoever is on duty is called; after the handover that is
// somebody else. Who has left is passed over.
func TestWhoIsOnDutyIsCalled(t *testing.T) {
	t.Parallel()
	h := setup(t, rota)
	h.as("alice").opens(usual("Checkout fails"))
	h.advance(2*time.Hour + 15*time.Minute + time.Second) // 12:15
	warning := h.reads("support", "@Dana, #1 Checkout fails (Alice) has no owner and is to be solved by")
	if warning.Broadcast {
		t.Error("the channel is told as well")
	}
	h.advance(46 * time.Minute)
	h.reads("support", "@Dana, #1 Checkout fails (Alice) passed its 3 h target")

	h.as("alice").types("/support duty")
	says(t, h.as("alice").hears("On duty now").Rendered(), "Checkout: Dana until", ", then Bob.")
	h.as("alice").types("/support duty checkout 10:59")
	says(t, h.as("alice").hears("On duty Tue").Rendered(), "Checkout: Dana until", ", then Bob.")
	h.as("alice").types("/support duty tomorrow 13:01")
	h.as("alice").hears("Checkout: Bob until")

	h.deactivates("dana")
	h.as("alice").opens(usual("Refund fails"))
	h.advance(2*time.Hour + 15*time.Minute + time.Second)
	h.reads("support", "@Bob, #2 Refund fails (Alice) has no owner and is to be solved by")
}

// Who comes on duty is briefed once, also if the bot was away at the handover, and with what
// is open in the squad. It is recorded who was on duty since when.
func TestWhoComesOnDutyIsBriefed(t *testing.T) {
	t.Parallel()
	h := newHarness(t, rota)
	stop := h.startOne()
	h.advance(time.Second)
	says(t, h.as("bob").gets("You are on duty for Checkout until").Rendered(), "Nothing is open.")
	h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	stop()
	h.passes(25*time.Hour + 30*time.Minute) // Dana's turn, and into Bob's next one
	t.Cleanup(h.startOne())
	h.advance(time.Second)
	says(t, h.as("bob").gets("1 ticket is open, 1 late.").Rendered(), "You are on duty for Checkout until", "Without an owner", "Checkout fails")
	h.advance(24 * time.Hour)
	h.as("dana").gets("You are on duty for Checkout until")
	h.until(`SELECT count(*) = 4 AND count(*) FILTER (WHERE person = 'U0DANA') = 2 AND max(since) = '2026-11-18 11:00Z' FROM duty_shifts`)
}

// Who takes over is on duty at once; who was on duty hears so. Others than the squad's people
// cannot, and a time that has passed is refused at its field.
func TestTakingOver(t *testing.T) {
	t.Parallel()
	h := setup(t, rota)
	h.advance(time.Second)
	h.as("alice").types("/support duty")
	if m := h.as("alice").hears("Checkout: Bob until"); strings.Contains(m.Rendered(), "Take over") {
		t.Errorf("Alice, who is not in the squad, reads: %s", m.Rendered())
	}
	h.as("bob").home("You are on duty for Checkout until")
	dana := h.as("dana")
	dana.types("/support duty")
	dana.clicks(dana.hears("Checkout: Bob until"), "take_over_duty:Checkout")
	now := h.clock.Now()
	at := func(d time.Duration) int64 { return now.Add(d).Truncate(time.Minute).Unix() }
	dana.seesForm()
	refused, err := dana.actor.Submit(h.ctx, slacksim.FormValues{"from": at(-2 * time.Hour), "until": at(-time.Hour)})
	if err != nil || !strings.Contains(refused.Errors["until"], "still to come") {
		t.Errorf("an end that has passed: %+v, %v", refused, err)
	}
	dana.submits(slacksim.FormValues{"from": at(0), "until": at(40 * time.Minute)})
	says(t, h.as("bob").gets("Dana is on duty for Checkout in your place, from").Rendered(), "until")
	h.advance(time.Second)
	dana.gets("You are on duty for Checkout until")
	h.as("bob").homeBecomes("Dana is on duty for Checkout until")
	h.as("alice").types("/support duty checkout")
	h.as("alice").hears("Checkout: Dana until")
	h.advance(41 * time.Minute)
	h.until(`SELECT array_agg(person ORDER BY since) = '{U0BOB1,U0DANA,U0BOB1}' FROM duty_shifts`)
}

// Who took over can be taken back: the rota counts again, and both hear so. Again it has no effect.
func TestTakingBack(t *testing.T) {
	t.Parallel()
	h := setup(t, rota)
	h.advance(time.Second)
	dana, bob := h.as("dana"), h.as("bob")
	dana.types("/support duty")
	dana.clicks(dana.hears("Checkout: Bob until"), "take_over_duty:Checkout")
	now := h.clock.Now()
	dana.submits(slacksim.FormValues{"from": now.Truncate(time.Minute).Unix(), "until": now.Add(40 * time.Minute).Unix()})
	bob.gets("Dana is on duty for Checkout in your place, from")
	bob.types("/support duty")
	offered := bob.hears("Dana is on duty for Checkout from")
	bob.clicks(offered, "take_back_duty:1")
	bob.hears("Taken back: Dana is not on duty for Checkout from")
	dana.gets("Bob took back that you are on duty for Checkout, from")
	dana.types("/support duty checkout")
	if m := dana.hears("Checkout: Bob until"); strings.Contains(m.Rendered(), "Take back") {
		t.Errorf("what has ended can be taken back: %s", m.Rendered())
	}
}

// Two people swap their shifts: who is asked decides, once. Others cannot answer for them, and when
// the shifts have changed hands meanwhile the answer is refused.
func TestSwapping(t *testing.T) {
	t.Parallel()
	h := setup(t, rota)
	h.advance(time.Second)
	bob, dana := h.as("bob"), h.as("dana")
	asks := func(shift, exchange string) *slacksim.Message {
		bob.types("/support duty")
		bob.clicks(bob.hears("Checkout: Bob until"), "swap_duty:Checkout")
		bob.submits(slacksim.FormValues{"shift": shift, "exchange": exchange})
		return dana.gets("Bob asks whether you take a shift for Checkout: from")
	}
	answers := func(asked *slacksim.Message, button string) {
		id := regexp.MustCompile(button + `:[^"]+`).FindString(string(asked.Blocks))
		dana.clicks(asked, id)
	}
	eleven := func(day int) int64 { return time.Date(2026, 11, day, 11, 0, 0, 0, time.UTC).Unix() }
	tuesday, wednesday := fmt.Sprintf("U0BOB1 %d %d", eleven(17), eleven(18)), fmt.Sprintf("U0DANA %d %d", eleven(18), eleven(19))
	asked := asks(tuesday, wednesday)
	says(t, asked.Rendered(), "Bob takes yours in exchange: from", "If you do: you have no 11 h of rest from")
	answers(asked, "decline_swap")
	bob.gets("Dana cannot take your shift for Checkout, from")
	h.until(`SELECT count(*) = 0 FROM duty_overrides`)

	asked = asks(tuesday, wednesday)
	answers(asked, "accept_swap")
	bob.gets("Dana takes your shift for Checkout, from")
	h.until(`SELECT array_agg(person ORDER BY since) = '{U0DANA,U0BOB1}' FROM duty_overrides`)
	h.advance(3 * 24 * time.Hour) // to Thursday 10:00
	h.until(`SELECT array_agg(person ORDER BY since) = '{U0BOB1,U0DANA,U0BOB1}' FROM duty_shifts`)
}

// The lead of a squad hears once of what is pressing and has no owner an open hour after the
// handover, and hears nothing if there is nothing.
func TestTheLeadHearsOfWhatIsLeft(t *testing.T) {
	t.Parallel()
	h := setup(t, rota, func(c *config_, sim *simConfig) {
		sim.Workspace.People[2].ID = "U0CAROL"
		c.Squads[0].Lead = "U0CAROL"
	})
	h.advance(time.Second)
	h.advance(61 * time.Minute) // the handover to Dana was a minute ago, and that to Bob an hour: nothing is open
	h.as("alice").opens(newTicket{priority: "P1", title: "Checkout is down", text: "Everywhere.", category: "Payments"})
	h.as("alice").opens(usual("Checkout is slow"))
	h.advance(61 * time.Minute)
	told := h.as("carol").gets("An open hour after the handover in Checkout, this has no owner. Dana is on duty.")
	says(t, told.Rendered(), "• P1 #1", "Checkout is down · late since")
	if strings.Contains(told.Rendered(), "#2") {
		t.Errorf("of what is neither P1 nor late: %s", told.Rendered())
	}
	h.advance(time.Hour)
	h.allPosted()
	if n := count(h.as("carol").directs(), "An open hour after"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// The export for pay has a row for each shift of a month, cut at its ends, and of the present
// month what has passed.
func TestDutyExport(t *testing.T) {
	t.Parallel()
	h := newHarness(t, rota, func(_ *config_, sim *simConfig) { sim.Workspace.People[3].RealName = "=1+1" })
	stop := h.startOne()
	h.advance(time.Second) // Bob since 10:00:01, Dana from 11:00 on
	h.advance(2 * time.Hour)
	h.until(`SELECT count(*) = 2 FROM duty_shifts`)
	h.as("dana").gets("You are on duty for Checkout until") // so her name is known
	stop()
	exported := func(e app.DutyExport) string {
		var out bytes.Buffer
		if err := e.Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	rows := strings.Split(strings.TrimSpace(exported(app.DutyExport{Month: "2026-11"})), "\n")
	if len(rows) != 3 || rows[0] != dutyColumns || !strings.HasPrefix(rows[1], "hours,Checkout,U0BOB1,Bob,2026-11-16T10:0") ||
		!strings.HasPrefix(rows[2], "hours,Checkout,U0DANA,'=1+1,2026-11-16T11:00:00Z,2026-11-16T12:0") || !strings.Contains(rows[2], ",1.0") {
		t.Errorf("exported:\n%s", strings.Join(rows, "\n"))
	}
	says(t, exported(app.DutyExport{Month: "2026-11", JSON: true}), `"person":"U0DANA","name":"=1+1","from":"2026-11-16T11:00:00Z"`)
	if got := exported(app.DutyExport{Month: "2026-10"}); got != dutyColumns+"\n" {
		t.Errorf("of a month before: %s", got)
	}
	if err := (app.DutyExport{Month: "November"}).Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), io.Discard); err == nil || !strings.Contains(err.Error(), "write --month 2026-11") {
		t.Errorf("a month that is none: %v", err)
	}
}

const dutyColumns = "kind,squad,person,name,from,until,hours,ticket,priority,step,woke,said,amount"

// Without a rota the command says so.
func TestNobodyHasARota(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.as("alice").types("/support duty")
	h.as("alice").hears("There is no rota.")
}

// The people of a squad find the address of its calendar; nobody else has it, and no other address works.
func TestARotaIsACalendar(t *testing.T) {
	t.Parallel()
	h := setup(t, rota, withPages(t), func(c *config_, _ *simConfig) { c.Duty.Feed = "a-secret-of-24-characters" })
	h.as("alice").types("/support duty")
	if strings.Contains(string(h.as("alice").hears("On duty now").Blocks), "key=") {
		t.Error("somebody else has the address")
	}
	h.as("bob").types("/support duty")
	address := regexp.MustCompile(`http://[^` + "`" + `"]*key=[0-9a-f]+`).FindString(string(h.as("bob").hears("On duty now").Blocks))
	get := func(address string) (int, string) {
		request, err := http.NewRequestWithContext(h.ctx, http.MethodGet, address, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, string(body)
	}
	status, calendar := get(address)
	if status != http.StatusOK {
		t.Fatalf("%s answers %d", address, status)
	}
	says(t, calendar, "BEGIN:VCALENDAR\r\n", "DTSTART:20261116T110000Z\r\nDTEND:20261117T110000Z\r\nSUMMARY:Dana is on duty for Checkout", "SUMMARY:Bob is on duty for Checkout")
	for _, wrong := range []string{address + "0", strings.Replace(address, "Checkout", "Other", 1), strings.Split(address, "?")[0]} {
		if status, _ := get(wrong); status != http.StatusNotFound {
			t.Errorf("%s answers %d", wrong, status)
		}
	}
}

// Each ticket of a brief is taken with one press, and the brief shows so; what somebody has already taken is
// taken over, with the usual word to them.
func TestTakingWhatTheBriefNames(t *testing.T) {
	t.Parallel()
	h := setup(t, rota)
	h.as("alice").opens(usual("Checkout fails"))
	waits := h.as("alice").opens(usual("Refund fails"))
	h.as("bob").clicks(waits, "claim")
	h.until(`SELECT assignee = 'U0BOB1' FROM tickets WHERE number = 2`)
	h.as("bob").reacts(h.as("bob").asks(waits, "Which card?"), "hourglass_flowing_sand")
	h.until(`SELECT state = 'waiting' FROM tickets WHERE number = 2`)
	h.advance(time.Hour + time.Second) // Dana comes on duty
	dana := h.as("dana")
	brief := dana.gets("2 tickets are open.")
	dana.clicks(brief, "take:1")
	h.until(`SELECT assignee = 'U0DANA' FROM tickets WHERE number = 1`)
	dana.clicks(brief, "take:2")
	h.until(`SELECT assignee = 'U0DANA' FROM tickets WHERE number = 2`)
	h.await("the brief without buttons", func(s slacksim.State) bool {
		found := first(dana.directs(), "2 tickets are open.")
		return found != nil && !strings.Contains(string(found.Blocks), "take:")
	})
}

// Who leaves is asked for a note if something is open, and what they write reaches who is on duty, once.
// Without open tickets they are not asked.
func TestWhoLeavesIsAskedForANote(t *testing.T) {
	t.Parallel()
	h := setup(t, rota)
	h.advance(time.Second) // Bob is on duty
	card := h.as("alice").opens(usual("Checkout fails"))
	h.advance(time.Hour)
	bob := h.as("bob")
	asked := bob.gets("Dana is on duty for Checkout now. 1 ticket is open.")
	bob.clicks(asked, "duty_note:Checkout")
	bob.seesForm()
	bob.submits(slacksim.FormValues{"note": "The rule ships at noon."})
	says(t, h.as("dana").gets("A note from Bob, for who is on duty for Checkout:").Rendered(), "The rule ships at noon.")
	bob.reacts(card, "white_check_mark")
	h.until(`SELECT state = 'resolved' FROM tickets`)
	h.advance(24 * time.Hour)
	bob.gets("You are on duty for Checkout until")
	h.allPosted()
	if n := count(h.as("dana").directs(), "Is there something that"); n != 0 {
		t.Error("somebody is asked without open tickets")
	}
}

// Who takes turns sees how the rota was shared, also who has carried nothing; nobody else does.
func TestHowARotaIsShared(t *testing.T) {
	t.Parallel()
	h := setup(t, rota)
	h.advance(time.Second)
	h.until(`SELECT count(*) = 1 FROM duty_shifts`)
	h.advance(48 * time.Hour) // an hour of Bob, a day of Dana, the rest of Bob
	h.until(`SELECT count(*) = 3 FROM duty_shifts`)
	h.as("bob").types("/support duty fairness")
	says(t, h.as("bob").hears("Checkout in the last 90 days").Rendered(), "Bob: 24 h", "Dana: 24 h", "1 night")
	h.as("alice").types("/support duty fairness")
	h.as("alice").hears("Only who takes turns in a rota")
}

// On Home, somebody sees what they carry themselves, and who leads the squad sees it of its people.
func TestHomeTellsWhatOneCarries(t *testing.T) {
	t.Parallel()
	h := newHarness(t, rota, func(c *config_, _ *simConfig) { c.Squads[0].Lead = "U0BOB1" })
	h.start()
	h.advance(time.Second)
	h.until(`SELECT count(*) = 1 FROM duty_shifts`)
	h.as("dana").reacts(h.as("alice").opens(usual("Checkout fails")), "eyes")
	h.reads("support", "Dana has it")
	h.advance(48 * time.Hour) // an hour of Bob, a day of Dana, the rest of Bob; the last day is not over
	h.until(`SELECT count(*) = 3 FROM duty_shifts`)
	says(t, h.as("bob").home("You: 14 h on duty in 7 days").Rendered(), "Dana: 1 open ticket · 24 h on duty in 7 days")
	dana := h.as("dana").home("You: 1 open ticket · 24 h on duty in 7 days").Rendered()
	if strings.Contains(dana, "14 h") {
		t.Errorf("who does not lead the squad reads %s", dana)
	}
}

// Who is forgotten leaves no note about duty, nor a message that names them; when they were on duty stays.
func TestForgettingWhoWasOnDuty(t *testing.T) {
	t.Parallel()
	h := setup(t, rota)
	h.advance(time.Second)
	h.as("alice").opens(usual("Checkout fails"))
	h.advance(time.Hour)
	bob := h.as("bob")
	bob.clicks(bob.gets("Dana is on duty for Checkout now."), "duty_note:Checkout")
	bob.seesForm()
	bob.submits(slacksim.FormValues{"note": "The rule ships at noon."})
	h.as("dana").gets("The rule ships at noon.")
	h.allPosted()
	var out strings.Builder
	forget := app.Forgetting{Person: "U0BOB1"}
	if err := forget.Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &out); err != nil || !strings.Contains(out.String(), "Messages about duty with them or their name, notes among them: 1.") {
		t.Errorf("%v: %s", err, out.String())
	}
	forget.Yes = true
	if err := forget.Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &out); err != nil {
		t.Fatal(err)
	}
	h.await("the note to go", func(slacksim.State) bool { return count(h.as("dana").directs(), "The rule ships") == 0 })
	h.until(`SELECT count(*) > 0 FROM duty_shifts WHERE person = 'U0BOB1'`)
}
