package slackin

import (
	"context"
	"sync"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// shelf is a desk.Store in memory. before, if set, is asked first by every
// operation: it may block, panic, or return the operation's error.
type shelf struct {
	mu      sync.Mutex
	before  func(ctx context.Context, operation string) error
	records map[ticket.Number]desk.Record
	keys    map[string]desk.Opened
	cards   map[ticket.Message]ticket.Number
	posting bool
}

func newShelf() *shelf {
	return &shelf{
		records: map[ticket.Number]desk.Record{}, keys: map[string]desk.Opened{},
		cards: map[ticket.Message]ticket.Number{},
	}
}

// stand says where a ticket's card is.
func (s *shelf) stand(n ticket.Number, m ticket.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.records[n]
	r.Card, s.cards[m] = m, n
	s.records[n] = r
}

func (s *shelf) asks(before func(ctx context.Context, operation string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

func (s *shelf) ask(ctx context.Context, operation string) error {
	s.mu.Lock()
	before := s.before
	s.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(ctx, operation)
}

func (s *shelf) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.records)
}

func (s *shelf) Load(ctx context.Context, n ticket.Number) (desk.Record, error) {
	if err := s.ask(ctx, "load"); err != nil {
		return desk.Record{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.records[n]
	if !ok {
		return desk.Record{}, desk.ErrNotFound
	}
	return r, nil
}

func (s *shelf) Open(ctx context.Context, in desk.Submission, build func(ticket.Number) desk.Change) (desk.Opened, error) {
	if err := s.ask(ctx, "open"); err != nil {
		return desk.Opened{}, err
	}
	s.mu.Lock()
	out, known := s.keys[in.Key]
	n := ticket.Number(len(s.records) + 1)
	s.mu.Unlock()
	if known {
		return out, nil
	}
	c := build(n)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[in.Key] = desk.Opened{Number: n, Content: in.Content}
	s.put(c)
	return desk.Opened{Number: n, Fresh: true, Content: in.Content}, nil
}

func (s *shelf) Save(ctx context.Context, c desk.Change) error {
	if err := s.ask(ctx, "save"); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.keys[c.Key]; known {
		return desk.ErrDuplicate
	}
	s.keys[c.Key] = desk.Opened{Number: c.After.Ticket.Number}
	s.put(c)
	return nil
}

func (s *shelf) put(c desk.Change) {
	r := c.After
	r.Version++
	r.Timeline = append([]ticket.Entry(nil), r.Timeline...)
	for i := range r.Timeline {
		r.Timeline[i].ID = int64(i + 1)
	}
	s.records[r.Ticket.Number] = r
}

func (s *shelf) Due(context.Context, time.Time, int) ([]string, bool, error) {
	return nil, false, nil
}

func (s *shelf) Sweep(context.Context, time.Time, int, func(desk.Record) desk.Change) (int, error) {
	return 0, nil
}

func (s *shelf) Outdated(context.Context, int, int, func(desk.Record) desk.Change) (int, error) {
	return 0, nil
}

func (s *shelf) ByCard(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	if err := s.ask(ctx, "card"); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cards[m], nil
}

func (s *shelf) Posting(context.Context, string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posting, nil
}

func (s *shelf) ByInput(context.Context, string) (ticket.Number, error) { return 0, nil }

func (s *shelf) Similar(context.Context, string, desk.Period) ([]desk.Similar, error) {
	return nil, nil
}

func (s *shelf) ByNotice(context.Context, ticket.Message) (ticket.Number, error) { return 0, nil }

func (s *shelf) AskedBy(context.Context, string, time.Time) ([]ticket.Number, error) { return nil, nil }

func (s *shelf) Apart(context.Context, string, string, time.Time, func([]desk.Posted) desk.Aside) error {
	return nil
}

func (s *shelf) Schedule(context.Context, string, func(desk.Schedule) (desk.Schedule, []desk.Notice)) error {
	return nil
}

func (s *shelf) List(ctx context.Context, _ desk.Filter) ([]desk.Summary, int, error) {
	return nil, 0, s.ask(ctx, "list")
}

// promise is one policy for ever.
type promise struct{}

func (promise) Current() int { return 1 }

func (promise) Policy(context.Context, int) (sla.Policy, error) {
	return sla.Policy{Targets: sla.Targets{2: {Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75}}}, nil
}
