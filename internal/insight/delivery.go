package insight

import "time"

// Delivery is how deployments went, and what it took to recover, by the definitions of DORA
// (https://dora.dev/guides/dora-metrics-four-keys). An incident is a ticket that is marked as one,
// unless it was closed without a solution. It is tied to the last deployment of the service that its
// category names, from before it was opened and within the window of the settings; or to what
// somebody has said in the ticket. All of it is as it is known, and as the settings are, now.
type Delivery struct {
	Deployments int // in the period
	Failed      int // of these: those that incidents are tied to so far, whenever they were opened
	Incidents   int // opened in the period
	Tied        int // of these: those that are tied to a deployment

	// Recover is the time from opening to solution, nights and pauses included, of the incidents
	// that are tied to a deployment, were resolved in the period and still are.
	Recover Spread
}

// Any reports whether there is something to tell.
func (d Delivery) Any() bool { return d != Delivery{} }

// MarkKind is what a mark on a chart is about.
type MarkKind string

// The kinds of marks: a deployment, or that a setting has changed.
const (
	MarkDeployment MarkKind = "deployment"
	MarkHours      MarkKind = "hours"      // opening hours
	MarkTargets    MarkKind = "targets"    //
	MarkCategories MarkKind = "categories" // which there are
)

// SettingMarks lists the kinds that are about settings, in the order in which they are told.
var SettingMarks = []MarkKind{MarkHours, MarkTargets, MarkCategories}

// Label is what has changed, in words.
func (k MarkKind) Label() string {
	if k == MarkHours {
		return "opening hours"
	}
	return string(k)
}

// Mark is something that may explain why numbers are others from then on.
type Mark struct {
	At      time.Time // UTC
	Kind    MarkKind
	Service string // of a deployment, as are the others
	Version string // may be empty
	URL     string // may be empty
}
