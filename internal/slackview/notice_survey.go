package slackview

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// survey asks the requester whether the ticket is fixed, and then how the help was. Later it shows
// what they said. A reopening withdraws it.
func survey(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	rating := r.Ticket.Rating(n.Cycle)
	switch {
	case rating.Now() > 0:
		return thanked(n, rating, r, s)
	case !r.Pressable(n):
		return say(commaTitled(r, s) + " was reopened, so this needs no answer.")
	case rating.Cycle == 0:
		return say(commaTitled(r, s)+": is it fixed?", button(ActionFixed, r.Ticket.Number), buttonSaying(ActionReopen, "Not yet: reopen it", r.Ticket.Number))
	}
	var stars []slack.BlockElement
	for i := range ticket.MostStars {
		stars = append(stars, buttonSaying(starsPrefix+strconv.Itoa(i+1), strconv.Itoa(i+1), r.Ticket.Number))
	}
	m := say(fmt.Sprintf("%s: fixed. How was the help, from 1 (poor) to %d (great)?", commaTitled(r, s), ticket.MostStars), stars...)
	m.Blocks = append(m.Blocks, smallPrint("Optional; you can change it for 7 days. "+whoReads(r, "", s)))
	return m
}

// showSurvey is the survey about the present solution, where an answer to it was pressed.
func showSurvey(r desk.Record, s Scene) slackformat.Message {
	s.Direct = true
	return survey(desk.Notice{Kind: desk.NoticeSurvey, To: r.Ticket.Requester, NoticeDetails: desk.NoticeDetails{At: r.Ticket.EndedAt, Cycle: r.Ticket.Cycle}}, r, s)
}

// thanked shows the requester what they said, and until when they can change it.
func thanked(n desk.Notice, rating ticket.Rating, r desk.Record, s Scene) slackformat.Message {
	text := fmt.Sprintf("You gave %s, %s.", commaTitled(r, s), stars(rating))
	if rating.Telling() {
		text += " " + s.name(r.Helper()) + " hears of it."
	}
	if lead := askedToFollowUp(n.Cycle, r); lead != "" && rating.FollowUp {
		text += " " + s.name(lead) + " is asked to look at it."
	}
	until := rating.RatedAt.Add(ticket.RateWindow)
	switch {
	case !r.Pressable(n):
		return say(text + " It was reopened since.")
	case s.Now.After(until):
		return say(text)
	}
	m := say(text, button(ActionRate, r.Ticket.Number))
	m.Blocks = append(m.Blocks, smallPrint(fmt.Sprintf("You can change it until %s.", date(until))))
	return m
}

// stars are those that count, and those before: "5 of 5 stars (1 → 5)".
func stars(rating ticket.Rating) string {
	said := fmt.Sprintf("%d of %d stars", rating.Now(), ticket.MostStars)
	if len(rating.Stars) < 2 {
		return said
	}
	var all []string
	for _, n := range rating.Stars {
		all = append(all, strconv.Itoa(n))
	}
	return fmt.Sprintf("%s (%s)", said, strings.Join(all, " → "))
}

// whoReads tells the requester who reads what they say. lead is whom they can ask to look at it.
func whoReads(r desk.Record, lead string, s Scene) string {
	helper := s.name(r.Helper())
	if lead == "" {
		return fmt.Sprintf("%s reads one or two stars, and words that you add. Nobody else does: the desk's numbers count stars without names.", helper)
	}
	return fmt.Sprintf("%s reads one or two stars, and words that you add. %s reads them only if you ask for it, and nobody else does: the desk's numbers count stars without names.", helper, s.name(lead))
}

// commaTitled is the ticket's number and title: "#42, Checkout fails for US cards".
func commaTitled(r desk.Record, s Scene) string {
	if r.Ticket.Title == "" || s.MayNotRead {
		return number(r, s)
	}
	return number(r, s) + ", " + slackformat.Escape(slackformat.Clip(slackformat.OneLine(r.Ticket.Title), mostTitle))
}

// askedToFollowUp is who was asked to look at a cycle; "" for nobody.
func askedToFollowUp(cycle int, r desk.Record) string {
	for _, p := range r.Posted {
		if p.Kind == desk.NoticeFollowUp && p.Cycle == cycle {
			return p.To
		}
	}
	return ""
}

