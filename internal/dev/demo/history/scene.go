package history

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// scene is the story of a ticket while it is composed. Its time moves forward, and each
// gesture of a person becomes a step of the ticket.
type scene struct {
	rng     *rand.Rand
	start   time.Time // of the plan, in the company's zone
	problem problem
	ticket  *Ticket
	now     time.Duration
	owner   string // the engineer who takes the ticket
	helper  string // another engineer
}

// cast chooses the engineers: mostly the one who knows the category best.
func (s *scene) cast() {
	list := experts[s.ticket.Category]
	s.owner = list[0]
	if s.rng.IntN(10) >= 6 {
		s.owner = pick(s.rng, list[1:])
	}
	s.helper = other(s.rng, list, s.owner)
}

// enter chooses the way in, mostly the command.
func (s *scene) enter() {
	t := s.ticket
	switch n := s.rng.IntN(10); {
	case n == 0:
		t.Way = ByShortcut
	case n <= 2:
		t.Way, t.Author, t.Channel = ByMessage, t.Requester, "general"
		if corner := corners[t.Requester]; corner != "" {
			t.Channel = corner
		}
		// Sometimes an engineer makes a ticket from somebody's message.
		if n == 1 && t.Channel != "general" && !inSupport[t.Requester] {
			t.Requester = "bob"
			s.owner, s.helper = "jonas", "dana"
		}
	}
}

// from makes one of these people the requester, by the command.
func (s *scene) from(people ...string) {
	s.ticket.Requester, s.ticket.Way, s.ticket.Author, s.ticket.Channel = pick(s.rng, people), ByCommand, "", ""
}

// pass lets time go by, as much as people need, and not at night. Only problems that stop
// the company are worked on at any hour.
func (s *scene) pass(lo, hi time.Duration) {
	s.now += between(s.rng, lo, hi)
	switch s.ticket.Priority {
	case "P1":
	case "P2":
		s.now = working(s.rng, s.now, 20*time.Hour)
	default:
		s.now = working(s.rng, s.now, 18*time.Hour)
	}
}

// untilClaimed passes the time until an engineer looks.
func (s *scene) untilClaimed() {
	switch s.ticket.Priority {
	case "P1":
		s.pass(2*time.Minute, 11*time.Minute)
	case "P2":
		s.pass(3*time.Minute, 32*time.Minute)
	default:
		s.pass(8*time.Minute, 3*time.Hour)
	}
}

// untilFixed passes the time that the work takes.
func (s *scene) untilFixed() {
	switch s.ticket.Priority {
	case "P1":
		s.pass(12*time.Minute, 44*time.Minute)
	case "P2":
		s.pass(20*time.Minute, 110*time.Minute)
	default:
		s.pass(30*time.Minute, 6*time.Hour)
	}
}

// do adds a step at the story's present time.
func (s *scene) do(who string, step Step) {
	step.Who, step.At = who, s.now
	s.ticket.Steps = append(s.ticket.Steps, step)
}

// claim gives the ticket to its owner.
func (s *scene) claim() {
	s.untilClaimed()
	how := ClaimEmoji
	if s.rng.IntN(4) == 0 {
		how = ClaimButton
	}
	s.do(s.owner, Step{Do: how})
	if s.ticket.Priority == "P1" && !s.has(Incident) {
		s.now += 90 * time.Second
		s.do(s.owner, Step{Do: Incident})
	}
}

// has reports whether somebody does such a thing.
func (s *scene) has(a Action) bool {
	return slices.ContainsFunc(s.ticket.Steps, func(step Step) bool { return step.Do == a })
}

// say is a reply of an engineer. answer is a reply of the requester, in the place where
// they read.
func (s *scene) say(who, text string) { s.do(who, Step{Do: Reply, Text: text}) }

func (s *scene) answer(text string) {
	how := Answer
	if inSupport[s.ticket.Requester] {
		how = Reply
	}
	s.do(s.ticket.Requester, Step{Do: how, Text: text})
}

// talk is a question and its answer.
func (s *scene) talk() {
	s.pass(1*time.Minute, 9*time.Minute)
	s.say(s.owner, s.problem.Ask)
	s.pass(2*time.Minute, 16*time.Minute)
	s.answer(s.problem.Answer)
}

// maybeTalk talks in every second story.
func (s *scene) maybeTalk() {
	if s.rng.IntN(2) == 0 {
		s.talk()
	}
}

// fix resolves the ticket, by emoji or form.
func (s *scene) fix() {
	s.untilFixed()
	if s.ticket.Category == "Payments" && len(s.ticket.Steps)%2 == 1 {
		s.say(s.owner, "It is in the runbook: "+Runbook+"#after-a-payment")
		s.now += 30 * time.Second
	}
	if s.rng.IntN(2) == 0 {
		s.fixByForm()
		return
	}
	s.say(s.owner, sentence(s.problem.Fix))
	s.now += between(s.rng, 20*time.Second, 90*time.Second)
	how := ResolveTick
	if s.rng.IntN(6) == 0 {
		how = ResolveMark
	}
	s.do(s.owner, Step{Do: how})
	if s.rng.IntN(4) > 0 {
		s.now += between(s.rng, 10*time.Second, 50*time.Second)
		s.do(s.owner, Step{Do: How, To: s.problem.How})
	}
}

func (s *scene) fixByForm() {
	s.do(s.owner, Step{Do: ResolveForm, To: s.problem.How, Text: s.problem.Fix})
}

// thank ends some stories with thanks.
func (s *scene) thank() {
	if s.rng.IntN(4) == 0 && inSupport[s.ticket.Requester] {
		s.pass(2*time.Minute, 20*time.Minute)
		s.answer(pick(s.rng, []string{
			"Confirmed, it works again. Thank you.", "Checked just now, all good. Thanks for the quick help.", "Thank you, the customer is happy.",
		}))
		s.now += 20 * time.Second
		s.do(s.ticket.Requester, Step{Do: Thank})
	}
}

// isBefore reports whether it is before an hour of the day, in the company's zone.
func (s *scene) isBefore(hour int) bool { return s.start.Add(s.now).Hour() < hour }

// sentence writes a clause as a sentence.
func sentence(clause string) string {
	return strings.ToUpper(clause[:1]) + clause[1:] + "."
}
