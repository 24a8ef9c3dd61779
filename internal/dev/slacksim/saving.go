package slacksim

import (
	"cmp"
	"time"

	"supporty/internal/dev/slacksim/workspace"
)

// saveEvery is the longest time, real, for which a change is in memory only.
const saveEvery = 5 * time.Second

// tokensOf makes the tokens of an earlier run valid again, unless others are
// asked for.
func (c Config) tokensOf(saved *workspace.Snapshot) Config {
	if saved != nil {
		c.AppToken = cmp.Or(c.AppToken, saved.AppToken)
		c.BotToken = cmp.Or(c.BotToken, saved.BotToken)
	}
	return c
}

// snapshot takes what is to be saved.
func (s *Server) snapshot() (saved workspace.Snapshot) {
	s.store.View(func(tx *workspace.Tx) { saved = tx.Snapshot() })
	saved.AppToken, saved.BotToken = s.cfg.AppToken, s.cfg.BotToken
	return saved
}

// keepSaved saves every few seconds what has changed, until the server closes.
// What cannot be written then is reported by Close, which tries again.
func (s *Server) keepSaved() {
	ticker := time.NewTicker(saveEvery)
	defer ticker.Stop()
	var kept int64
	for {
		select {
		case <-ticker.C:
			if now := s.snapshot(); now.Seq != kept && now.Write(s.cfg.File) == nil {
				kept = now.Seq
			}
		case <-s.store.Done():
			return
		}
	}
}
