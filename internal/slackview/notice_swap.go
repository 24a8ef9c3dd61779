package slackview

import (
	"fmt"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
)

// Swap asks somebody for a swap, or tells what became of it, with what is hard about it for the reader.
func Swap(n desk.Notice, hard duty.Strain, s Scene) slackformat.Message {
	swap := *n.Swap
	key, asked := swap.Key, s.name(swap.To)
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
		all = append(all, fmt.Sprintf("You are on duty for %s in that time too.", slackformat.Escape(strings.Join(h.Also, " and "))))
	}
	return sentences(all...)
}

// conditional says a hardship that is not certain yet.
func conditional(hardship string) string {
	if hardship == "" {
		return ""
	}
	return "If you do: " + strings.ToLower(hardship[:1]) + hardship[1:]
}
