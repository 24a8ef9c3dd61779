//go:build unix

package e2e

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"supporty/internal/dev/slacksim"
)

// journey is how long forms took on their way, by the simulated Slack's clock.
type journey struct {
	support string               // the channel's id
	forms   []slacksim.Entry     // as they were submitted
	acks    []time.Duration      // from submission to acknowledgement
	cards   map[string]time.Time // since when they stand in the channel, by title
	stood   func(title string)   // is told of each card
}

// follow notes what happens after an entry of the journal, until it is enough.
func (o *benchHarness) follow(ctx context.Context, after int64, stood func(title string), enough func(*journey) bool) (*journey, error) {
	j := &journey{support: o.support(), cards: map[string]time.Time{}, stood: stood}
	err := o.each(ctx, after, func(e slacksim.Entry) bool {
		j.note(e)
		return enough(j)
	})
	return j, err
}

// each goes through the journal after an entry, as it comes, until it is enough.
func (o *benchHarness) each(ctx context.Context, after int64, enough func(slacksim.Entry) bool) error {
	for {
		entries, more := o.sim.Journal(after)
		for _, e := range entries {
			if after = e.Seq; enough(e) {
				return nil
			}
		}
		select {
		case <-more:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// support is the channel's id.
func (o *benchHarness) support() string { return o.sim.State().Channel("support").ID }

func (j *journey) note(e slacksim.Entry) {
	switch {
	case e.Kind == slacksim.KindEnvelope && e.Type == "view_submission":
		j.forms = append(j.forms, e)
	case e.Kind == slacksim.KindAck && e.Type == "view_submission":
		j.acks = append(j.acks, e.Duration)
	case isCard(e, j.support):
		title := titleIn(e.Message.Text)
		j.cards[title] = e.At
		j.stood(title)
	}
}

// took is how long it was from the first form to the last card.
func (j *journey) took() time.Duration {
	last := slices.MaxFunc(slices.Collect(maps.Values(j.cards)), time.Time.Compare)
	return last.Sub(j.forms[0].At)
}

// untilCards is, for each form, how long it was until its card stood.
func (j *journey) untilCards() []time.Duration {
	var list []time.Duration
	seen := map[string]bool{} // pressed again, it is the same form
	for _, e := range j.forms {
		title := submittedTitle(e.Payload)
		if at, ok := j.cards[title]; ok && !seen[title] {
			list = append(list, at.Sub(e.At))
		}
		seen[title] = true
	}
	return list
}

func submittedTitle(payload json.RawMessage) string {
	var p struct {
		View struct {
			State struct {
				Values map[string]map[string]struct {
					Value string `json:"value"`
				} `json:"values"`
			} `json:"state"`
		} `json:"view"`
	}
	if json.Unmarshal(payload, &p) != nil {
		return ""
	}
	for _, v := range p.View.State.Values["title"] {
		return v.Value
	}
	return ""
}
