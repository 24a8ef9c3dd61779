//go:build unix

package e2e

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"supporty/internal/dev/slacksim"
)

// workspace is that of the torture: five responders, and Carol and Henry, who are not in
// the channel.
func workspace() slacksim.Workspace {
	w := slacksim.DefaultWorkspace()
	w.People = append(w.People, slacksim.Person{Name: "henry", RealName: "Henry", TZ: "UTC"})
	for _, name := range []string{"frank", "grace"} {
		w.People = append(w.People, slacksim.Person{Name: name, RealName: strings.ToUpper(name[:1]) + name[1:], TZ: "UTC"})
		for i := range w.Channels {
			if w.Channels[i].Name == "support" || w.Channels[i].Name == "general" {
				w.Channels[i].Members = append(w.Channels[i].Members, name)
			}
		}
	}
	return withIDs(w)
}

// responders may do everything; carol files and answers.
var responders = []string{"alice", "bob", "dana", "frank", "grace"}

// ticketCase is one problem: what people did about it and what they were told.
type ticketCase struct {
	title    string
	text     string // what was filed; empty for the usual
	maker    string
	priority string

	mu       sync.Mutex // one gesture at a time
	accepted bool       // its maker saw the form close
	maybe    bool       // an answer was lost, or left it open
	tries    int
	steps    []step
	used     map[string]bool   // reactions given or taken back, by who and which
	wrote    map[string]string // the last reply in the thread, by who
	restTill time.Time         // what is under way may take so long
	broken   bool
	story    []string // what happened, for people
}

func (c *ticketCase) tell(format string, args ...any) {
	c.story = append(c.story, time.Now().Format("15:04:05.000 ")+fmt.Sprintf(format, args...))
}

// player is somebody who does one thing after the other.
type player struct {
	*tortureHarness
	name   string
	called string
	id     string
	actor  *slacksim.Actor
	chance *rand.Rand
	open   []*saying // written in private, and nobody knows yet where it belongs

	answered bool // they have said where what is open belongs
}

func (a *tortureHarness) player(name string, seed uint64) *player {
	who := a.sim.State().Person(name)
	return &player{tortureHarness: a, name: name, called: who.RealName, id: who.ID, actor: a.slack.As(name), chance: rand.New(rand.NewPCG(seed, uint64(len(name))<<8|uint64(name[0])))}
}

// play acts until ctx is done.
func (p *player) play(ctx context.Context) {
	for ctx.Err() == nil {
		pause(ctx, between(p.chance, 50*time.Millisecond, 450*time.Millisecond))
		if ctx.Err() != nil {
			return
		}
		switch n := p.chance.IntN(100); {
		case n < 12:
			p.file()
		case n < 20:
			p.confides()
		case n < 30:
			p.revises()
		default:
			p.act()
		}
	}
}

// file opens a ticket, and presses Submit until the form closes; one in ten
// gives up when it does not.
func (p *player) file() {
	if !p.opens("form_new", p.asksToFile) {
		return
	}
	c := p.newCase()
	c.mu.Lock()
	defer c.mu.Unlock()
	p.submits(c, "Since noon.")
}

// submits sends the form of a new ticket; without a text, that is what stands there.
func (p *player) submits(c *ticketCase, text ...string) {
	values := problem(c.title)
	values["priority"] = c.priority
	if len(text) == 0 {
		delete(values, "text")
		c.text = "word-"
	}
	out, err := p.actor.Submit(p.ctx, values)
	for err == nil && !out.Closed {
		c.tries++
		c.maybe = c.maybe || !surelyNot(out)
		p.checkTold(c, out)
		if p.chance.IntN(10) == 0 || c.tries > 40 {
			_, err = p.actor.CloseAll(p.ctx)
			c.tell("%s gave up: %s", p.name, answerOf(out))
			p.count("file", unknown)
			break
		}
		pause(p.ctx, between(p.chance, 200*time.Millisecond, time.Second))
		out, err = p.actor.Resubmit(p.ctx)
	}
	if err != nil {
		p.t.Errorf("%s cannot submit: %v", p.name, err)
	}
	if c.accepted = out.Closed; c.accepted {
		c.tell("%s filed it, pressing %d times", p.name, c.tries+1)
		p.count("file", done)
	}
}

// asksToFile opens the form in one of the ways in: the shortcuts are those of the
// manifest.
func (p *player) asksToFile() error {
	var err error
	switch p.chance.IntN(3) {
	case 0:
		_, err = p.actor.Shortcut(p.ctx, "ticket_new")
	case 1:
		var said slacksim.Outcome
		if said, err = p.actor.Say(p.ctx, "general", "It is broken again."); err == nil {
			_, err = p.actor.MessageShortcut(p.ctx, "general", said.TS, "ticket_from_message")
		}
	default:
		_, err = p.actor.Command(p.ctx, "general", "/support", "Broken")
	}
	return err
}

func (p *player) newCase() *ticketCase {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := &ticketCase{
		title: titleOf(len(p.cases)), maker: p.name, used: map[string]bool{}, wrote: map[string]string{},
		priority: []string{"P1", "P2", "P2", "P3", "P3", "P3"}[p.chance.IntN(6)],
	}
	p.cases = append(p.cases, c)
	return c
}

// surelyNot: the form said that nothing was stored.
func surelyNot(out slacksim.Outcome) bool {
	said := answerOf(out)
	return strings.Contains(said, "Not filed yet") || strings.Contains(said, "Very many requests")
}

