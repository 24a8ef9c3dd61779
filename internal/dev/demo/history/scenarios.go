package history

import "time"

// scenario is a kind of story.
type scenario struct {
	name  string
	share int // per cent of the tickets, roughly
	twin  bool
	tell  func(*scene)
}

// scenarios: every state and gesture of the desk occurs in one.
var scenarios = []scenario{
	{"as usual", 20, false, func(s *scene) { s.claim(); s.maybeTalk(); s.fix(); s.thank() }},
	{"several talk", 12, false, severalTalk},
	{"quick", 5, false, func(s *scene) { s.fix() }},
	{"handed over", 5, false, handedOver},
	{"taken over", 2, false, takenOver},
	{"put back", 3, false, putBack},
	{"unclaimed", 2, false, unclaimed},
	{"raised", 3, false, raised},
	{"lowered", 3, false, lowered},
	{"edited", 4, false, edited},
	{"undone", 2, false, undone},
	{"reopened", 4, false, reopened},
	{"filed twice", 4, true, func(s *scene) { s.claim(); s.talk(); s.fix() }},
	{"not an issue", 3, false, notAnIssue},
	{"withdrawn", 2, false, withdrawn},
	{"withdrawn in the thread", 1, false, withdrawnInTheThread},
	{"solved by the requester", 2, false, solvedByRequester},
	{"solved by them in the thread", 1, false, solvedInTheThread},
	{"nobody looks", 4, false, nobodyLooks},
	{"takes long", 5, false, takesLong},
	{"answered first", 3, false, answeredFirst},
	{"commented", 2, false, commented},
	{"deleted", 1, false, deleted},
	{"waits for an answer", 6, false, waits},
	{"asked by form", 2, false, askedByForm},
	{"never answered", 2, false, neverAnswered},
	{"on hold", 3, false, onHold},
	{"on it", 1, false, onIt},
	{"needs longer", 2, false, needsLonger},
	{"taken over from who is silent", 1, false, takenOverFromTheSilent},
}

func severalTalk(s *scene) {
	s.claim()
	s.talk()
	s.pass(1*time.Minute, 10*time.Minute)
	s.say(s.helper, pick(s.rng, []string{
		"I saw something like it in spring. Have a look at the log of the importer.", "Same symptom in the shop for Spain, so it is not only yours.",
		"I can take the customers while you look for the cause.", "The release of yesterday touched this. I will read the change.",
		"Nothing unusual on the servers, so it is ours.",
	}))
	s.pass(2*time.Minute, 12*time.Minute)
	s.say(s.owner, pick(s.rng, []string{
		"Good hint. Found it, give me a little.", "Yes, that is it. I have a fix and test it now.", "I can reproduce it here now.",
		"Thanks. It is smaller than I feared.",
	}))
	if s.rng.IntN(2) == 0 {
		s.pass(2*time.Minute, 9*time.Minute)
		answers := []string{"Thank you, I tell the team.", "Good to know. How long will it take, roughly?", "The customer can wait until tomorrow."}
		if s.isBefore(12) {
			answers[2] = "The customer can wait until this afternoon."
		}
		s.answer(pick(s.rng, answers))
	}
	s.fix()
	s.thank()
}

func handedOver(s *scene) {
	s.claim()
	s.talk()
	s.pass(5*time.Minute, 25*time.Minute)
	s.do(s.owner, Step{Do: HandOver, To: s.helper, Text: "You know this part better. The question above is answered."})
	s.owner = s.helper
	s.fix()
}

func takenOver(s *scene) {
	s.claim()
	s.pass(10*time.Minute, 40*time.Minute)
	s.do(s.helper, Step{Do: HandOver, To: s.helper, Text: "I am in that code anyway."})
	s.owner = s.helper
	s.fix()
}

func putBack(s *scene) {
	s.claim()
	s.pass(6*time.Minute, 30*time.Minute)
	s.say(s.owner, "I have to leave for a meeting; whoever is free may take it.")
	s.pass(1*time.Minute, 2*time.Minute)
	s.do(s.owner, Step{Do: PutBack})
	s.owner, s.helper = s.helper, s.owner
	s.claim()
	s.fix()
}

func unclaimed(s *scene) {
	s.untilClaimed()
	s.do(s.owner, Step{Do: ClaimEmoji})
	s.pass(1*time.Minute, 4*time.Minute)
	s.do(s.owner, Step{Do: Unclaim})
	s.owner, s.helper = s.helper, s.owner
	s.claim()
	s.maybeTalk()
	s.fix()
}

func raised(s *scene) {
	if s.ticket.Priority == "P1" {
		s.ticket.Priority = "P2"
	}
	to := map[string]string{"P3": "P2", "P2": "P1"}[s.ticket.Priority]
	s.claim()
	s.talk()
	s.pass(2*time.Minute, 15*time.Minute)
	s.do(s.owner, Step{Do: Priority, To: to, Text: "More customers are hit than it looked like."})
	s.ticket.Priority, to = to, s.ticket.Priority
	s.fix() // at the pace of the new priority
	s.ticket.Priority = to
}

func lowered(s *scene) {
	if s.ticket.Priority == "P3" {
		s.ticket.Priority = "P2"
	}
	to := map[string]string{"P2": "P3", "P1": "P2"}[s.ticket.Priority]
	s.claim()
	s.talk()
	s.pass(2*time.Minute, 15*time.Minute)
	s.do(s.owner, Step{Do: Priority, To: to, Text: "There is a way around it, as said above: nobody is blocked."})
	s.fix()
}

