package desk

import (
	"context"

	"supporty/internal/ticket"
)

// Escalate asks others to look at a ticket and tells them why. It changes nothing about
// the ticket, and ends no other escalation.
func (d *Desk) Escalate(ctx context.Context, g Gesture, to []string, why string) (Record, error) {
	why = clean(why)
	switch {
	case len(to) == 0:
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose who should look at it.").At(FieldPerson)
	case why == "":
		return Record{}, ticket.Errorf(ticket.Invalid, "Say why: whoever you choose reads it.").At(FieldReason)
	}
	for _, recipient := range to {
		if err := d.reachable(ctx, g.Actor, RecipientPerson.Of(recipient)); err != nil {
			return Record{}, err
		}
	}
	return d.do(ctx, g, ticket.Escalated, ticket.Details{Notify: to, Note: why})
}

// reachable refuses people to whom nothing can be escalated. The empty id is nobody.
func (d *Desk) reachable(ctx context.Context, actor, id string) error {
	p, err := d.actor(ctx, id)
	switch {
	case err != nil:
		return err
	case id != "" && id == actor:
		return ticket.Errorf(ticket.Invalid, "Choose somebody else than yourself.").At(FieldPerson)
	case p.Deactivated || p.Bot:
		return ticket.Errorf(ticket.Invalid, "{name} cannot be reached. Choose somebody else.").About(id).At(FieldPerson)
	}
	return nil
}
