package slackview

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
)

// Swap asks somebody for a swap, or tells what became of it, with what is hard about it for the reader.
func Swap(n desk.Notice, hard duty.Strain, s Scene) slackformat.Message {
	swap := *n.Swap
	key, asked := swap.Key, s.name(swap.To)
	if swap.Morning {
		return morning(n, hard, s)
	}
	switch n.Kind {
	case desk.NoticeSwapAccepted:
		text := fmt.Sprintf("%s takes your shift for %s, %s.", asked, squadOf(swap), period(swap.Gives))
		if swap.Exchanges() {
			text = sentences(text, fmt.Sprintf("You take theirs, %s.", period(swap.Takes)))
		}
		return say(sentences(text, hardship(hard)))
	case desk.NoticeSwapDeclined:
		return say(fmt.Sprintf("%s cannot take your shift for %s, %s. It stays yours.", asked, squadOf(swap), period(swap.Gives)))
	default:
		text := fmt.Sprintf("%s asks whether you take a shift for %s: %s.", s.name(n.Actor), squadOf(swap), period(swap.Gives))
		if swap.Exchanges() {
			text = sentences(text, fmt.Sprintf("%s takes yours in exchange: %s.", s.name(n.Actor), period(swap.Takes)))
		}
		return say(sentences(text, conditional(hardship(hard))),
			dutyButton(AcceptSwapID, key, "Take it"), dutyButton(DeclineSwapID, key, "I cannot"))
	}
}

// SwapAnswered says what the answer to a swap did, to who gave it.
func SwapAnswered(swap desk.Swap, accepted bool, s Scene) slackformat.Message {
	asker := s.name(swap.Gives.Person)
	switch {
	case !accepted:
		return say(fmt.Sprintf("%s keeps the shift for %s, %s.", asker, squadOf(swap), period(swap.Gives)))
	case swap.Exchanges():
		return say(fmt.Sprintf("You take the shift for %s, %s. %s takes yours, %s.", squadOf(swap), period(swap.Gives), asker, period(swap.Takes)))
	}
	return say(fmt.Sprintf("You take the shift for %s, %s.", squadOf(swap), period(swap.Gives)))
}

// morning asks somebody to take over for the rest of a morning, or tells what became of that.
func morning(n desk.Notice, hard duty.Strain, s Scene) slackformat.Message {
	swap := *n.Swap
	asked, until := s.name(swap.To), date(swap.Gives.Until)
	switch n.Kind {
	case desk.NoticeSwapAccepted:
		return say(fmt.Sprintf("%s is on duty for %s in your place until %s, and was shown your open tickets.", asked, squadOf(swap), until))
	case desk.NoticeSwapDeclined:
		return say(fmt.Sprintf("%s cannot take over for %s this morning.", asked, squadOf(swap)), passMorningButton("", swap, "Ask the next one"))
	default:
		text := fmt.Sprintf("%s was called last night. Do you take over for %s until %s?", s.name(n.Actor), squadOf(swap), until)
		return say(sentences(text, conditional(hardship(hard))),
			dutyButton(AcceptSwapID, swap.Key, "Take over"), dutyButton(DeclineSwapID, swap.Key, "I cannot"))
	}
}

// MorningAsked says to who passes a morning on whom that asks.
func MorningAsked(passed desk.Swap, s Scene) slackformat.Message {
	return say(fmt.Sprintf("%s is asked to take over for %s until %s. You are on duty until they say yes.", s.name(passed.To), squadOf(passed), date(passed.Gives.Until)))
}

// MorningTaken says to who takes over a morning that they are on duty, and offers them the open tickets of who
// was called at night.
func MorningTaken(swap desk.Swap, open desk.Shelf, s Scene) slackformat.Message {
	s.Direct = true
	about := func(r desk.HomeRow) string { return promise(r.Clock(sla.Resolve), s.Now) }
	text := fmt.Sprintf("You are on duty for %s until %s.", squadOf(swap), date(swap.Gives.Until))
	return say(lines(text, briefShelf("What "+s.name(swap.Gives.Person)+" has", open, about, s)),
		takeButtons(desk.Brief{Unowned: open}, swap.Squad, swap.To)...)
}

// passMorningButton passes a morning on. Its value is where the calls of the night are told, which may be
// empty, and the squad.
func passMorningButton(told string, swap desk.Swap, label string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(slackformat.Clip(PassMorningID+":"+swap.Squad, longestID), told+":"+swap.Squad, plain(slackformat.Clip(label, longestButton)))
}

// ReadPassMorning reads the value of PassMorningID: the squad, and which calls the question was about; zero if it
// was about none.
func ReadPassMorning(value string) (squad string, asked desk.DutyPages, err error) {
	told, squad, _ := strings.Cut(value, ":")
	if told == "" {
		return squad, desk.DutyPages{}, nil
	}
	_, asked, err = ReadWoken("0:" + strings.ReplaceAll(told, "-", ":"))
	return squad, asked, err
}

// TakenBack says that an override has ended, to who ended it.
func TakenBack(o desk.Override, s Scene) slackformat.Message {
	return say(fmt.Sprintf("Taken back: %s is not on duty for %s from %s until %s.", s.name(o.Person), slackformat.Escape(o.Squad), date(o.From), date(o.Until)))
}

func squadOf(s desk.Swap) string { return slackformat.Escape(s.Squad) }

func period(s duty.Shift) string { return fmt.Sprintf("from %s until %s", date(s.From), date(s.Until)) }

// hardship says what is hard on its reader about a shift, empty for nothing.
func hardship(h duty.Strain) string {
	var all []string
	if u := h.Unbroken; u != (duty.Shift{}) {
		all = append(all, fmt.Sprintf("You have no %s of rest %s.", span(duty.Rest), period(u)))
	}
	if len(h.Also) > 0 {
		all = append(all, fmt.Sprintf("You are on duty for %s in that time too.", alsoOnDuty(h.Also)))
	}
	return sentences(all...)
}

// mostAlso is how many squads a hardship names.
const mostAlso = 3

// alsoOnDuty names squads: "Payments and Logistics".
func alsoOnDuty(squads []string) string {
	if more := len(squads) - mostAlso; more > 0 {
		squads = append(slices.Clone(squads[:mostAlso]), fmt.Sprintf("%d more squads", more))
	}
	return slackformat.Escape(strings.Join(squads, " and "))
}

// conditional says a hardship that is not certain yet.
func conditional(hardship string) string {
	if hardship == "" {
		return ""
	}
	return "If you do: " + strings.ToLower(hardship[:1]) + hardship[1:]
}