func edited(s *scene) {
	s.from("alice", "erin")
	text := s.ticket.Text + "\nEdit: " + s.problem.Answer
	s.pass(2*time.Minute, 12*time.Minute)
	s.do(s.ticket.Requester, Step{Do: Edit, To: s.ticket.Category, Text: text})
	s.claim()
	s.fix()
}

func undone(s *scene) {
	s.claim()
	s.maybeTalk()
	s.untilFixed()
	s.do(s.owner, Step{Do: ResolveTick})
	s.now += between(s.rng, time.Minute, 5*time.Minute)
	s.do(s.owner, Step{Do: Undo})
	s.pass(1*time.Minute, 5*time.Minute)
	s.say(s.owner, "Too early, one case is left.")
	s.fix()
}

func reopened(s *scene) {
	s.claim()
	s.fix()
	s.pass(2*time.Hour, 40*time.Hour)
	if inSupport[s.ticket.Requester] {
		s.do(s.ticket.Requester, Step{Do: Reopen})
	} else {
		s.do(s.ticket.Requester, Step{Do: ReopenTold})
	}
	s.pass(1*time.Minute, 4*time.Minute)
	s.answer("It is back, or was never gone: " + s.problem.Answer)
	s.pass(4*time.Minute, 20*time.Minute)
	s.say(s.owner, "Sorry about that. I have another look.")
	s.untilFixed()
	s.fixByForm() // the emoji of the first resolution still stands
}

func notAnIssue(s *scene) {
	s.claim()
	s.talk()
	s.pass(3*time.Minute, 20*time.Minute)
	s.do(s.owner, Step{Do: Close, To: "not_an_issue", Text: "It works as it is meant to; I have explained it above."})
}

func withdrawn(s *scene) {
	s.from("farid", "ines", "hugo")
	s.pass(4*time.Minute, 25*time.Minute)
	s.do(s.ticket.Requester, Step{Do: Withdraw})
}

func withdrawnInTheThread(s *scene) {
	s.from("alice", "erin")
	s.pass(4*time.Minute, 25*time.Minute)
	s.do(s.ticket.Requester, Step{Do: Close, To: "withdrawn", Text: "My mistake, I looked at the training shop."})
}

func solvedByRequester(s *scene) {
	s.from("farid", "carol", "grace")
	s.claim()
	s.pass(4*time.Minute, 12*time.Minute)
	s.say(s.owner, s.problem.Ask)
	s.pass(4*time.Minute, 20*time.Minute)
	s.do(s.ticket.Requester, Step{Do: SolvedIt})
}

func solvedInTheThread(s *scene) {
	s.from("alice", "erin")
	s.claim()
	s.talk()
	s.pass(4*time.Minute, 20*time.Minute)
	s.do(s.ticket.Requester, Step{Do: ResolveForm, To: "no_change", Text: "your question was the answer, it works now"})
}

// late is the time after which a ticket is late, by priority.
var late = map[string]time.Duration{"P1": time.Hour, "P2": 3 * time.Hour, "P3": 24 * time.Hour}

func nobodyLooks(s *scene) {
	s.now += late[s.ticket.Priority]
	s.pass(4*time.Minute, 50*time.Minute)
	s.do(s.owner, Step{Do: ClaimAlert})
	s.pass(1*time.Minute, 5*time.Minute)
	s.say(s.owner, "Sorry, we have overlooked this one. On it now.")
	s.fix()
}

func takesLong(s *scene) {
	s.claim()
	s.talk()
	s.now += late[s.ticket.Priority]
	s.pass(5*time.Minute, 90*time.Minute)
	expected := "I expect it soon."
	if s.isBefore(13) {
		expected = "I expect it this afternoon."
	}
	s.say(s.owner, pick(s.rng, []string{
		"This takes longer than I hoped: the supplier has to change something on their side. " + expected,
		"I have the cause, but the fix needs a review that I am waiting for.", "The data repair is running; it needs some more time.",
	}))
	s.fix()
}

func answeredFirst(s *scene) {
	s.untilClaimed()
	s.say(s.owner, s.problem.Ask)
	s.now += between(s.rng, 15*time.Second, 50*time.Second)
	s.do(s.owner, Step{Do: ClaimAsked})
	s.pass(3*time.Minute, 20*time.Minute)
	s.answer(s.problem.Answer)
	s.fix()
}

func commented(s *scene) {
	s.pass(2*time.Minute, 9*time.Minute)
	s.say(s.helper, "Not mine, but look at the release notes of this morning.")
	s.now += between(s.rng, 15*time.Second, 50*time.Second)
	s.do(s.helper, Step{Do: JustComment})
	s.claim()
	s.fix()
}

// deleted is a card that Bob, an admin, deletes because of a part that not everybody
// should read. The requester checks the text and shows it again.
func deleted(s *scene) {
	s.from("alice", "erin")
	s.claim()
	s.pass(3*time.Minute, 10*time.Minute)
	s.do("bob", Step{Do: DeleteCard})
	s.pass(5*time.Minute, 15*time.Minute)
	s.do(s.ticket.Requester, Step{Do: ShowText})
	s.fix()
}
