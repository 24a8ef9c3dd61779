package history

import "time"

// waits has a marked question that is answered hours later. The clock is paused
// meanwhile.
func waits(s *scene) {
	s.claim()
	s.pass(2*time.Minute, 9*time.Minute)
	s.say(s.owner, s.problem.Ask)
	s.pass(20*time.Second, time.Minute)
	s.do(s.owner, Step{Do: Hourglass})
	s.pass(time.Hour, 5*time.Hour)
	s.answer(s.problem.Answer)
	s.fix()
	s.thank()
}

func askedByForm(s *scene) {
	s.claim()
	s.pass(2*time.Minute, 9*time.Minute)
	s.do(s.owner, Step{Do: Ask, Text: s.problem.Ask})
	s.pass(time.Hour, 20*time.Hour)
	s.answer(s.problem.Answer)
	s.fix()
}

// neverAnswered has a question that is repeated after a day, and a ticket that is closed
// after three.
func neverAnswered(s *scene) {
	s.claim()
	s.pass(2*time.Minute, 9*time.Minute)
	s.do(s.owner, Step{Do: Ask, Text: s.problem.Ask})
}

func onHold(s *scene) {
	s.claim()
	s.talk()
	s.pass(5*time.Minute, 30*time.Minute)
	s.do(s.owner, Step{Do: Hold, Text: pick(s.rng, []string{
		"The bank has to change it on their side; they promise it within days.", "Needs the part that the supplier has sent.",
		"Waits for the release of the payment provider.",
	})})
	s.pass(24*time.Hour, 80*time.Hour)
	s.do(s.owner, Step{Do: Resume})
	s.fix()
}
