package ticket

// Cause is why a ticket became late, as far as its timeline tells: what went wrong
// with the work, and never with a person.
type Cause string

// The causes, in the order in which one goes before another.
const (
	CauseReopened    Cause = "reopened"     // it had been solved before, and was not
	CauseUnclaimed   Cause = "unclaimed"    // nobody had it at the deadline
	CauseHandedOver  Cause = "handed_over"  // it went from hand to hand
	CauseClaimedLate Cause = "claimed_late" // somebody took it when half of the time or more was over
	CauseLongWait    Cause = "long_wait"    // it waited for the requester or something outside before
	CauseLongWork    Cause = "long_work"    // none of these: the work took longer
)

// Causes lists all causes in that order.
var Causes = []Cause{CauseReopened, CauseUnclaimed, CauseHandedOver, CauseClaimedLate, CauseLongWait, CauseLongWork}

// Label returns the cause as people read it after a number, "2 unclaimed"; "" if c
// is none.
func (c Cause) Label() string {
	switch c {
	case CauseReopened:
		return "reopened"
	case CauseUnclaimed:
		return "unclaimed"
	case CauseHandedOver:
		return "handed over"
	case CauseClaimedLate:
		return "claimed late"
	case CauseLongWait:
		return "after a long wait"
	case CauseLongWork:
		return "took longer"
	}
	return ""
}
