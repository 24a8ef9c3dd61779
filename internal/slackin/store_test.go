package slackin

import (
	"context"
	"fmt"
	"sync"
	"time"

	"supporty/internal/deploy"
	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// memoryStore is a desk.Store in memory. Every operation calls before first, if it is
// set: before may block, panic, or return the error of the operation.
type memoryStore struct {
	mu      sync.Mutex
	before  func(ctx context.Context, operation string) error
	records map[ticket.Number]desk.Record
	keys    map[string]desk.Opened
	cards   map[ticket.Message]ticket.Number
	posting bool
	ids     int64
}

func newMemoryStore() *memoryStore {
	return &memoryStore{
		records: map[ticket.Number]desk.Record{}, keys: map[string]desk.Opened{},
		cards: map[ticket.Message]ticket.Number{},
	}
}

// stand records where a ticket's card is.
func (s *memoryStore) stand(n ticket.Number, m ticket.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.records[n]
	r.Card, s.cards[m] = m, n
	r.Version++
	s.records[n] = r
}

func (s *memoryStore) asks(before func(ctx context.Context, operation string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

func (s *memoryStore) ask(ctx context.Context, operation string) error {
	s.mu.Lock()
	before := s.before
	s.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(ctx, operation)
}

func (s *memoryStore) Deployment(context.Context, ticket.DeploymentID) (deploy.Deployment, error) {
	return deploy.Deployment{}, nil
}

func (s *memoryStore) Deployments(context.Context, string, time.Time, int) ([]deploy.Deployment, error) {
	return nil, nil
}

func (s *memoryStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.records)
}

func (s *memoryStore) Load(ctx context.Context, n ticket.Number) (desk.Record, error) {
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

func (s *memoryStore) Open(ctx context.Context, in desk.Submission, c desk.Change) (desk.Opened, error) {
	if err := s.ask(ctx, "open"); err != nil {
		return desk.Opened{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if out, known := s.keys[in.Key]; known {
		return out, nil
	}
	n := ticket.Number(len(s.records) + 1)
	s.keys[in.Key] = desk.Opened{Number: n, Content: in.Content}
	return desk.Opened{Number: n, Fresh: true, Content: in.Content, IDs: s.put(c.Numbered(n))}, nil
}

func (s *memoryStore) SaveAll(ctx context.Context, changes []desk.Change) error {
	for _, c := range changes {
		if _, err := s.Save(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

func (s *memoryStore) Save(ctx context.Context, c desk.Change) (desk.IDs, error) {
	if err := s.ask(ctx, "save"); err != nil {
		return desk.IDs{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.keys[c.Key]; known {
		return desk.IDs{}, desk.ErrDuplicate
	}
	s.keys[c.Key] = desk.Opened{Number: c.After.Ticket.Number}
	return s.put(c), nil
}

func (s *memoryStore) put(c desk.Change) (ids desk.IDs) {
	r := c.After
	r.Version++
	r.Timeline = append([]ticket.Entry(nil), r.Timeline...)
	for i := range r.Timeline {
		if r.Timeline[i].ID == 0 {
			s.ids++
			r.Timeline[i].ID = s.ids
			ids.Entries = append(ids.Entries, s.ids)
		}
	}
	s.records[r.Ticket.Number] = r
	return ids
}

func (s *memoryStore) Due(context.Context, time.Time, int) (desk.DueTickets, error) {
	return desk.DueTickets{}, nil
}

func (s *memoryStore) Sweep(context.Context, time.Time, int, func(desk.Record) desk.Change) (int, error) {
	return 0, nil
}

func (s *memoryStore) Outdated(context.Context, int, int, func(desk.Record) desk.Change) (int, error) {
	return 0, nil
}

func (s *memoryStore) Card(ctx context.Context, n ticket.Number) (ticket.Message, error) {
	r, err := s.Load(ctx, n)
	return r.Card, err
}

func (s *memoryStore) ByCard(ctx context.Context, m ticket.Message) (ticket.Number, error) {
	if err := s.ask(ctx, "card"); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cards[m], nil
}

func (s *memoryStore) Posting(context.Context, string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posting, nil
}

func (*memoryStore) ByRoom(context.Context, string) (ticket.Number, error) { return 0, nil }

func (s *memoryStore) ByInput(context.Context, string) (ticket.Number, error) { return 0, nil }

func (s *memoryStore) Similar(context.Context, string, string, ticket.Period) ([]desk.Similar, error) {
	return nil, nil
}

func (s *memoryStore) ByNotice(context.Context, ticket.Message) (ticket.Number, error) { return 0, nil }

func (s *memoryStore) Browse(context.Context, desk.Filter, ticket.Number) ([]desk.Summary, error) {
	return nil, nil
}

func (s *memoryStore) Kept(context.Context, string) (desk.Kept, error) { return desk.Kept{}, nil }

func (s *memoryStore) AskedBy(context.Context, string, time.Time) ([]ticket.Number, error) {
	return nil, nil
}

func (s *memoryStore) ChangeUnticketed(context.Context, string, string, time.Time, func([]desk.Posted) desk.UnticketedChange) error {
	return nil
}

func (s *memoryStore) LastOnDuty(context.Context, string) (duty.Change, error) {
	return duty.Change{}, nil
}

func (s *memoryStore) HandOver(context.Context, string, time.Time, func(desk.Handover) ([]duty.Change, []desk.Notice)) error {
	return nil
}

func (s *memoryStore) Overrides(context.Context, time.Time) ([]desk.Override, error) { return nil, nil }

func (s *memoryStore) Rotas(context.Context) ([]desk.MadeRota, error) { return nil, nil }

func (s *memoryStore) Swap(context.Context, string) (desk.Swap, error) { return desk.Swap{}, nil }

func (s *memoryStore) Took(context.Context, []string, []string, time.Time, time.Time) (took, of int, err error) {
	return 0, 0, nil
}

func (s *memoryStore) Drills(context.Context, []string, int) ([]desk.Drill, error) { return nil, nil }

func (s *memoryStore) OpenDrills(context.Context) ([]desk.Drill, error) { return nil, nil }

func (s *memoryStore) RealP1(context.Context, []string) (ticket.Number, error) { return 0, nil }

func (s *memoryStore) AgreedToDrills(context.Context, []string) ([]string, error) { return nil, nil }

func (s *memoryStore) AgreeToDrills(context.Context, string, bool, time.Time) error { return nil }

func (s *memoryStore) Candidates(context.Context, []string) ([]duty.Candidate, error) {
	return nil, nil
}

func (s *memoryStore) Served(context.Context, time.Time, time.Time) ([]duty.Record, error) {
	return nil, nil
}

func (s *memoryStore) DutyPages(context.Context, desk.DutyPages) ([]desk.DutyPage, error) {
	return nil, nil
}

func (s *memoryStore) SayWoken(context.Context, int64, string, bool, time.Time) (desk.DutyPage, error) {
	return desk.DutyPage{}, nil
}

func (s *memoryStore) ChangeDuty(context.Context, string, string, time.Time, func(desk.DutyState) (desk.DutyChange, error)) error {
	return nil
}

func (s *memoryStore) Schedule(context.Context, string, func(desk.Schedule) (desk.Schedule, []desk.Notice)) error {
	return nil
}

func (*memoryStore) Avoided(context.Context, string, ticket.Number, time.Time) error { return nil }

// Match finds each ticket, by whatever words.
func (s *memoryStore) Match(ctx context.Context, _ desk.Query, _ bool, _ int) (all []desk.Match, err error) {
	if err := s.ask(ctx, "match"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for n := range s.records {
		all = append(all, desk.Match{Number: n})
	}
	return all, nil
}

func (s *memoryStore) Summaries(_ context.Context, numbers []ticket.Number, _ desk.Filter) (list []desk.Summary, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range numbers {
		t := s.records[n].Ticket
		list = append(list, desk.Summary{Number: n, Title: t.Title, State: t.State, Requester: t.Requester})
	}
	return list, nil
}

func (s *memoryStore) List(ctx context.Context, _ desk.Filter) ([]desk.Summary, int, error) {
	other := desk.Summary{Number: 2, Title: "Refunds fail", Priority: ticket.P2, State: ticket.StateOpen}
	return []desk.Summary{other}, 1, s.ask(ctx, "list")
}

func (s *memoryStore) Shelves(_ context.Context, queries []desk.ShelfQuery) ([]desk.ShelfIndex, error) {
	return make([]desk.ShelfIndex, len(queries)), nil
}

func (s *memoryStore) Figures(context.Context, desk.HomeFilter, time.Time) (desk.Figures, error) {
	return desk.Figures{}, nil
}

func (s *memoryStore) NoteQuestions(ctx context.Context, _ []desk.Question, _ []time.Time) error {
	return s.ask(ctx, "note questions")
}

func (s *memoryStore) SettleQuestions(ctx context.Context, _ []ticket.Message, _ time.Time) error {
	return s.ask(ctx, "settle questions")
}

func (s *memoryStore) OpenQuestions(context.Context, time.Time, int) ([]desk.Question, int, error) {
	return nil, 0, nil
}

func (s *memoryStore) UnsettledQuestions(context.Context, string, time.Time) ([]desk.Question, error) {
	return nil, nil
}

func (s *memoryStore) AnyTicket(context.Context) (bool, error) { return s.count() > 0, nil }

func (s *memoryStore) OpenOf(context.Context, []string, desk.Reader) (map[string]int, error) {
	return nil, nil
}

func (s *memoryStore) HomeChoice(context.Context, string) (desk.HomeChoice, error) {
	return desk.HomeChoice{}, nil
}

func (s *memoryStore) SaveHomeChoice(ctx context.Context, _ string, c desk.HomeChoice) error {
	return s.ask(ctx, fmt.Sprint("choose ", c))
}

func (s *memoryStore) Thanked(context.Context, time.Time) ([]ticket.Number, error) { return nil, nil }

func (s *memoryStore) LoadAll(_ context.Context, numbers []ticket.Number) (all []desk.Record, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range numbers {
		all = append(all, s.records[n])
	}
	return all, nil
}

// promise is a policy that never changes.
type promise struct{}

func (promise) Current() int { return 1 }

func (promise) Policy(context.Context, int) (sla.Policy, error) {
	return sla.Policy{Targets: sla.Targets{2: {Resolve: 3 * time.Hour, Respond: 45 * time.Minute, WarnAt: 0.75}}}, nil
}

func (s *memoryStore) Given(context.Context, string, time.Time) ([]desk.Given, error) {
	return nil, nil
}

func (s *memoryStore) Repeating(context.Context, ticket.Number) ([]ticket.Number, error) {
	return nil, nil
}

func (s *memoryStore) DeletionSearches(context.Context) ([]desk.DeletionSearch, error) {
	return nil, nil
}

func (s *memoryStore) DeletionSearched(context.Context, string) error { return nil }
