package outbox

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackview"
)

// composeThanks tells somebody who said thanks for their help. What they may not read any more is left out.
func (c *Composer) composeThanks(ctx context.Context, i Item, now time.Time) (Plan, error) {
	reader, err := c.People.Person(ctx, i.To)
	if err != nil {
		return Plan{}, fmt.Errorf("looking up who helped: %w", err)
	}
	var rows []slackview.ThankedRow
	for _, t := range i.Thanked {
		r, err := c.Desk.Find(ctx, t.Ticket)
		if err != nil {
			return Plan{}, fmt.Errorf("finding %s: %w", t.Ticket, err)
		}
		if desk.MayRead(reader, r.Ticket) {
			rows = append(rows, slackview.ThankedRow{Record: r, People: t.People})
		}
	}
	if len(rows) == 0 || reader.Deactivated || reader.Bot {
		return Plan{Drop: "nobody is left to be told, or nothing"}, nil
	}
	return Plan{Channel: i.To, Message: slackview.ThanksTo(rows, c.scene(ctx, now))}, nil
}
