package desk

import "supporty/internal/sla"

// Steps of the clock to solve a ticket that are the desk's own.
const (
	StepSilent sla.StepName = "silent" // the owner has not answered a warning: somebody else is asked
	StepPassed sla.StepName = "passed" // the target, in favour of another time: only the card says so
)

// An answer that is late is asked for again in these steps of the clock to answer.
var repetitions = []sla.StepName{"again1", "again2", "again3"}

// stepRule is what is known of a step.
type stepRule struct {
	source Source
	step   sla.StepName // empty for all steps of the source

	forewarns bool // it comes before the end that is awaited
	repeats   bool // it tells again what was told before
	rings     bool // about a P1 it is told by a message of its own: an edit is not even shown as unread
	alone     bool // it neither takes the place of what was told before, nor gives it up
	delays    bool // the requester is told that it takes longer
	onCard    bool // the card says it
	silent    bool // nothing else says it
}

// steps are all that time can bring to a ticket, the most severe first: lateness before
// warnings, the promise to solve before the promise to answer. Of the steps of clocks
// that are due at once the most severe is told. Pauses, escalations, the ladder and offers have theirs
// beside that.
var steps = []stepRule{
	{source: Source(sla.Resolve), step: sla.Late, rings: true, delays: true, onCard: true},
	{source: Source(sla.Respond), step: sla.Late, rings: true},
	{source: Source(sla.Respond), step: repetitions[2], rings: true, repeats: true},
	{source: Source(sla.Respond), step: repetitions[1], rings: true, repeats: true},
	{source: Source(sla.Respond), step: repetitions[0], rings: true, repeats: true},
	{source: Source(sla.Reply), step: sla.Late, rings: true, alone: true},
	{source: Source(sla.Resolve), step: StepSilent, forewarns: true},
	{source: Source(sla.Resolve), step: sla.Warn, forewarns: true},
	{source: Source(sla.Respond), step: sla.Warn, forewarns: true, rings: true},
	{source: Source(sla.Resolve), step: StepPassed, onCard: true, silent: true},
	{source: Pause, step: StepClose},
	{source: Pause, step: StepNudge},
	{source: Pause, step: StepReview},
	{source: Escalation},
	{source: Ladder},
	{source: Offer},
}

// rule is the row of an alert, the zero stepRule if it has none.
func (a Alert) rule() stepRule {
	if i := a.severity(); i < len(steps) {
		return steps[i]
	}
	return stepRule{}
}

// severity is the place of an alert in the table. One that has none, which a test looks
// for, comes last.
func (a Alert) severity() int {
	for i, s := range steps {
		if s.source == a.Source && (s.step == a.Step || s.step == "") {
			return i
		}
	}
	return len(steps)
}

// Forewarns reports whether the alert comes before the end that is awaited.
func (a Alert) Forewarns() bool { return a.rule().forewarns }

// Repeats reports whether the alert tells again what was told before.
func (a Alert) Repeats() bool { return a.rule().repeats }