// rated tells whose help it was of few stars and of words. When the stars change, it shows all of
// them.
func rated(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	rating := r.Ticket.Rating(n.Cycle)
	m := withWord(fmt.Sprintf("%s gave %s, %s.", s.name(n.Actor), commaTitled(r, s), stars(rating)), rating.Word)
	others := "Nobody else is told."
	if lead := askedToFollowUp(n.Cycle, r); lead != "" {
		others = "Nobody else is told but " + s.name(lead) + ", whom " + s.name(n.Actor) + " asked to look at it."
	}
	m.Blocks = append(m.Blocks, smallPrint(others))
	return m
}

// followUp asks the lead to look at a ticket.
func followUp(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	rating := r.Ticket.Rating(n.Cycle)
	if s.Obsolete {
		return say(fmt.Sprintf("%s asked you to look at %s, and no longer does.", s.name(n.Actor), commaTitled(r, s)))
	}
	return withWord(fmt.Sprintf("%s asks you to look at %s, which got %s.", s.name(n.Actor), commaTitled(r, s), stars(rating)), rating.Word)
}

func withWord(line, word string) slackformat.Message {
	if word == "" {
		return say(line)
	}
	return withQuote(line, word)
}

// openRate opens the form in which the requester changes what they said.
func openRate(ctx context.Context, d *desk.Desk, o Opening) (Modal, error) {
	r, err := d.Read(ctx, o.Ticket, o.Person)
	if err != nil {
		return Modal{}, err
	}
	if err := r.Rateable(o.Person, o.Scene.Now); err != nil {
		return Modal{}, err
	}
	lead, err := d.Lead(ctx, r)
	if err != nil {
		return Modal{}, err
	}
	return RateForm(r, lead, o.Scene), nil
}

func sendRate(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, _ FormParams) (desk.Record, error) {
	return d.Rate(ctx, by, desk.Opinion{
		Stars: starsIn(s.Choice(desk.FieldStars)), Word: s.Text(desk.FieldNote), FollowUp: len(s.Choices(desk.FieldFollowUp)) > 0,
	})
}

func rate(ctx context.Context, d *desk.Desk, by desk.Gesture, a Action) (desk.Record, error) {
	return d.Rate(ctx, by, desk.Opinion{Stars: starsIn(a.Argument)})
}

// starsIn reads a number of stars; 0 if it is none.
func starsIn(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > ticket.MostStars {
		return 0
	}
	return n
}

// RateForm asks how the help was. It offers to ask the lead to look at it, if there is one.
func RateForm(r desk.Record, lead string, s Scene) Modal {
	rating := r.Ticket.Rating(r.Ticket.Cycle)
	var options []*slack.OptionBlockObject
	for i := range ticket.MostStars {
		options = append(options, option(strconv.Itoa(i+1), many(i+1, "star", "stars")))
	}
	by := slack.NewRadioButtonsBlockElement(inputID(desk.FieldStars), options...)
	if now := rating.Now(); now > 0 {
		by.InitialOption = options[now-1]
	}
	blocks := []slack.Block{
		input(desk.FieldStars, "How was the help, from 1 (poor) to 5 (great)?", by),
		optional(input(desk.FieldNote, "In your own words", textInput(desk.FieldNote, rating.Word, mostNote)), "What helped, or what was missing."),
	}
	if lead != "" {
		blocks = append(blocks, followUpInput(rating, s.Names(lead)))
	}
	return modal(FormRate, fmt.Sprintf("Help with %s", r.Ticket.Number), "Save", Metadata{Ticket: r.Ticket.Number},
		append(blocks, smallPrint(whoReads(r, lead, s)))...)
}

func followUpInput(rating ticket.Rating, lead string) slack.Block {
	please := option("yes", "Please follow up")
	box := &slack.CheckboxGroupsBlockElement{Type: slack.METCheckboxGroups, ActionID: inputID(desk.FieldFollowUp), Options: []*slack.OptionBlockObject{please}}
	if rating.FollowUp {
		box.InitialOptions = box.Options
	}
	return optional(input(desk.FieldFollowUp, "Should somebody look at it?", box), slackformat.Clip(lead, longestPerson)+" reads your stars and your words then.")
}
