package postgres

import (
	"context"
	"fmt"
	"sync"
	"time"

	"supporty/internal/sla"
)

// Policies keeps every version of the policy. The current one was adopted last, by any copy.
// It is safe for concurrent use.
type Policies struct {
	db      *DB
	mu      sync.Mutex
	current int
	known   map[int]sla.Policy
}

const (
	// Each policy has one row, even if several copies adopt it, several times.
	adoptPolicy = `
		INSERT INTO policies (body, adopted_at) VALUES ($1, $2)
		ON CONFLICT ((md5(body::text))) DO UPDATE
			SET adopted_at = excluded.adopted_at, adoption = excluded.adoption
		RETURNING version`
	// The same query asks whether any ticket has to be brought to the current version, so
	// that an idle desk makes no other.
	selectCurrent = `
		SELECT current.version, EXISTS (SELECT FROM tickets t
			WHERE t.ended_at IS NULL AND (t.policy < current.version OR t.policy > current.version))
		FROM (SELECT version FROM policies ORDER BY adoption DESC LIMIT 1) AS current`
)

// Policies returns the adopted policies, and adopts none. The current one is known after a
// Refresh.
func (db *DB) Policies() *Policies { return &Policies{db: db, known: map[int]sla.Policy{}} }

// AdoptPolicy makes p the current policy. It becomes a new version, unless it was one before.
func (db *DB) AdoptPolicy(ctx context.Context, p sla.Policy, now time.Time) (*Policies, error) {
	policies := db.Policies()
	return policies, policies.Adopt(ctx, p, now)
}

// Adopt makes another policy the current one, for all copies.
func (p *Policies) Adopt(ctx context.Context, policy sla.Policy, now time.Time) error {
	var version int
	if err := p.db.pool.QueryRow(ctx, adoptPolicy, policy, now).Scan(&version); err != nil {
		return fmt.Errorf("adopting the policy: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current, p.known[version] = version, policy
	return nil
}

// Refresh reads which version is current, in case another copy has adopted one. It reports
// whether there are tickets that have not been brought to it.
func (p *Policies) Refresh(ctx context.Context) (outdated bool, err error) {
	var version int
	if err := p.db.pool.QueryRow(ctx, selectCurrent).Scan(&version, &outdated); err != nil {
		return false, notSaved(err, "asking for the current policy")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.current = version
	return outdated, nil
}

// Current implements desk.Policies.
func (p *Policies) Current() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.current
}

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

// remembered never waits for the database: its caller may hold the connection that a query
// would need.
func (p *Policies) remembered(version int) (sla.Policy, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	policy, ok := p.known[version]
	return policy, ok
}
