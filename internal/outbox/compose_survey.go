package outbox

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"supporty/internal/desk"
)

// unaskable is the reason not to ask somebody how the help was; "" if there is none. Surveys of a
// person are sent one after the other, so an earlier one is known.
func (c *Composer) unaskable(ctx context.Context, i Item, now time.Time) (string, error) {
	p, err := c.People.Person(ctx, i.To)
	if err != nil {
		return "", fmt.Errorf("looking up whom to ask: %w", err)
	}
	asked, err := c.Store.Asked(ctx, i.To, i.Ticket, now.Add(-desk.SurveyEvery))
	if err != nil {
		return "", fmt.Errorf("looking for an earlier question: %w", err)
	}
	return cmp.Or(when(!p.CanRequest(), "they cannot be asked"), when(asked, "they were asked lately")), nil
}
