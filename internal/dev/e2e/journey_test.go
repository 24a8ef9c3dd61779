//go:build unix

package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"supporty/internal/dev/slacksim"
)

// journey is how long forms took on their way, by the simulated Slack's clock.
type journey struct {
	acks  []time.Duration // from submission to acknowledgement
	cards []time.Duration // from submission to the card standing in the channel
}

// journey reads the journal, which has all that happened so far.
func (o *benchHarness) journey() journey {
	o.t.Helper()
	entries, err := o.slack.Journal(o.ctx, 0)
	o.must(err)
	var j journey
	sent := map[string]time.Time{} // by title
	for _, e := range entries {
		switch {
		case e.Kind == slacksim.KindEnvelope && e.Type == "view_submission":
			sent[submittedTitle(e.Payload)] = e.At
		case e.Kind == slacksim.KindAck && e.Type == "view_submission":
			j.acks = append(j.acks, e.Duration)
		case e.Kind == slacksim.KindMessage && e.What == "posted" && e.Message.BotID != "":
			if at, ok := sent[titled(e.Message)]; ok && !e.Message.IsReply() {
				j.cards = append(j.cards, e.At.Sub(at))
			}
		}
	}
	return j
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

// grid files tickets with Slack answering slower and slower and more and more
// people at once, each of whom waits for the card before they file again.
func (m *machine) grid() {
	m.t.Log("| Slack answers in | people | tickets/s | ack p50 / p99 ms | card p50 / p99 ms |")
	for _, latency := range []int{0, 60, 200} {
		for _, people := range []int{1, 20, 100} {
			m.cell(latency, people, max(3, 20/people))
		}
	}
}

func (m *machine) cell(latency, people, each int) {
	o := m.open(people, slacksim.Config{}, "SLACK_PACE=1000")
	o.begin()
	_, err := o.slack.Fault(o.ctx, slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: latency})
	o.must(err)
	cards := o.watchCards()
	began := time.Now()
	done := together(people, func(i int) bool {
		for n := range each {
			if !o.fileAndSee(i, n, cards) {
				return false
			}
		}
		return true
	})
	took := time.Since(began).Seconds()
	if count(done) != people {
		m.t.Errorf("%d of %d people got through", count(done), people)
	}
	cards.stop()
	j := o.journey()
	m.t.Logf("| %d ms | %d | %.1f | %v / %v | %v / %v |", latency, people, float64(people*each)/took,
		percentile(j.acks, 50), percentile(j.acks, 99), percentile(j.cards, 50), percentile(j.cards, 99))
	o.end()
}

// fileAndSee files a ticket and waits for its card.
func (o *benchHarness) fileAndSee(i, n int, cards *cards) bool {
	p := o.slack.As(filer(i))
	title := titleOf(i*1000 + n)
	for !cards.hasForm(filer(i)) { // a busy program asks to try again
		if _, err := p.Command(o.ctx, "general", "/support", ""); err != nil {
			return false
		}
		some, cancel := context.WithTimeout(o.ctx, 3*time.Second)
		_ = wait(some, "a form", func() bool { return cards.hasForm(filer(i)) })
		cancel()
	}
	out, err := p.Submit(o.ctx, problem(title))
	return err == nil && out.Closed &&
		wait(o.ctx, "the form to go", func() bool { return !cards.hasForm(filer(i)) }) == nil &&
		wait(o.ctx, "the card", func() bool { return cards.stands(title) }) == nil
}

// cards looks at the workspace for everybody, so that not everybody has to.
type cards struct {
	mu       sync.Mutex
	standing map[string]bool
	forms    map[string]bool
	stop     func()
}

func (o *benchHarness) watchCards() *cards {
	c := &cards{standing: map[string]bool{}, forms: map[string]bool{}}
	stop, stopped := make(chan struct{}), make(chan struct{})
	c.stop = func() { close(stop); <-stopped }
	go func() {
		defer close(stopped)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				c.look(o.sim.State())
			case <-stop:
				return
			}
		}
	}()
	return c
}

func (c *cards) look(s slacksim.State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range s.People {
		c.forms[p.Name] = p.Modal() != nil
	}
	messages := s.Channel("support").Messages
	for _, m := range messages[min(len(messages), len(c.standing)):] {
		if strings.Contains(m.Text, "Problem of ") {
			c.standing[titled(m)] = true
		}
	}
}

func (c *cards) stands(title string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.standing[title]
}

func (c *cards) hasForm(name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.forms[name]
}
