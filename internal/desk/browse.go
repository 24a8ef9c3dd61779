package desk

import (
	"context"

	"supporty/internal/ticket"
)

// Browsed is a page of tickets, the newest first.
type Browsed struct {
	Tickets  []Summary
	More     bool // there are older ones
	Narrower bool // they asked for more, but may see only what is theirs
}

// MostBrowsed is how many tickets a page has at most.
const MostBrowsed = 500

// Browse returns the newest tickets that a filter selects, as far as the reader may see them:
// those below a number, or all if it is 0. A page has as many as the filter's limit says, at most
// MostBrowsed. The number of the last one leads to the next page, whatever was opened meanwhile.
func (d *Desk) Browse(ctx context.Context, reader string, f Filter, below ticket.Number) (Browsed, error) {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return Browsed{}, err
	}
	page := Browsed{}
	if f.Limit < 1 || f.Limit > MostBrowsed {
		f.Limit = MostBrowsed
	}
	limit := f.Limit
	f, page.Narrower = d.visibleTo(p, f)
	f.Limit++
	page.Tickets, err = d.lists.Browse(ctx, f, below)
	if err != nil {
		return Browsed{}, orUnavailable(err, "listing tickets")
	}
	if page.More = len(page.Tickets) > limit; page.More {
		page.Tickets = page.Tickets[:limit]
	}
	hideWithheld(page.Tickets)
	return page, nil
}

// LooksAfter returns an error unless a person may see the pages for leads: who leads a squad, and
// operators. Which tickets they see there is what they may read (MayRead).
func (d *Desk) LooksAfter(ctx context.Context, reader string) error {
	p, err := d.actor(ctx, reader)
	if err != nil {
		return err
	}
	return allow(MayLookAfter(p), "This page is for those who lead a squad, and for operators.")
}

// MayLookAfter reports whether a person may see the pages for leads.
func MayLookAfter(p Person) bool {
	return p.ID != "" && (len(p.Leads) > 0 || p.Operator) && !p.Deactivated && !p.External && !p.Bot && !p.OwnOnly
}
