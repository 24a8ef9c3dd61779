//go:build unix

package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// saying is something that somebody wrote, in words that nobody else has.
type saying struct {
	who         string // name
	channel, ts string
	at          time.Time
	n, version  int         // of its words; every edit makes a new version
	c           *ticketCase // that it was written about; nil while that is not said
	private     bool
	passed      bool          // it may be shown to others: by where it was written, or by a click
	aside       bool          // begins with // now
	turned      bool          // it was the other way at first
	made        bool          // a ticket may be made of it, which keeps its words and its file
	gone        bool          // deleted
	doubtful    bool          // news of it, or of what became of it, may not have arrived
	file        slacksim.File // what is attached; without an id, nothing
	fileGone    bool          // it was deleted
	events      []string
}

func (s *saying) words() string {
	mark := ""
	if s.aside {
		mark = "// "
	}
	return fmt.Sprintf("%sA word on it: word-%d-%d.", mark, s.n, s.version)
}

func (s *saying) fileName() string { return fmt.Sprintf("file-%d.png", s.n) }

var wordIn = regexp.MustCompile(`word-(\d+)-(\d+)`)

// wordsIn returns which versions of which sayings a text repeats.
func wordsIn(text string) map[int]int {
	found := map[int]int{}
	for _, m := range wordIn.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		found[n], _ = strconv.Atoi(m[2])
	}
	return found
}

// says lets somebody write something new, sometimes with a file. Whoever writes says
// where.
func (p *player) says(s *saying, write func(text string, options ...slacksim.SayOption) (slacksim.Outcome, error)) error {
	p.mu.Lock()
	s.who, s.n = p.name, len(p.sayings)
	p.sayings = append(p.sayings, s)
	p.mu.Unlock()
	var attached []slacksim.SayOption
	if p.chance.IntN(6) == 0 {
		f, err := p.actor.Upload(p.ctx, s.fileName(), []byte("a screenshot"))
		if err != nil {
			return err
		}
		s.file = f
		attached = append(attached, slacksim.Attach(f))
		p.count("attach a file", done)
	}
	out, err := write(s.words(), attached...)
	p.mu.Lock()
	defer p.mu.Unlock()
	s.ts, s.at, s.gone = out.TS, time.Now(), err != nil
	s.events = []string{messageEvent(p.id, out.TS)}
	return err
}

// confides writes to the bot outside of any thread, or answers where that belongs.
// What was written stays open for as long as the bot may ask about it, with whatever
// comes after it.
func (p *player) confides() {
	question := withButton(p.now.Load().DMs(p.name), "belongs_nowhere")
	p.open = slices.DeleteFunc(p.open, func(s *saying) bool {
		settled := p.answered || time.Since(s.at) > underWay
		return s.gone || question == nil && settled
	})
	switch {
	case len(p.open) == 0:
		p.answered = false
		p.writesApart()
	case question != nil:
		p.placesIt(question)
	}
}

// writesApart writes outside of any thread. If a ticket of theirs waits for an answer,
// or may do so, that can be one.
func (p *player) writesApart() {
	own, release := p.lockOwn()
	if own == nil {
		return
	}
	defer release()
	s := &saying{private: true, channel: "@supporty"}
	var waits []*ticketCase
	for _, c := range own {
		if c.mayWait(p.record.isLost) {
			waits = append(waits, c)
		}
	}
	s.passed = len(waits) > 0
	err := p.says(s, func(text string, options ...slacksim.SayOption) (slacksim.Outcome, error) {
		return p.actor.SayToBot(p.ctx, text, options...)
	})
	if err != nil {
		p.t.Errorf("%s cannot write to the bot: %v", p.name, err)
		return
	}
	p.count("write in private", done)
	p.open = append(p.open, s)
	for _, c := range waits {
		c.did(p, step{gesture: "write in private", outcome: unknown, does: answer})
	}
}

// underWay is how long the news of a gesture can take: until then it may be that the
// bot does not know of it.
const underWay = 2 * time.Minute

// mayWait reports whether a ticket may be waiting for an answer, as far as the bot knows.
func (c *ticketCase) mayWait(lost func(event string) bool) bool {
	for known := len(c.steps); known >= 0; known-- {
		all := possible(c.first(), c.steps[:known], lost)
		if slices.ContainsFunc(all, func(s situation) bool { return s.pause == "waiting" && !s.ended() }) {
			return true
		}
		if known > 0 && time.Since(c.steps[known-1].at) > underWay {
			return false
		}
	}
	return false
}

// lockOwn locks all that somebody asked for; nil if another is at one of them.
func (p *player) lockOwn() (own []*ticketCase, release func()) {
	p.mu.Lock()
	all := slices.Clone(p.cases)
	p.mu.Unlock()
	own = []*ticketCase{}
	release = func() {
		for _, c := range own {
			c.mu.Unlock()
		}
	}
	for _, c := range all {
		if c.maker != p.name {
			continue
		}
		if !c.mu.TryLock() {
			release()
			return nil, nil
		}
		own = append(own, c)
	}
	return own, release
}

func (c *ticketCase) did(p *player, s step) {
	s.who, s.at, s.unseen = p.called, time.Now(), true
	c.steps = append(c.steps, s)
	c.tell("%s: %s: %s", p.name, s.gesture, s.outcome)
}

var belongsTo = regexp.MustCompile(`"belongs_(\d+)"`)

