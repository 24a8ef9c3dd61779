package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// OffDuty tells somebody who has come on duty after them, and asks for a note to that person.
func OffDuty(n desk.Notice, f desk.Figures, s Scene) slackformat.Message {
	s.Direct = true
	squad, next := slackformat.Escape(n.Squad), s.name(n.Actor)
	return say(fmt.Sprintf("%s is on duty for %s now. %s Each stays with its owner. Is there something that %s should know?", next, squad, openWords(f), next),
		dutyButton(NoteID, n.Squad, "Write a note…"))
}

// DutyNote is a note to who is on duty.
func DutyNote(n desk.Notice, s Scene) slackformat.Message {
	s.Direct = true
	m := say(fmt.Sprintf("A note from %s, for who is on duty for %s:", s.name(n.Actor), slackformat.Escape(n.Squad)))
	m.Blocks = append(m.Blocks, quote(n.Text))
	return m
}

// DutyNoteForm asks for a note to who is on duty for a squad.
func DutyNoteForm(squad string) Modal {
	const longest = 2000
	return modal(FormDutyNote, "A note", "Send", Metadata{Squad: squad},
		section(fmt.Sprintf("It goes to who is on duty for *%s* now.", slackformat.Escape(squad))),
		input(desk.FieldNote, "What should they know?", textInput(desk.FieldNote, "", longest)))
}
