package slackview

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
)

// TakeOverForm asks who is to be on duty for a squad, and when.
func TakeOverForm(squad, person string, now time.Time) Modal {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose somebody"), inputID(desk.FieldAssignee))
	who.InitialUser = person
	from, until := slack.NewDateTimePickerBlockElement(inputID(desk.FieldFrom)), slack.NewDateTimePickerBlockElement(inputID(desk.FieldUntil))
	from.InitialDateTime = now.Unix()
	until.InitialDateTime = now.Add(time.Hour).Truncate(15 * time.Minute).Add(15 * time.Minute).Unix()
	whom := input(desk.FieldAssignee, "Who is on duty?", who)
	whom.Hint = plain("Who is on duty otherwise is told.")
	return modal(FormTakeOver, "Take over duty", "Take over", Metadata{Squad: squad},
		section(fmt.Sprintf("For *%s*.", slackformat.Escape(squad))), whom,
		input(desk.FieldFrom, "From", from), input(desk.FieldUntil, "Until", until))
}

// TakenOver is what was filled in.
func TakenOver(s State, meta Metadata, by string) desk.Override {
	return desk.Override{Squad: meta.Squad, MadeBy: by, Override: duty.Override{
		Person: s.User(desk.FieldAssignee), From: s.Time(desk.FieldFrom), Until: s.Time(desk.FieldUntil),
	}}
}

// SwapForm asks which of their shifts somebody gives away, to whom, and in exchange for which. The
// times are those of the zone, because the options of a list are plain text.
func SwapForm(a desk.ShiftsAhead, zone *time.Location, s Scene) Modal {
	var own, others []*slack.OptionBlockObject
	for _, shift := range a.Own {
		own = append(own, shiftOption(shift, local(shift, zone)))
	}
	for _, person := range a.People {
		others = append(others, shiftOption(duty.Shift{Person: person}, nameOf(person, s)+" takes it, nothing in exchange"))
	}
	for _, shift := range a.Others {
		others = append(others, shiftOption(shift, nameOf(shift.Person, s)+": "+local(shift, zone)))
	}
	mine := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose a shift"), inputID(desk.FieldShift), firstOptions(own)...)
	mine.InitialOption = own[0]
	whose := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose a shift"), inputID(desk.FieldExchange), firstOptions(others)...)
	exchange := input(desk.FieldExchange, "In exchange for", whose)
	exchange.Hint = plain("Who has it is asked. Until they agree, nothing changes.")
	return modal(FormSwap, "Swap a shift", "Ask", Metadata{Squad: a.Squad},
		section(fmt.Sprintf("For *%s*.", slackformat.Escape(a.Squad))), input(desk.FieldShift, "Your shift", mine), exchange)
}

// nameOf is a name in plain text.
func nameOf(person string, s Scene) string { return slackformat.OneLine(s.Names(person)) }

// mostListOptions is how many options a list takes.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
const mostListOptions = 100

func firstOptions(all []*slack.OptionBlockObject) []*slack.OptionBlockObject {
	return all[:min(len(all), mostListOptions)]
}

func shiftOption(s duty.Shift, label string) *slack.OptionBlockObject {
	return option(fmt.Sprintf("%s %d %d", s.Person, s.From.Unix(), s.Until.Unix()), label)
}

// readShift is the shift of an option; the zero Shift for another text.
func readShift(value string) duty.Shift {
	var person string
	var from, until int64
	if n, err := fmt.Sscanf(value, "%s %d %d", &person, &from, &until); err != nil || n != 3 {
		return duty.Shift{}
	}
	if from == (time.Time{}).Unix() {
		return duty.Shift{Person: person}
	}
	return duty.Shift{Person: person, From: time.Unix(from, 0).UTC(), Until: time.Unix(until, 0).UTC()}
}

func local(s duty.Shift, zone *time.Location) string {
	const layout = "Mon 2 Jan 15:04"
	return s.From.In(zone).Format(layout) + " to " + s.Until.In(zone).Format(layout)
}

// AskedSwap is what was filled in by somebody, in a form with a key.
func AskedSwap(s State, meta Metadata, by, key string) desk.Swap {
	gives, takes := readShift(s.Choice(desk.FieldShift)), readShift(s.Choice(desk.FieldExchange))
	gives.Person = by
	swap := desk.Swap{Key: key, Squad: meta.Squad, Swap: duty.Swap{Gives: gives, To: takes.Person}}
	if !takes.From.IsZero() {
		swap.Takes = takes
	}
	return swap
}
