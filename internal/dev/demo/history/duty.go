package history

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"supporty/internal/dev/slacksim"
)

// The squads whose people take turns of a week, in these orders, and who leads each.
var (
	Checkout  = []string{"bob", "dana", "kim"}
	Logistics = []string{"jonas", "liam"}
)

// The names of the squads, and who leads them.
const (
	CheckoutSquad  = "Checkout"
	CheckoutLead   = "dana"
	LogisticsSquad = "Logistics"
	LogisticsLead  = "jonas"
)

// HandoverHour is when turns end, on Mondays, by the company's clock.
const HandoverHour = 9

// Before is how long before the plan somebody is on duty already, so that 90 days of it are recorded at
// its end.
const Before = week

// Act is what somebody does about duty.
type Act struct {
	At          time.Duration
	Who         string // empty for Handover
	Do          DutyAction
	Squad       string
	Exchange    string    // of AskSwap: whose shift
	From, Until time.Time // of TakeDuty, and of one's own shift for AskSwap; its exchange is a week later
	Text        string    // of LeaveNote
}

// DutyAction is a kind of act.
type DutyAction string

// The kinds of acts.
const (
	Handover   DutyAction = "handover" // by itself: the bot briefs who comes on duty
	TakeDuty   DutyAction = "take over duty"
	AskSwap    DutyAction = "ask for a swap"
	AcceptSwap DutyAction = "accept a swap"
	LeaveNote  DutyAction = "leave a note" // if the bot asks for one
	SayWoke    DutyAction = "say that it woke them"
)

// notes are what people leave to who comes on duty.
var notes = []string{
	"The provider changes its certificates on Wednesday night. Nothing to do, but look at the log on Thursday.",
	"The refunds of last week are through, all but two: the bank has them.",
	"If the gateway is slow again, restart the second machine first.",
}

// The weeks of the swap, and of the unfair month: one engineer is away, and Bob does it all.
const (
	swapWeek               = 2
	unfairFrom, unfairTill = 5, 10
)

// nightAt is when a P1 wakes who is on duty: on a Wednesday of the last whole week.
const nightAt = (weeks-1)*week + 2*day + 2*time.Hour + 40*time.Minute

// shift is when a turn of a week begins.
func (d *deck) shift(w int) time.Time {
	y, m, date := d.start.UTC().Date()
	return time.Date(y, m, date+7*w, HandoverHour, 0, 0, 0, d.start.Location())
}

// turn is whose turn a week is by the rota: the first turn of a rota without a beginning of its own began
// on the first Monday of 2024.
func (d *deck) turn(people []string, w int) string {
	first := time.Date(2024, time.January, 1, HandoverHour, 0, 0, 0, d.start.Location())
	turns := int((d.shift(w).Sub(first) + day) / week) // a day more: the clocks may have changed
	return people[turns%len(people)]
}

// onDuty is who is on duty for Checkout in a week, with what people have changed.
func (d *deck) onDuty(w int) string {
	switch {
	case w == swapWeek+1:
		return d.turn(Checkout, w+1)
	case w == swapWeek+2:
		return d.turn(Checkout, w-1)
	case w >= unfairFrom && w < unfairTill:
		return Checkout[0]
	}
	return d.turn(Checkout, w)
}

// duty is what people do about duty.
func (d *deck) duty() (all []Act) {
	after := func(w int, long time.Duration) time.Duration { return d.shift(w).Add(long).Sub(d.start) }
	for w := range weeks + 1 {
		all = append(all, Act{At: after(w, time.Minute), Do: Handover})
		if before := d.onDuty(w - 1); w > 0 && before != d.onDuty(w) {
			all = append(all, Act{At: after(w, 26*time.Minute), Who: before, Do: LeaveNote, Squad: CheckoutSquad, Text: notes[w%len(notes)]})
		}
		if w >= unfairFrom && w < unfairTill && d.turn(Checkout, w) != Checkout[0] {
			all = append(all, Act{
				At: after(w-1, 4*day+7*time.Hour), Who: Checkout[0], Do: TakeDuty, Squad: CheckoutSquad, From: d.shift(w), Until: d.shift(w + 1),
			})
		}
	}
	asks, asked := d.turn(Checkout, swapWeek+1), d.turn(Checkout, swapWeek+2)
	all = append(all,
		Act{At: after(swapWeek, 2*day+2*time.Hour), Who: asks, Do: AskSwap, Squad: CheckoutSquad, Exchange: asked, From: d.shift(swapWeek + 1), Until: d.shift(swapWeek + 2)},
		Act{At: after(swapWeek, 2*day+3*time.Hour), Who: asked, Do: AcceptSwap, Squad: CheckoutSquad},
		Act{At: nightAt + 6*time.Hour, Who: d.turn(Logistics, weeks-1), Do: SayWoke},
	)
	return all
}

