package desk

import (
	"context"
	"errors"

	"supporty/internal/ticket"
)

// errAlready is the cause of the answer to a strict gesture that changes nothing.
var errAlready = errors.New("it is so already")

// unlessDone answers a gesture that was not possible. If it asks for the present state,
// that is an error only for a strict gesture, and never for the same gesture sent
// twice.
func (d *Desk) unlessDone(ctx context.Context, g Gesture, e ticket.Entry, t ticket.Ticket, refusal error) error {
	if !ticket.Same(refusal) {
		return refusal
	}
	so := already(e, t)
	if !g.Strict || so == nil {
		return nil
	}
	if n, err := d.index.ByInput(ctx, g.Key); n != 0 || err != nil {
		return orUnavailable(err, "looking for a gesture")
	}
	return so.Because(errAlready)
}

// already tells the actor that the ticket is in that state already; nil if their
// gesture held no words that would be lost.
func already(e ticket.Entry, t ticket.Ticket) *ticket.Error {
	switch e.Kind {
	case ticket.Claimed:
		return ticket.Errorf(ticket.Conflict, "You already have %s.", t.Number)
	case ticket.PutBack:
		return ticket.Errorf(ticket.Conflict, "%s already has no owner.", t.Number)
	case ticket.HandedOver:
		if e.Assignee == e.Actor {
			return ticket.Errorf(ticket.Conflict, "You already have %s.", t.Number).At(FieldAssignee)
		}
		return ticket.Errorf(ticket.Conflict, "{name} already has %s.", t.Number).About(e.Assignee).At(FieldAssignee)
	case ticket.Resolved:
		if t.EndedBy == e.Actor {
			return ticket.Errorf(ticket.Conflict, "You have already resolved %s.", t.Number)
		}
		return ticket.Errorf(ticket.Conflict, "{name} has already resolved %s.", t.Number).About(t.EndedBy)
	case ticket.Closed:
		if t.CloseReason == ticket.Duplicate {
			return ticket.Errorf(ticket.Conflict, "%s is already closed, as a duplicate of %s.", t.Number, t.DuplicateOf)
		}
		return ticket.Errorf(ticket.Conflict, "%s is already closed.", t.Number)
	case ticket.Reprioritised:
		return ticket.Errorf(ticket.Conflict, "%s already has priority %s. Choose another one.", t.Number, t.Priority).At(FieldPriority)
	case ticket.Resumed:
		return ticket.Errorf(ticket.Conflict, "%s is not paused: its clock is running.", t.Number)
	case ticket.Followed:
		return ticket.Errorf(ticket.Conflict, "You already follow %s.", t.Number)
	case ticket.Unfollowed:
		return ticket.Errorf(ticket.Conflict, "You do not follow %s.", t.Number)
	case ticket.Reopened:
		return ticket.Errorf(ticket.Conflict, "%s is already open again.", t.Number)
	default:
		return nil
	}
}
