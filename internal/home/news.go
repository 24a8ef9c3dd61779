package home

import (
	"context"
	"time"
)

const (
	// lookEvery is how often it is looked for news while somebody has Home open, and at most
	// lookAtMost. What this copy has changed wakes it earlier.
	lookEvery  = 5 * time.Second
	lookAtMost = time.Second
	// lookWhenIdle is how often it is looked whether another copy has shown Home to somebody.
	lookWhenIdle = time.Minute
	// between is the pause between two Home tabs that may have changed: making them is to leave
	// the database to others.
	between = 250 * time.Millisecond
	// publishWithin bounds the work for one Home. It is shorter than it is taken for.
	publishWithin = 12 * time.Second
)

// Wake tells that something may have changed. It never blocks.
func (p *Publisher) Wake() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// Run keeps the Home tabs current until ctx is done.
func (p *Publisher) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		began := time.Now()
		p.look(ctx)
		p.await(ctx, began)
	}
	return nil
}

// await blocks until it is time to look again.
func (p *Publisher) await(ctx context.Context, began time.Time) {
	pause(ctx, lookAtMost-time.Since(began))
	idle := time.NewTimer(lookWhenIdle)
	defer idle.Stop()
	busy := time.NewTicker(lookEvery)
	defer busy.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-idle.C:
			return
		case <-p.wake:
		case <-busy.C:
		}
		if p.open.Load() {
			return
		}
	}
}

// look publishes what has news, until there is none or no room.
func (p *Publisher) look(ctx context.Context) {
	open, err := p.store.NoteHomeNews(ctx)
	if err != nil {
		p.warn(ctx, err)
		return
	}
	p.open.Store(open)
	for open && ctx.Err() == nil {
		t, err := p.store.TakeHome(ctx, "")
		if err != nil {
			p.warn(ctx, err)
			return
		}
		if t.Person == "" || !p.refresh(ctx, t) {
			return
		}
		pause(ctx, between)
	}
}

// refresh publishes a Home because of news. It returns false if there is no room for more.
func (p *Publisher) refresh(ctx context.Context, t Taken) bool {
	ctx, cancel := context.WithTimeout(ctx, publishWithin)
	defer cancel()
	room, err := p.publish(ctx, t, newsAtOnce)
	if err != nil {
		p.warn(ctx, err)
	}
	return room
}

func (p *Publisher) warn(ctx context.Context, err error) {
	if ctx.Err() == nil {
		p.log.Warn("keeping Home tabs current", "error", err)
	}
}

func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