// night is the P1 that wakes who is on duty. Like the outage it has no chance in it.
func (d *deck) night() Ticket {
	who := d.turn(Logistics, weeks-1)
	t := Ticket{
		At: nightAt, Requester: "hugo", Way: ByShortcut, Priority: "P1", Category: Warehouse, Original: -1,
		Title: "No label prints, and the night lorry waits", Text: "None of the four printers prints a label since half past two. The lorry to Lyon leaves at four, with or without the parcels.",
	}
	for _, s := range []Step{
		{At: 6 * time.Minute, Who: who, Do: AnswerCall},
		{At: 13 * time.Minute, Who: who, Do: Reply, Text: "I am up. The queue of the printers is full of one label that is broken; taking it out."},
		{At: 21 * time.Minute, Who: who, Do: Reply, Text: "They print again. Please try one of each carrier."},
		{At: 35 * time.Minute, Who: who, Do: ResolveTick},
	} {
		s.At += nightAt
		t.Steps = append(t.Steps, s)
	}
	return t
}

// onDuty does something about duty.
func (p *Player) onDuty(ctx context.Context, a Act) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := p.duty(ctx, a); err != nil {
		return fmt.Errorf("%s by %s: %w", a.Do, a.Who, err)
	}
	return p.awaitBot(ctx)
}

func (p *Player) duty(ctx context.Context, a Act) error {
	switch a.Do {
	case Handover:
		return nil
	case TakeDuty:
		values := slacksim.FormValues{"from": float64(a.From.Unix()), "until": float64(a.Until.Unix())}
		return p.form(ctx, a.Who, values, func() error { return p.fromAnswer(ctx, a, "take_over_duty:"+a.Squad) })
	case AskSwap:
		gives, takes := p.option(a.Who, a.From, a.Until), p.option(a.Exchange, a.Until, a.Until.AddDate(0, 0, 7))
		return p.form(ctx, a.Who, slacksim.FormValues{"shift": gives, "exchange": takes}, func() error { return p.fromAnswer(ctx, a, "swap_duty:"+a.Squad) })
	case AcceptSwap:
		return p.pressDirect(ctx, a.Who, "accept_swap")
	case SayWoke:
		return p.pressDirect(ctx, a.Who, "woke")
	case LeaveNote:
		asked := p.direct(a.Who, "duty_note")
		if asked == nil {
			return nil // nothing was open
		}
		return p.form(ctx, a.Who, slacksim.FormValues{"note": a.Text}, func() error { return p.clickKind(a.Who, asked, "duty_note") })
	}
	return errors.New("nobody knows how to do this")
}

// option is a shift as the list of a form has it.
func (p *Player) option(person string, from, until time.Time) string {
	state := p.Slack.State()
	return fmt.Sprintf("%s %d %d", state.Person(person).ID, from.Unix(), until.Unix())
}

// fromAnswer asks who is on duty, and presses a button of the answer.
func (p *Player) fromAnswer(ctx context.Context, a Act, button string) error {
	var last string
	if seen := p.Slack.State().Ephemerals(a.Who); len(seen) > 0 {
		last = seen[len(seen)-1].TS
	}
	if err := p.act(slacksim.Action{Do: "command", As: a.Who, Channel: "general", Command: "/support", Text: "duty"}); err != nil {
		return err
	}
	var found *slacksim.Message
	_, err := p.Slack.Await(ctx, func(s slacksim.State) bool {
		found = newest(s.Ephemerals(a.Who), func(m *slacksim.Message) bool { return m.TS > last && offers(m, button) })
		return found != nil
	})
	if err != nil {
		return fmt.Errorf("the answer with %q: %w", button, err)
	}
	return p.click(slacksim.Action{As: a.Who, Channel: found.Channel, TS: found.TS}, button)
}

// kindOf finds a button of a kind: behind the name stands which of them it is.
func kindOf(kind string) *regexp.Regexp {
	return regexp.MustCompile(`"action_id":"(` + kind + `:[^"]+)"`)
}

// stamp is a time from now as the workspace writes it.
func (p *Player) stamp(from time.Duration) string {
	return fmt.Sprintf("%d.000000", p.Now().Add(from).Unix())
}

// direct is the newest message of the last hours to a person that has a button of a kind; nil for none.
func (p *Player) direct(who, kind string) *slacksim.Message {
	return newest(p.Slack.State().DMs(who), func(m *slacksim.Message) bool {
		return kindOf(kind).MatchString(string(m.Blocks)) && m.TS > p.stamp(-6*time.Hour)
	})
}

func (p *Player) clickKind(who string, m *slacksim.Message, kind string) error {
	return p.click(slacksim.Action{As: who, Channel: m.Channel, TS: m.TS}, kindOf(kind).FindStringSubmatch(string(m.Blocks))[1])
}

// pressDirect waits for a direct message with a button of a kind, and presses it.
func (p *Player) pressDirect(ctx context.Context, who, kind string) error {
	var found *slacksim.Message
	_, err := p.Slack.Await(ctx, func(slacksim.State) bool {
		found = p.direct(who, kind)
		return found != nil
	})
	if err != nil {
		return fmt.Errorf("a message with the button %q: %w", kind, err)
	}
	return p.clickKind(who, found, kind)
}

// actsIn are the acts of a plan as moments.
func actsIn(p Plan) (all []moment) {
	for i := range p.Duty {
		all = append(all, moment{at: p.Duty[i].At, act: &p.Duty[i]})
	}
	return all
}
