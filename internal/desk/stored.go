package desk

import (
	"encoding/json"
	"slices"

	"supporty/internal/ticket"
)

// IDs are what the database gives to the rows of a change.
type IDs struct {
	Entries []int64  // ids of Change.New, in its order
	Notices []string // ids of the new notices of Change.Outgoing, in its order
}

// stored returns the record after the change, as it would be loaded.
func (c Change) stored(ids IDs) Record {
	r := c.After
	r.Version++
	r.Timeline = slices.Clone(r.Timeline)
	fresh := 0
	for i := range r.Timeline {
		if e := &r.Timeline[i]; e.ID == 0 && fresh < len(ids.Entries) {
			e.ID, e.Details = ids.Entries[fresh], asStored(e.Details)
			fresh++
		}
	}
	r.Posted = slices.Clone(r.Posted)
	for i := range r.Posted {
		if p := &r.Posted[i]; slices.ContainsFunc(c.Reworded, func(q Posted) bool { return q.ID == p.ID }) {
			p.NoticeDetails = asStored(p.NoticeDetails)
		}
	}
	notices, _ := c.Outgoing()
	for i, id := range ids.Notices {
		n := notices[i]
		r.Posted = append(r.Posted, Posted{ID: id, Kind: n.Kind, To: n.To, DueAt: n.DueAt, NoticeDetails: asStored(n.NoticeDetails)})
	}
	return r
}

// remember keeps the record after a change for the next one. It keeps nothing of a change
// that is more than an addition.
func (d *Desk) remember(c Change, r Record) {
	if len(c.Revoid)+len(c.Alerts)+len(c.Untrue) > 0 || c.Redaction != nil || c.Card == CardNew && c.After.Version > 0 {
		d.recent.forget(r.Ticket.Number)
		return
	}
	d.recent.keep(Record{
		Ticket: ticket.Ticket{Number: r.Ticket.Number}, Timeline: r.Timeline, Alerts: r.Alerts, Posted: r.Posted,
		Version: r.Version, Policy: r.Policy, Card: r.Card,
	})
}

// asStored returns a value as it is read from the database, which has it as JSON.
func asStored[T any](v T) T {
	var read T
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &read)
	}
	if err != nil {
		return v // it was stored, so this does not happen
	}
	return read
}
