package desk

import (
	"context"

	"supporty/internal/ticket"
)

// Class says which kind of work a ticket is, if it is another one than its category's; "" takes that
// back. Nobody is asked when they solve a ticket: leads correct what they look at.
func (d *Desk) Class(ctx context.Context, g Gesture, work ticket.Work) (Record, error) {
	return d.do(ctx, g, ticket.Classed, ticket.Details{Work: work})
}
