package ticket

import "slices"

// Sign is a meaning of emoji on a ticket. Both the live way in and reading after a gap use the
// table of signs.
type Sign struct {
	Name         string   // as the settings call it
	Emoji        []string // its emoji, unless the settings have others
	On           Place    // where it counts
	Added        Kind     // what adding its emoji means
	Removed      Kind     // what removing it means; empty for nothing
	ExplainsLate bool     // a person who removes it too late is told so
}

// Place is where an emoji counts.
type Place string

// The places.
const (
	OnCard  Place = "card"
	OnReply Place = "reply" // a reply in the ticket's thread, by its author
)

// Signs are all signs, in the order in which they are possible one after the other.
var Signs = []Sign{
	{Name: "claim", Emoji: []string{"eyes"}, On: OnCard, Added: Claimed, Removed: PutBack},
	{Name: "wait", Emoji: []string{"hourglass_flowing_sand", "hourglass"}, On: OnReply, Added: Waited, Removed: Resumed},
	{Name: "resolve", Emoji: []string{"white_check_mark", "heavy_check_mark"}, On: OnCard, Added: Resolved, Removed: Undone, ExplainsLate: true},
}

// Means returns the meaning of adding or removing an emoji of the sign.
func (s Sign) Means(put bool) Kind {
	if put {
		return s.Added
	}
	return s.Removed
}

// SignOf returns the sign whose added emoji means a kind of entry; the zero Sign if there is
// none.
func SignOf(asked Kind) Sign { return find(func(s Sign) bool { return s.Added == asked }) }

// takes is the kind that an emoji meant when it was added, by the kind of its removal; empty if
// there is none.
func takes(k Kind) Kind { return find(func(s Sign) bool { return s.Removed == k }).Added }

func find(wanted func(Sign) bool) Sign {
	if i := slices.IndexFunc(Signs, wanted); i >= 0 {
		return Signs[i]
	}
	return Sign{}
}
