package importing

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// maxKey is the longest key of a ticket, in bytes.
const maxKey = 200

// Ticket is the ticket that a row describes. The error is a sentence about what is wrong.
func (r Row) Ticket() (desk.Imported, error) {
	if r.Wrong != "" {
		return desk.Imported{}, ticket.Errorf(ticket.Invalid, "%s", r.Wrong)
	}
	i := desk.Imported{
		Content:   desk.Content{Title: r.Cells["title"], Text: r.Cells["text"], Category: strings.TrimSpace(r.Cells["category"])},
		Key:       strings.TrimSpace(cmp.Or(r.Cells["external_id"], r.Cells["number"])),
		Requester: strings.TrimSpace(r.Cells["requester"]), Owner: strings.TrimSpace(r.Cells["owner"]),
	}
	if i.Key == "" || len(i.Key) > maxKey {
		return i, ticket.Errorf(ticket.Invalid, "It has no external_id, or one that is longer than %d bytes.", maxKey)
	}
	for _, name := range required {
		if strings.TrimSpace(r.Cells[name]) == "" && name != "ended_at" {
			return i, ticket.Errorf(ticket.Invalid, "It has no %s.", name)
		}
	}
	var err error
	if i.Priority, err = ticket.ParsePriority(r.Cells["priority"]); err != nil {
		return i, ticket.Errorf(ticket.Invalid, "Its priority is none of P1, P2 and P3.")
	}
	if err := r.times(&i); err != nil {
		return i, err
	}
	return i, r.end(&i)
}

func (r Row) times(i *desk.Imported) error {
	for _, read := range []struct {
		name string
		into *time.Time
	}{{"opened_at", &i.OpenedAt}, {"answered_at", &i.AnsweredAt}, {"ended_at", &i.EndedAt}} {
		text := strings.TrimSpace(r.Cells[read.name])
		if text == "" {
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || at.Year() < 1990 {
			return ticket.Errorf(ticket.Invalid, "Its %s is not a time with its zone, such as 2026-10-01T09:30:00Z.", read.name)
		}
		*read.into = at.UTC()
	}
	return nil
}

// end reads how it ended.
func (r Row) end(i *desk.Imported) error {
	i.Solution, i.CloseReason = ticket.Solution(r.word("solution")), ticket.CloseReason(r.word("close_reason"))
	switch state := r.word("state"); state {
	case "", string(ticket.StateResolved):
	case string(ticket.StateClosed):
		i.Closed = true
	default:
		if !i.EndedAt.IsZero() {
			return ticket.Errorf(ticket.Invalid, "Its state is %q; what has ended is resolved or closed.", state)
		}
	}
	switch {
	case i.Solution != "" && !i.Solution.Valid():
		return ticket.Errorf(ticket.Invalid, "Its solution is none of %s.", list(ticket.Solutions))
	case i.CloseReason != "" && !i.CloseReason.Valid():
		return ticket.Errorf(ticket.Invalid, "Its close_reason is none of %s.", list(ticket.CloseReasons))
	case i.Closed && i.Solution != "", !i.Closed && i.CloseReason != "":
		return ticket.Errorf(ticket.Invalid, "What is resolved has a solution, and what is closed a close_reason.")
	}
	return nil
}

func (r Row) word(column string) string { return strings.ToLower(strings.TrimSpace(r.Cells[column])) }

func list[T any](all []T) string {
	return strings.Join(strings.Fields(strings.Trim(fmt.Sprint(all), "[]")), ", ")
}
