package desk

import (
	"context"
	"slices"
	"sync"
	"time"

	"supporty/internal/ticket"
)

// recent keeps the records that this copy loaded or decided last, as they are stored, so
// that the next change of a ticket needs no query. A record in it is right if its version is
// the stored one: the version counts every change of what a record shows. Saving checks
// that, so nothing is ever decided on an old record. Only retention counts nothing: what it
// deletes belongs to tickets that ended long ago. The zero recent keeps nothing.
type recent struct {
	mu      sync.Mutex
	records generations[ticket.Number, Record]
	cards   generations[ticket.Message, ticket.Number] // a card's ticket never changes
	turned  time.Time                                  // when the records last grew older

	waiting map[ticket.Number]map[chan<- ticket.Message]bool // for cards
}

const (
	mostRecords = 1000 // of a generation
	mostCards   = 5000
	recordsFor  = 5 * time.Minute // and up to twice that
)

func newRecent() *recent {
	return &recent{
		records: generations[ticket.Number, Record]{most: mostRecords},
		cards:   generations[ticket.Message, ticket.Number]{most: mostCards},
	}
}

func (m *recent) record(n ticket.Number) (Record, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.records.get(n)
}

// keep keeps a record, unless a newer one is known.
func (m *recent) keep(r Record) {
	r.Timeline, r.Alerts, r.Posted = slices.Clip(r.Timeline), slices.Clip(r.Alerts), slices.Clip(r.Posted)
	m.mu.Lock()
	defer m.mu.Unlock()
	n := r.Ticket.Number
	if known, ok := m.records.get(n); ok && known.Version > r.Version {
		return
	}
	m.records.put(n, r)
	if r.Card.TS != "" {
		m.cards.put(r.Card, n)
	}
}

func (m *recent) forget(n ticket.Number) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records.remove(n)
}

func (m *recent) forgetRecords() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.records.young, m.records.old = nil, nil
}

// card returns the ticket whose card a message is or was, or 0 if that is not known.
func (m *recent) card(at ticket.Message) ticket.Number {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, _ := m.cards.get(at)
	return n
}

func (m *recent) keepCard(at ticket.Message, n ticket.Number) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cards.put(at, n)
}

// awaitCard has the card of a ticket told to a channel. If it is known already, it is told at
// once.
func (m *recent) awaitCard(n ticket.Number, c chan<- ticket.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.records.get(n); ok && r.Card.TS != "" {
		c <- r.Card
		return
	}
	if m.waiting == nil {
		m.waiting = map[ticket.Number]map[chan<- ticket.Message]bool{}
	}
	if m.waiting[n] == nil {
		m.waiting[n] = map[chan<- ticket.Message]bool{}
	}
	m.waiting[n][c] = true
}

func (m *recent) awaitCardNoMore(n ticket.Number, c chan<- ticket.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.waiting[n], c)
	if len(m.waiting[n]) == 0 {
		delete(m.waiting, n)
	}
}

func (m *recent) tellCard(at ticket.Message, n ticket.Number) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c := range m.waiting[n] {
		c <- at
	}
	delete(m.waiting, n)
}

// age drops records that nobody has used for some minutes.
func (m *recent) age(now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now.Sub(m.turned) >= recordsFor {
		m.records.turn()
		m.turned = now
	}
}

// generations is a map of limited size: when the younger half is full, the older is dropped.
type generations[K comparable, V any] struct {
	young, old map[K]V
	most       int
}

func (g *generations[K, V]) get(k K) (V, bool) {
	if v, ok := g.young[k]; ok {
		return v, true
	}
	v, ok := g.old[k]
	return v, ok
}

func (g *generations[K, V]) put(k K, v V) {
	if g.most == 0 {
		return
	}
	if len(g.young) >= g.most {
		g.turn()
	}
	if g.young == nil {
		g.young = map[K]V{}
	}
	g.young[k] = v
	delete(g.old, k)
}

func (g *generations[K, V]) remove(k K) {
	delete(g.young, k)
	delete(g.old, k)
}

func (g *generations[K, V]) turn() { g.old, g.young = g.young, nil }

// Known returns a ticket as it is in a version or a newer one, from memory if it is there, else
// loaded. A version of 0 is not known.
func (d *Desk) Known(ctx context.Context, n ticket.Number, version int64) (Record, error) {
	if r, ok := d.recent.record(n); ok && version > 0 && r.Version >= version {
		return d.compute(ctx, r)
	}
	return d.Find(ctx, n)
}

// NotePosted tells the desk that messages of a ticket were recorded as posted for the first
// time, all in one step, by which the ticket got a version. What is remembered of the ticket
// follows if it is the version before; else it is forgotten. Of each message its ID, Kind, At,
// PostedAt and Aloud count.
func (d *Desk) NotePosted(n ticket.Number, version int64, messages ...Posted) {
	r, ok := d.recent.record(n)
	ok = ok && r.Version == version-1
	r.Posted, r.Version = slices.Clone(r.Posted), version
	for _, p := range messages {
		if p.Kind == NoticeCard {
			d.recent.keepCard(p.At, n)
			d.recent.tellCard(p.At, n)
			r.Card = p.At
			continue
		}
		ok = r.posted(p) && ok
	}
	if !ok {
		d.recent.forget(n)
		return
	}
	d.recent.keep(r)
}

// posted sets where one of the messages stands, and reports whether there is such a message.
func (r Record) posted(p Posted) bool {
	i := slices.IndexFunc(r.Posted, func(q Posted) bool { return q.ID == p.ID })
	if i < 0 {
		return false
	}
	q := &r.Posted[i]
	q.At, q.PostedAt, q.Aloud = p.At, micros(p.PostedAt), q.Aloud || p.Aloud
	return true
}

// ForgetRecords forgets what is remembered of tickets. It is for when versions may not tell
// what has changed: another program, or the version before, has sent messages, or the
// database may have lost changes.
func (d *Desk) ForgetRecords() { d.recent.forgetRecords() }

// AgeRecords drops what nobody has used for some minutes.
func (d *Desk) AgeRecords(now time.Time) { d.recent.age(now) }

// CardPosted returns a channel that receives where a ticket's card stands, once this copy has
// posted it. Call stop when it is not needed any more.
func (d *Desk) CardPosted(n ticket.Number) (posted <-chan ticket.Message, stop func()) {
	c := make(chan ticket.Message, 1)
	d.recent.awaitCard(n, c)
	return c, func() { d.recent.awaitCardNoMore(n, c) }
}

// latest returns a ticket as it is remembered, or else as it is stored, and whether it is
// only remembered.
func (d *Desk) latest(ctx context.Context, n ticket.Number) (r Record, remembered bool, err error) {
	if stored, ok := d.recent.record(n); ok {
		r, err = d.compute(ctx, stored)
		return r, true, err
	}
	r, err = d.Find(ctx, n)
	return r, false, err
}
