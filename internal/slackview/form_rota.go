package slackview

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
)

// RotaForm asks who takes turns in a squad, how long, and when.
func RotaForm(d desk.RotaDraft, from desk.RotaSource, s Scene) Modal {
	return rotaForm(d, madeWords(d.Squad, from, s), from.Replaces(), nil)
}

// RotaShownForm is the form as it was filled in, with what that comes to. Sent again as it is, it counts.
func RotaShownForm(d desk.RotaDraft, shown desk.RotaShown, from desk.RotaSource, s Scene) Modal {
	return rotaForm(d, shownWords(shown, s), from.Replaces(), &shown)
}

func rotaForm(d desk.RotaDraft, head string, offersSettings bool, shown *desk.RotaShown) Modal {
	meta, submit := Metadata{Squad: d.Squad}, "Show"
	if shown != nil {
		meta.Rota, submit = markOf(d), "Save"
	}
	blocks := []slack.Block{section(head)}
	blocks = append(blocks, rotaInputs(d)...)
	if offersSettings {
		again := option("settings", "The rota of the settings counts again")
		box := slack.NewCheckboxGroupsBlockElement(inputID(desk.FieldSettings), again)
		if d.Settings {
			box.InitialOptions = []*slack.OptionBlockObject{again}
		}
		blocks = append(blocks, optional(input(desk.FieldSettings, "Instead", box), "From now on. What is above does not count then."))
	}
	return modal(FormRota, "Rota of "+slackformat.OneLine(d.Squad), submit, meta, blocks...)
}

func rotaInputs(d desk.RotaDraft) []slack.Block {
	people := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plain("Choose people"), inputID(desk.FieldPeople))
	people.InitialUsers = d.People
	who := input(desk.FieldPeople, "Who takes turns, in this order?", people)
	who.Hint = plain("They are in the squad.")
	turn := input(desk.FieldTurn, "How long is a turn?", slack.NewPlainTextInputBlockElement(nil, inputID(desk.FieldTurn)).WithMaxLength(20).WithInitialValue(d.Turn))
	turn.Hint = plain("From 30m to 12 weeks: 1 week, 2 days, 12h.")
	days := []*slack.OptionBlockObject{option(dayValue(-1), "Every day")}
	for day := range 7 {
		weekday := (time.Monday + time.Weekday(day)) % 7
		days = append(days, option(dayValue(int(weekday)), weekday.String()))
	}
	at := slack.NewTimePickerBlockElement(inputID(desk.FieldTime))
	at.InitialTime = fmt.Sprintf("%02d:%02d", d.Minute/60, d.Minute%60)
	zone := input(desk.FieldZone, "In which time zone?", slack.NewPlainTextInputBlockElement(nil, inputID(desk.FieldZone)).WithMaxLength(60).WithInitialValue(d.Zone))
	zone.Hint = plain("A name like Europe/London or UTC.")
	during := []*slack.OptionBlockObject{
		option(string(duty.DuringAlways), "Always"), option(string(duty.DuringDesk), "While the desk is open"),
		option(string(duty.DuringOutside), "While the desk is closed"),
	}
	starts := slack.NewDatePickerBlockElement(inputID(desk.FieldStarts))
	starts.InitialDate = d.Starts.Format(time.DateOnly)
	from := input(desk.FieldStarts, "From which day on?", starts)
	from.Hint = plain("The first handover on or after that day begins the first turn.")
	return []slack.Block{
		who, turn,
		input(desk.FieldDay, "When are handovers?", choiceMenu(inputID(desk.FieldDay), "Choose a day", days, dayValue(d.Weekday))),
		input(desk.FieldTime, "At what time?", at), zone,
		input(desk.FieldDuring, "When is somebody on duty?", choiceMenu(inputID(desk.FieldDuring), "Choose one", during, string(d.During))), from,
	}
}

func dayValue(weekday int) string {
	if weekday < 0 {
		return "daily"
	}
	return strconv.Itoa(weekday)
}

// FilledRota is what was filled in by somebody, in a form with a key.
func FilledRota(s State, meta Metadata, by, key string) desk.RotaDraft {
	weekday := -1
	if n, err := strconv.Atoi(s.Choice(desk.FieldDay)); err == nil && n >= 0 && n < 7 {
		weekday = n
	}
	during := duty.During(s.Choice(desk.FieldDuring))
	if during != duty.DuringDesk && during != duty.DuringOutside {
		during = duty.DuringAlways
	}
	return desk.RotaDraft{
		Squad: meta.Squad, By: by, Key: key, Settings: slices.Contains(s.Choices(desk.FieldSettings), "settings"),
		People: s.Users(desk.FieldPeople), Turn: s.Text(desk.FieldTurn), Weekday: weekday, Minute: s.Minute(desk.FieldTime),
		Zone: s.Text(desk.FieldZone), During: during, Starts: s.Date(desk.FieldStarts),
	}
}

// WasShown reports whether the reader of a form was shown what a draft comes to.
func WasShown(d desk.RotaDraft, meta Metadata) bool { return meta.Rota == markOf(d) }

// markOf tells drafts apart.
func markOf(d desk.RotaDraft) string {
	d.By, d.Key = "", ""
	text, _ := json.Marshal(d) // texts, numbers and a time: cannot fail
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// shownWords tell who would be on duty.
func shownWords(r desk.RotaShown, s Scene) string {
	all := []string{fmt.Sprintf("From %s on. *Save* has it count; what was before stays as it was.", date(r.From))}
	for _, shift := range r.Shifts {
		all = append(all, bullet(onDuty(shift, s)+" until "+date(shift.Until)))
	}
	if r.More {
		all = append(all, "and so on")
	}
	return fitting(all, "\n")
}

// madeWords tell where the rota of a squad comes from.
func madeWords(squad string, from desk.RotaSource, s Scene) string {
	of := slackformat.Escape(squad)
	switch {
	case from.Made == nil && from.Settings:
		return fmt.Sprintf("The rota of %s is that of the settings. What you make here counts in its place.", of)
	case from.Made == nil:
		return fmt.Sprintf("%s has no rota yet.", of)
	}
	return madeBy(from, s) + " What you make here counts in its place."
}

// madeBy tells who made a rota, and since when it counts.
func madeBy(from desk.RotaSource, s Scene) string {
	m := from.Made
	if m.Settings {
		return fmt.Sprintf("Since %s the rota of the settings counts again: %s chose that.", date(m.From), s.name(m.MadeBy))
	}
	words := fmt.Sprintf("%s made this rota on %s. It counts from %s on", s.name(m.MadeBy), date(m.MadeAt), date(m.From))
	if from.Settings {
		words += ", in the place of that of the settings"
	}
	return words + "."
}

// RotaMade tells somebody that another rota counts, and when they are on duty by it; the zero shift if they are
// not in its next weeks.
func RotaMade(n desk.Notice, first duty.Shift, s Scene) slackformat.Message {
	squad := slackformat.Escape(n.Squad)
	what := fmt.Sprintf("%s made another rota for %s, from %s on.", s.name(n.Actor), squad, date(n.At))
	if n.Over {
		what = fmt.Sprintf("%s had the rota of the settings count again for %s, from %s on.", s.name(n.Actor), squad, date(n.At))
	}
	if first.Person == "" {
		return say(what + " You have no shift in its first weeks.")
	}
	when := " Your first shift is from " + date(first.From)
	if !first.Until.IsZero() {
		when += " until " + date(first.Until)
	}
	return say(strings.Join([]string{what, when + "."}, ""))
}
