package history

import "time"

// claimInTime is a claim before the warning, at any time of the day.
func (s *scene) claimInTime() {
	s.ticket.Priority = "P2"
	s.now += between(s.rng, 3*time.Minute, 20*time.Minute)
	s.do(s.owner, Step{Do: ClaimEmoji})
}

// untilWarned passes three quarters of the target, counted from the filing.
func (s *scene) untilWarned() {
	s.now = max(s.now, s.ticket.At+late[s.ticket.Priority]*3/4)
	s.now += between(s.rng, time.Minute, 4*time.Minute)
}

func onIt(s *scene) {
	s.claimInTime()
	s.untilWarned()
	s.do(s.owner, Step{Do: OnIt})
	s.fix()
}

func needsLonger(s *scene) {
	s.claimInTime()
	s.untilWarned()
	s.do(s.owner, Step{Do: Longer, Text: pick(s.rng, []string{
		"The supplier answers within two hours.", "The data repair runs for two more hours.", "The fix waits for a review.",
	})})
	s.pass(50*time.Minute, 80*time.Minute)
	s.fix()
}

// takenOverFromTheSilent has an owner who does not answer a warning; a colleague takes
// the ticket when it is offered.
func takenOverFromTheSilent(s *scene) {
	s.claimInTime()
	s.untilWarned()
	s.now += 30 * time.Minute
	s.do(s.helper, Step{Do: TakeOver})
	s.owner = s.helper
	s.fix()
}