func answerOf(out slacksim.Outcome) string {
	return strings.TrimSpace(out.Error + " " + out.Banner + " " + fmt.Sprint(out.Errors))
}

// checkTold: a form that stays open says why, and keeps what was typed.
func (p *player) checkTold(c *ticketCase, out slacksim.Outcome) {
	if out.Error == "" && out.Banner == "" && len(out.Errors) == 0 {
		p.violate(c, "the form stayed open without a word")
	}
	who := p.sim.State().Person(p.name)
	view := who.Modal()
	if view == nil || fmt.Sprint(view.Values["title"]["title_input"]["value"]) != c.title {
		p.violate(c, "what was typed is gone")
	}
}

// opens does what opens a form, and waits for the form.
func (p *player) opens(form string, do func() error) bool {
	if _, err := p.actor.CloseAll(p.ctx); err != nil && !strings.Contains(err.Error(), "open") {
		p.t.Errorf("%s cannot close forms: %v", p.name, err)
	}
	if err := do(); err != nil {
		return false // the button has gone meanwhile
	}
	ctx, cancel := context.WithTimeout(p.ctx, 4*time.Second)
	defer cancel()
	return wait(ctx, "a form", func() bool {
		who := p.now.Load().Person(p.name)
		view := who.Modal()
		return view != nil && view.CallbackID == form && (form != "form_new" || strings.Contains(string(view.Body), "title_input"))
	}) == nil
}

// act makes a gesture on a ticket that people can see.
func (p *player) act() {
	c := p.choose()
	if c == nil {
		return
	}
	defer c.mu.Unlock()
	card := cardIn(p.now.Load(), c.title)
	if card == nil {
		return
	}
	for _, g := range p.thinkOf(c, card) {
		s := g.make(p, c, card)
		if s.outcome == "" {
			continue // it could not be made
		}
		s.gesture, s.who, s.at, s.unseen = g.name, p.called, time.Now(), g.blind
		c.steps = append(c.steps, s)
		c.tell("%s: %s: %s", p.name, g.name, s.outcome)
		p.count(g.name, s.outcome)
		if s.outcome == unknown && s.does != nil {
			c.restTill = time.Now().Add(40 * time.Second) // a commit may be under way
		}
		return
	}
}

// thinkOf lists what the player might do to a case. People write a lot, but not
// only; where it is not known how a ticket stands, they do nothing else.
func (p *player) thinkOf(c *ticketCase, card *slacksim.Message) []gesture {
	at := possible(c.first(), c.steps, p.record.isLost)
	may := func(g gesture) bool {
		sees := g.blind || strings.HasSuffix(card.Text, dotted(at[0].shown(), c.title))
		return len(at) == 1 && sees && g.may(p, c, at[0])
	}
	first, then := p.some(answers, may), p.some(gestures, may)
	if p.chance.IntN(2) == 0 {
		first, then = then, first
	}
	if p.chance.IntN(3) == 0 {
		return append([]gesture{reply}, append(first, then...)...)
	}
	return append(append(first, then...), reply)
}

// some returns those of a list that may be made, in any order.
func (p *player) some(list []gesture, may func(gesture) bool) []gesture {
	list = slices.DeleteFunc(slices.Clone(list), func(g gesture) bool { return !may(g) })
	p.chance.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}

// look ends the doubt about what was done last if the card shows it, and did not when it
// was done: else it may show what was so before.
func (p *player) look(c *ticketCase) {
	n := len(c.steps) - 1
	if n < 0 || c.steps[n].outcome != unknown || c.steps[n].does == nil || c.steps[n].unseen {
		return
	}
	before := possible(c.first(), c.steps[:n], p.record.isLost)
	if len(before) != 1 {
		return
	}
	after := c.steps[n].does(before[0]).shown()
	if card := cardIn(p.now.Load(), c.title); card != nil && after != before[0].shown() && strings.HasSuffix(card.Text, dotted(after, c.title)) {
		c.steps[n].outcome, c.restTill = done, time.Time{}
	}
}

func (p *player) count(gesture string, o outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.made[gesture+": "+string(o)]++
}

func (c *ticketCase) first() situation {
	return situation{state: "open", priority: c.priority, text: cmp.Or(c.text, problem(c.title)["text"].(string)), maker: strings.ToUpper(c.maker[:1]) + c.maker[1:]}
}

// choose takes one of the newest cases that nobody is at, and locks it.
func (p *player) choose() *ticketCase {
	p.mu.Lock()
	newest := slices.Clone(p.cases[max(0, len(p.cases)-40):])
	p.mu.Unlock()
	for range 5 {
		if len(newest) == 0 {
			return nil
		}
		c := newest[p.chance.IntN(len(newest))]
		if !c.mu.TryLock() {
			continue
		}
		p.look(c)
		if c.accepted && time.Now().After(c.restTill) {
			return c
		}
		c.mu.Unlock()
	}
	return nil
}

// dotted is a card's text from the priority on.
func dotted(shown, title string) string {
	priority, rest, _ := strings.Cut(shown, " · ")
	return priority + " · " + title + " · " + rest
}

// cardIn is the card of a problem; nil if none stands.
func cardIn(s *slacksim.State, title string) *slacksim.Message {
	for _, m := range s.Channel("support").Messages {
		if !m.IsReply() && m.BotID != "" && strings.Contains(m.Text, " · "+title+" · ") {
			return m
		}
	}
	return nil
}
