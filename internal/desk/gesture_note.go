package desk

import (
	"context"

	"supporty/internal/ticket"
)

// Note writes something down in the ticket's timeline. Whoever may read the ticket can
// read it there. It is told to nobody, and changes nothing else.
func (d *Desk) Note(ctx context.Context, g Gesture, note string) (Record, error) {
	note = clean(note)
	if note == "" {
		return Record{}, ticket.Errorf(ticket.Invalid, "Write what is to be noted.").At(FieldNote)
	}
	return d.do(ctx, g, ticket.Noted, ticket.Details{Note: note})
}
