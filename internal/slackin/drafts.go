package slackin

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"supporty/internal/slackview"
)

// mostDrafts is how many open forms are kept in memory. Slack does not say when a form is
// closed unless it is asked to, so the oldest one goes.
const mostDrafts = 1000

// drafts are what people have filled in in fields that their form may not show now, because
// they have chosen another category since. The ticket needs none of it, so it is kept in
// memory only: a form remembers which fields it is missing, and says so. It is safe for
// concurrent use.
type drafts struct {
	mu     sync.Mutex
	byView map[string]*draft
	order  []string // ids of the views, the oldest first
}

type draft struct {
	filled slackview.FilledIn
	turns  int // how often it was drawn for another category

	suggested slackview.Suggestions // that it shows
	latest    interaction           // by which it was last heard of
	pending   bool                  // nothing was looked for since
	looking   bool                  // somebody looks for suggestions
	lookedAt  time.Time             // when suggestions were looked for, or drawn, last, in real time
	hashes    map[string]string     // of the view, before and after it was drawn here
}

// add keeps what a form holds now. It returns all that is known of the form, and a number
// that is higher for each later call.
func (d *drafts) add(view string, filled slackview.FilledIn) (known slackview.FilledIn, turn int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := d.own(view)
	maps.Copy(own.filled, filled)
	own.turns++
	return maps.Clone(own.filled), own.turns
}

// own is what is kept of a form, from now on at the latest.
func (d *drafts) own(view string) *draft {
	own := d.byView[view]
	if own == nil {
		own = &draft{filled: slackview.FilledIn{}, hashes: map[string]string{}}
		d.keep(view, own)
	}
	return own
}

// heard notes what a form holds, unless something newer is known. It reports whether the caller is
// to look for suggestions, until next says that there is nothing to do.
func (d *drafts) heard(i interaction) (look bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := d.own(i.View.ID)
	if before(i, own.latest) {
		return false
	}
	own.latest, own.pending = i, true
	look, own.looking = !own.looking, true
	return look
}

// before reports whether somebody acted earlier than in another interaction. Interactions can
// overtake each other on their way.
func before(i, other interaction) bool {
	at := func(i interaction) string {
		if len(i.Actions) == 0 {
			return ""
		}
		return i.Actions[0].ActionTS
	}
	own, others := at(i), at(other)
	return cmp.Or(cmp.Compare(len(own), len(others)), cmp.Compare(own, others)) < 0
}

// opened begins to keep what is typed in a form.
func (d *drafts) opened(view string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.own(view)
}

// restUntil is when suggestions may be looked for again in a form.
func (d *drafts) restUntil(view string, pause time.Duration) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if own := d.byView[view]; own != nil {
		return own.lookedAt.Add(pause)
	}
	return time.Time{}
}

// next is the newest that is known of a form, with all that was ever filled in there. It returns
// false, and who looks for suggestions is done, if that was looked at already, or the form is gone.
func (d *drafts) next(view string, now time.Time) (i interaction, known slackview.FilledIn, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := d.byView[view]
	if own == nil {
		return interaction{}, nil, false
	}
	if !own.pending {
		own.looking = false
		return interaction{}, nil, false
	}
	own.pending, own.lookedAt = false, now
	return own.latest, maps.Clone(own.filled), true
}

// shown is what a form suggests.
func (d *drafts) shown(view string) slackview.Suggestions {
	d.mu.Lock()
	defer d.mu.Unlock()
	if own := d.byView[view]; own != nil {
		return own.suggested
	}
	return slackview.Suggestions{}
}

// suggests notes what a form suggests from now on.
func (d *drafts) suggests(view string, s slackview.Suggestions, at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if own := d.byView[view]; own != nil {
		own.suggested, own.lookedAt = s, at
	}
}

// hash is the hash that a view has now, if it was drawn only here since it had its own.
func (d *drafts) hash(v view) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	hash := v.Hash
	if own := d.byView[v.ID]; own != nil {
		for next, ok := own.hashes[hash]; ok; next, ok = own.hashes[hash] {
			hash = next
		}
	}
	return hash
}

// became notes the hash that a view has since it was drawn here.
func (d *drafts) became(v view, hash string) {
	from := d.hash(v)
	d.mu.Lock()
	defer d.mu.Unlock()
	if own := d.byView[v.ID]; own != nil && hash != "" && hash != from {
		delete(own.hashes, hash) // it is the last of the row
		own.hashes[from] = hash
	}
}

// of returns all that is known of a form.
func (d *drafts) of(view string) slackview.FilledIn {
	d.mu.Lock()
	defer d.mu.Unlock()
	if own := d.byView[view]; own != nil {
		return maps.Clone(own.filled)
	}
	return nil
}

func (d *drafts) keep(view string, own *draft) {
	if d.byView == nil {
		d.byView = map[string]*draft{}
	}
	if len(d.order) >= mostDrafts {
		delete(d.byView, d.order[0])
		d.order = slices.Delete(d.order, 0, 1)
	}
	d.byView[view], d.order = own, append(d.order, view)
}

// newest reports whether no later call of add was about the view.
func (d *drafts) newest(view string, turn int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := d.byView[view]
	return own != nil && own.turns == turn
}

// forget drops what is kept of a form.
func (d *drafts) forget(view string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byView[view] == nil {
		return
	}
	delete(d.byView, view)
	d.order = slices.DeleteFunc(d.order, func(v string) bool { return v == view })
}
