package desk

import (
	"context"
	"slices"

	"supporty/internal/duty"
	"supporty/internal/sla"
)

// Policies gives the promise by its version: what was promised stays promised,
// also after the configuration has changed.
type Policies interface {
	// Current returns the version that applies to what happens now.
	Current() int
	// Policy returns a version that was Current once.
	Policy(ctx context.Context, version int) (sla.Policy, error)
}

// Desk is the use cases. It is safe for concurrent use.
type Desk struct {
	tickets     Tickets
	index       Index
	lists       Lists
	search      Search
	sweeper     Sweeper
	retargeter  Retargeter
	floods      Floods
	schedules   Schedules
	unticketed  Unticketed
	homes       Homes
	questions   Questions
	searches    Searches
	answers     Answers
	shifts      Shifts
	drills      Drills
	deployments Deployments
	grateful    Grateful

	people     People
	policies   Policies
	categories []string
	fields     map[string][]AskedField // of categories, by their names
	thanks     Thanks
	instead    map[string]string // whom escalations reach in the place of some recipients
	squads     map[string][]string
	channels   map[string]string // in which the tickets of categories live, other than the support channel
	scattered  bool              // tickets live, or lived, in other channels than the support channel
	gardens    map[string]string // of squads: the category in which they write things down
	sealer     Sealer            // nil: nothing is looked for after a redaction
	private    []string          // categories
	recent     *recent
	share      int               // of 100 solutions, how many requesters are asked about
	leads      map[string]string // who leads the squad that owns a category
	roster     duty.Roster       // by the settings
	rosterMade RosterMark
	ladders    map[string]LadderPeople // by category
	night      duty.Night
	days       duty.Days
	runbooks   []string            // their addresses
	pages      map[string][]string // that reach people, by their ids
	incidents  Incidents
	offers     Offers
}

// New returns a desk. Categories are what a ticket may be filed under.
func New(store Store, people People, policies Policies, categories []string) *Desk {
	return &Desk{
		tickets: store, index: store, lists: store, search: store, sweeper: store, retargeter: store,
		floods: store, schedules: store, unticketed: store, homes: store, questions: store, searches: store, answers: store, shifts: store, drills: store, deployments: store, grateful: store,
		people: people, policies: policies, categories: categories, recent: &recent{},
	}
}

// Understanding returns the desk, which takes these words for mere thanks.
func (d *Desk) Understanding(t Thanks) *Desk {
	own := *d
	own.thanks = t
	return &own
}

// Remembering returns the desk, which decides on what it has loaded or decided before, if that
// is the stored version. Whoever changes what a Record shows has to count it in the version.
func (d *Desk) Remembering() *Desk {
	own := *d
	own.recent = newRecent()
	return &own
}

// Instead returns the desk, which escalates to others in the place of some recipients.
func (d *Desk) Instead(others map[string]string) *Desk {
	own := *d
	own.instead = others
	return &own
}

// Living returns the desk, whose new tickets live in these channels by their category, all
// others in the support channel. scattered says that there are tickets elsewhere than there.
func (d *Desk) Living(channels map[string]string, scattered bool) *Desk {
	own := *d
	own.channels, own.scattered = channels, scattered
	return &own
}

// KeepingPrivate returns the desk, whose tickets in some categories are private from the beginning.
func (d *Desk) KeepingPrivate(categories []string) *Desk {
	own := *d
	own.private = categories
	return &own
}

func (d *Desk) isPrivate(category string) bool { return slices.Contains(d.private, category) }

// Gardening returns the desk, whose squads file what is to be written down in these categories,
// by the names of the squads.
func (d *Desk) Gardening(categories map[string]string) *Desk {
	own := *d
	own.gardens = categories
	return &own
}

// Owning returns the desk, whose categories are owned by squads: the categories of each, by its
// name.
func (d *Desk) Owning(squads map[string][]string) *Desk {
	own := *d
	own.squads = squads
	return &own
}
