package ticket

import "slices"

// Sign is something that people say of a ticket with an emoji. Everything that is told
// by emoji asks the table of signs, live and read after a gap.
type Sign struct {
	Name  string   // as the settings call it
	Emoji []string // its emoji, unless the settings have others
	On    Place    // where it counts
	Put   Kind     // what it means that its emoji is put
	Taken Kind     // and that it is taken away; empty for nothing
	Tells bool     // who takes it away too late is told so
}

// Place is where an emoji counts.
type Place string

// The places.
const (
	OnCard  Place = "card"
	OnReply Place = "reply" // a reply in the ticket's thread, for whoever wrote it
)

// Signs are all of them, in the order in which they are possible one after the other.
var Signs = []Sign{
	{Name: "claim", Emoji: []string{"eyes"}, On: OnCard, Put: Claimed, Taken: PutBack},
	{Name: "wait", Emoji: []string{"hourglass_flowing_sand", "hourglass"}, On: OnReply, Put: Waited, Taken: Resumed},
	{Name: "resolve", Emoji: []string{"white_check_mark", "heavy_check_mark"}, On: OnCard, Put: Resolved, Taken: Undone, Tells: true},
}

// Means returns the meaning of putting or removing an emoji of the sign.
func (s Sign) Means(put bool) Kind {
	if put {
		return s.Put
	}
	return s.Taken
}

// SignOf returns the sign by which an emoji asks for a kind of entry, the zero Sign if
// there is none.
func SignOf(asked Kind) Sign { return find(func(s Sign) bool { return s.Put == asked }) }

// takes is the gesture that a removed emoji had asked for; empty if there is none.
func takes(k Kind) Kind { return find(func(s Sign) bool { return s.Taken == k }).Put }

func find(wanted func(Sign) bool) Sign {
	if i := slices.IndexFunc(Signs, wanted); i >= 0 {
		return Signs[i]
	}
	return Sign{}
}
