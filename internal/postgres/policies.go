package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"supporty/internal/sla"
)

// Policies keeps every version of the promise. It is safe for concurrent use.
type Policies struct {
	db      *DB
	current int
	mu      sync.Mutex
	known   map[int]sla.Policy
}

const adoptPolicy = `
	INSERT INTO policies (body, adopted_at) VALUES ($1, $2)
	ON CONFLICT ((md5(body::text))) DO UPDATE SET adopted_at = policies.adopted_at
	RETURNING version`

// AdoptPolicy makes p the policy of what happens from now on, as a new version
// unless it was one before.
func (db *DB) AdoptPolicy(ctx context.Context, p sla.Policy, now time.Time) (*Policies, error) {
	var version int
	if err := db.pool.QueryRow(ctx, adoptPolicy, p, now).Scan(&version); err != nil {
		return nil, fmt.Errorf("adopting the policy: %w", err)
	}
	return &Policies{db: db, current: version, known: map[int]sla.Policy{version: p}}, nil
}

// Current implements desk.Policies.
func (p *Policies) Current() int { return p.current }

// Policy implements desk.Policies. A version never changes, so it is read once.
func (p *Policies) Policy(ctx context.Context, version int) (sla.Policy, error) {
	policy, ok := p.remembered(version)
	if ok {
		return policy, nil
	}
	err := p.db.pool.QueryRow(ctx, `SELECT body FROM policies WHERE version = $1`, version).Scan(&policy)
	if err != nil {
		return sla.Policy{}, notSaved(err, "reading a policy")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[version] = policy
	return policy, nil
}

// remembered never waits for the database: who asks may hold a connection that
// the database's answer would need.
func (p *Policies) remembered(version int) (sla.Policy, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	policy, ok := p.known[version]
	return policy, ok
}
