package history

import "time"

// today are the tickets of the last hours, so that some are open at the end.
func today(d *deck) []Ticket {
	ago := func(before time.Duration, priority, requester string, tell func(*scene)) Ticket {
		s := d.scene(End - before)
		s.from(requester)
		s.ticket.Priority = priority
		s.cast()
		tell(s)
		return *s.ticket
	}
	soon := func(s *scene) { s.now += between(d.rng, 3*time.Minute, 9*time.Minute) }
	claim := func(s *scene) { soon(s); s.do(s.owner, Step{Do: ClaimEmoji}) }
	talk := func(s *scene) {
		claim(s)
		soon(s)
		s.say(s.owner, s.problem.Ask)
		soon(s)
		s.answer(s.problem.Answer)
	}
	return []Ticket{
		ago(47*time.Hour, "P3", "ines", talk), // late since yesterday
		ago(21*time.Hour, "P3", "grace", func(*scene) {}),
		ago(145*time.Minute, "P2", "hugo", talk), // warned, and due within the hour
		ago(75*time.Minute, "P2", "alice", claim),
		ago(50*time.Minute, "P3", "carol", talk),
		ago(22*time.Minute, "P3", "farid", func(*scene) {}),
		ago(8*time.Minute, "P2", "alice", func(*scene) {}),
	}
}
