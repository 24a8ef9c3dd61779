package control

import (
	"context"
	"errors"
	"fmt"
	"time"

	"supporty/internal/dev/slacksim/workspace"
)

// TimeControl moves the business time. The simulator itself only reads it, by
// Config.Now; whoever owns the clock implements this.
type TimeControl interface {
	// Get tells the time and how fast it runs.
	Get(ctx context.Context) (TimeState, error)
	// Advance moves time forward by d > 0. It returns once what is due then is
	// under way.
	Advance(ctx context.Context, d time.Duration) error
	// SetRate makes time run that many times as fast as real time; 0 stops it.
	SetRate(ctx context.Context, rate float64) error
}

// TimeState is where the business time stands.
type TimeState struct {
	Business     time.Time  `json:"business"`
	Real         time.Time  `json:"real"` // filled in by the server
	Rate         float64    `json:"rate"` // 0 stands still, 1 is real time
	NextDeadline *time.Time `json:"next_deadline,omitempty"`
}

// TimeMove is the body of POST /sim/v1/time. Exactly one field is set.
type TimeMove struct {
	Advance string   `json:"advance,omitempty"` // a duration such as 15m or 2h
	To      string   `json:"to,omitempty"`      // a time in RFC 3339, or "deadline" for the next one
	Rate    *float64 `json:"rate,omitempty"`
}

// maxRate keeps the fastest time slow enough for the sweeps to follow.
const maxRate = 3600

var errNoTime = errors.New("the time of this workspace cannot be moved")

func (s *Server) readTime(ctx context.Context) (TimeState, error) {
	if s.cfg.Time == nil {
		return TimeState{}, errNoTime
	}
	state, err := s.cfg.Time.Get(ctx)
	if err != nil {
		return TimeState{}, fmt.Errorf("reading the time: %w", err)
	}
	state.Real = time.Now().UTC()
	return state, nil
}

func (s *Server) moveTime(ctx context.Context, move TimeMove) (TimeState, error) {
	before, err := s.readTime(ctx)
	if err != nil {
		return TimeState{}, err
	}
	if move.Rate != nil {
		err = s.setRate(ctx, *move.Rate)
	} else {
		err = s.advance(ctx, before, move)
	}
	if err != nil {
		return TimeState{}, err
	}
	s.store.Update(func(tx *workspace.Tx) {
		tx.Journal.Add(workspace.Entry{Kind: workspace.KindTime, What: "moved", Detail: move.String()})
	})
	return s.readTime(ctx)
}

func (s *Server) setRate(ctx context.Context, rate float64) error {
	if rate < 0 || rate > maxRate {
		return fmt.Errorf("time can run up to %d times as fast, not %g times", maxRate, rate)
	}
	if err := s.cfg.Time.SetRate(ctx, rate); err != nil {
		return fmt.Errorf("changing how fast time runs: %w", err)
	}
	return nil
}

func (s *Server) advance(ctx context.Context, now TimeState, move TimeMove) error {
	d, err := move.distance(now)
	if err != nil {
		return err
	}
	if d <= 0 {
		return errors.New("time moves forward only")
	}
	if err := s.cfg.Time.Advance(ctx, d); err != nil {
		return fmt.Errorf("moving the time: %w", err)
	}
	return nil
}

// distance is how far the move goes.
func (m TimeMove) distance(now TimeState) (time.Duration, error) {
	switch {
	case m.Advance != "":
		d, err := time.ParseDuration(m.Advance)
		if err != nil {
			return 0, fmt.Errorf("reading how far time moves: %w", err)
		}
		return d, nil
	case m.To == "deadline" && now.NextDeadline == nil:
		return 0, errors.New("nothing is due")
	case m.To == "deadline":
		return now.NextDeadline.Sub(now.Business), nil
	case m.To != "":
		to, err := time.Parse(time.RFC3339, m.To)
		if err != nil {
			return 0, fmt.Errorf("reading where time moves to: %w", err)
		}
		return to.Sub(now.Business), nil
	}
	return 0, errors.New("nothing says how time moves: give advance, to or rate")
}

// String tells the move in the journal.
func (m TimeMove) String() string {
	switch {
	case m.Rate != nil:
		return fmt.Sprintf("×%g", *m.Rate)
	case m.Advance != "":
		return "+" + m.Advance
	}
	return "to " + m.To
}
