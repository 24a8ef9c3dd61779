package ticket

// Cause is the reason why a ticket became late, as far as its timeline tells. It is about
// the work and never about a person.
type Cause string

// The causes. If several apply, the first one counts.
const (
	CauseReopened    Cause = "reopened"     // it was resolved before, and that did not hold
	CauseUnclaimed   Cause = "unclaimed"    // nobody had it at the deadline
	CauseHandedOver  Cause = "handed_over"  // it was handed over
	CauseClaimedLate Cause = "claimed_late" // somebody took it when half of the time or more was over
	CauseLongWait    Cause = "long_wait"    // it had waited for the requester or something outside
	CauseLongWork    Cause = "long_work"    // none of the others: the work took longer
)

// Causes lists all causes in that order.
var Causes = []Cause{CauseReopened, CauseUnclaimed, CauseHandedOver, CauseClaimedLate, CauseLongWait, CauseLongWork}

// Label returns the cause as people read it after a number, as in "2 unclaimed"; "" if c is no
// cause.
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