// placesIt answers where something belongs: to one of the tickets that are offered, to
// a new one, or nowhere.
func (p *player) placesIt(question *slacksim.Message) {
	offered := belongsTo.FindAllStringSubmatch(string(question.Blocks), -1)
	p.answered = true
	switch n := p.chance.IntN(5); {
	case n < 2 && len(offered) > 0:
		p.passesOn(question, offered[p.chance.IntN(len(offered))][1])
	case n == 2:
		p.filesIt(question)
	default:
		if _, err := p.actor.Click(p.ctx, question.Channel, question.TS, "belongs_nowhere"); err == nil {
			p.count("nowhere", done)
		}
	}
}

// passesOn chooses a ticket. From here on all that is open may be shown in it.
func (p *player) passesOn(question *slacksim.Message, number string) {
	own, release := p.lockOwn()
	if own == nil {
		return
	}
	defer release()
	for _, c := range own {
		if card := cardIn(p.now.Load(), c.title); card == nil || numberOf(card) != number {
			continue
		}
		p.allow(c)
		if _, err := p.actor.Click(p.ctx, question.Channel, question.TS, "belongs_"+number); err == nil {
			p.count("pass on", unknown)
		}
		for range p.open {
			c.did(p, step{gesture: "pass on", outcome: unknown, does: answer})
		}
		return
	}
}

// allow notes that all that is open may be shown.
func (p *player) allow(c *ticketCase) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.open {
		s.passed, s.doubtful, s.c = true, true, c
	}
}

// filesIt makes a new ticket of what is open.
func (p *player) filesIt(question *slacksim.Message) {
	press := func() error {
		_, err := p.actor.Click(p.ctx, question.Channel, question.TS, "belongs_new")
		return err
	}
	if !p.opens("form_new", press) {
		return
	}
	c := p.newCase()
	p.allow(c)
	for _, s := range p.open {
		s.made = true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p.count("a new ticket of it", unknown)
	p.submits(c)
}

// revises edits or deletes something that somebody wrote, or its file, or takes it
// back.
func (p *player) revises() {
	s := p.pickOwn()
	if s == nil {
		return
	}
	if s.c != nil {
		if !s.c.mu.TryLock() {
			return
		}
		defer s.c.mu.Unlock()
	}
	switch n := p.chance.IntN(5); {
	case n == 0:
		p.deletes(s)
	case n == 1 && s.private:
		p.takesBack(s)
	case n == 2 && s.file.ID != "":
		p.deletesFile(s)
	default:
		p.edits(s)
	}
}

// pickOwn is one of the last things that somebody wrote, and that still stands.
func (p *player) pickOwn() *saying {
	p.mu.Lock()
	defer p.mu.Unlock()
	var own []*saying
	for _, s := range p.sayings {
		if s.who == p.name && !s.gone && s.ts != "" {
			own = append(own, s)
		}
	}
	own = own[max(0, len(own)-8):]
	if len(own) == 0 {
		return nil
	}
	return own[p.chance.IntN(len(own))]
}

func (p *player) edits(s *saying) {
	p.mu.Lock()
	s.version++
	turns := !s.private && !s.turned && p.chance.IntN(4) == 0
	if turns {
		s.aside, s.turned = !s.aside, true
	}
	p.mu.Unlock()
	if _, err := p.actor.Edit(p.ctx, s.channel, s.ts, s.words()); err != nil {
		p.t.Errorf("%s cannot edit: %v", p.name, err)
	}
	p.revised(s, "edit", changeEvent(s.ts))
	if turns && s.aside {
		p.unasks(s, "turn into an aside", changeEvent(s.ts))
	}
}

// unasks ends the wait for an answer to what nobody is to read any more.
func (p *player) unasks(s *saying, gesture, event string) {
	if s.c == nil {
		return
	}
	question := s.ts
	s.c.did(p, step{gesture: gesture, outcome: done, event: event, does: func(now situation) situation { return unask(now, question) }})
}

func (p *player) deletes(s *saying) {
	if _, err := p.actor.Delete(p.ctx, s.channel, s.ts); err != nil {
		p.t.Errorf("%s cannot delete: %v", p.name, err)
	}
	p.mu.Lock()
	s.gone = true
	p.mu.Unlock()
	p.revised(s, "delete", deletionEvent(s.ts))
	if c := s.c; c != nil && !s.private {
		if c.wrote[p.name] == s.ts {
			delete(c.wrote, p.name)
		}
		p.unasks(s, "delete", deletionEvent(s.ts))
	}
}

func (p *player) deletesFile(s *saying) {
	if _, err := p.actor.DeleteFile(p.ctx, s.file.ID); err != nil {
		p.t.Errorf("%s cannot delete a file: %v", p.name, err)
	}
	s.file, s.fileGone = slacksim.File{}, true
	p.revised(s, "delete a file", changeEvent(s.ts))
}

func (p *player) revised(s *saying, what, event string) {
	p.mu.Lock()
	s.events = append(s.events, event)
	p.mu.Unlock()
	p.count(what, done)
	if s.c != nil {
		s.c.tell("%s: %s of word-%d, now version %d", p.name, what, s.n, s.version)
	}
}

// takesBack presses the button that came with the confirmation. Whether that went well
// is seen from what it says then.
func (p *player) takesBack(s *saying) {
	state := p.now.Load()
	for _, m := range slices.Concat(state.Ephemerals(p.name), state.DMs(p.name)) {
		if m.BotID == "" || !strings.Contains(string(m.Blocks), ":"+s.ts+`"`) {
			continue
		}
		if _, err := p.actor.Click(p.ctx, m.Channel, m.TS, "take_back"); err != nil {
			return
		}
		p.mu.Lock()
		s.doubtful = true
		p.mu.Unlock()
		p.count("take back", unknown)
		return
	}
}
