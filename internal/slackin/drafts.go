package slackin

import (
	"maps"
	"slices"
	"sync"

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
	turns  int // how often it was drawn
}

// add keeps what a form holds now. It returns all that is known of the form, and a number
// that is higher for each later call.
func (d *drafts) add(view string, filled slackview.FilledIn) (known slackview.FilledIn, turn int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	own := d.byView[view]
	if own == nil {
		own = &draft{filled: slackview.FilledIn{}}
		d.keep(view, own)
	}
	maps.Copy(own.filled, filled)
	own.turns++
	return maps.Clone(own.filled), own.turns
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
