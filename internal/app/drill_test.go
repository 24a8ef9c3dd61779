package app_test

import (
	"strings"
	"testing"
	"time"
)

// A drill calls the people of the ladder, also while the desk is open, says everywhere that it is one, and is
// over when somebody answers. Its calls are in the ledger; no numbers, lists and exports count it.
func TestADrill(t *testing.T) {
	t.Parallel()
	pages, calls := pagesTo(t, map[string][]int{"bob": {200}})
	h := setup(t, ladder, pages, phone, inUTC)
	h.advance(time.Second)
	bob, dana := h.as("bob"), h.as("dana")
	bob.types("/support drill Checkout")
	bob.hears("Who leads Checkout, and operators, can start a drill.")
	dana.types("/support drill checkout")
	dana.hears("The drill #1 begins: the ladder of Checkout is called now")
	h.advance(time.Second)
	called := bob.gets("P1 #1 DRILL: is somebody there for Checkout?")
	h.reads("support", "@Bob, #1 DRILL: is somebody there for Checkout?")
	h.allPosted()
	if got := calls("bob"); len(got) != 1 || !strings.HasPrefix(got[0].Title, "DRILL") {
		t.Errorf("the page has %+v", got)
	}
	dana.types("/support drill Checkout")
	dana.hears("#1 is a drill of Checkout that goes on.")
	h.advance(4 * time.Minute)
	bob.clicks(called, "reach")
	h.until(`SELECT state = 'closed' FROM tickets`)
	h.reads("support", "The drill is over")
	h.reads("support", "@Dana, #1 was a drill, and is over: somebody answered after 4 min. Thank you.")
	h.advance(time.Hour)
	h.allPosted()
	if said := texts(h.thread(h.reads("support", "#1 · P1 · DRILL"))); strings.Contains(said, "@Bob, #1 was a drill") {
		t.Errorf("who answered is pinged about it: %s", said)
	}
	h.until(`SELECT count(*) = 1 AND bool_and(step = 'drill 1.1' AND squad = 'Checkout') FROM duty_pages`)
	h.until(`SELECT count(*) = 0 FROM cycles`)
	h.until(`SELECT count(*) = 1 FROM drills WHERE answered_at - began_at BETWEEN '4 min' AND '4 min 5 s' AND ended_at IS NOT NULL`)
	bob.types("/support drill")
	bob.hears("somebody answered after 4 min.")
	dana.types("/support list")
	dana.hears("Open tickets: none.")
	h.advance(24 * time.Hour)
	dana.types("/support stats 2026-11-16..2026-11-16")
	dana.hears("no tickets.")
}

// Who solves a drill has answered it, and what it took is no cost.
func TestASolvedDrill(t *testing.T) {
	t.Parallel()
	h := setup(t, ladder, inUTC)
	h.advance(time.Second)
	h.as("dana").types("/support drill Checkout")
	h.as("dana").hears("The drill #1 begins")
	h.advance(2 * time.Minute)
	h.as("bob").reacts(h.reads("support", "#1 · P1 · DRILL"), tick)
	h.until(`SELECT state = 'resolved' FROM tickets`)
	h.until(`SELECT count(*) = 1 FROM drills WHERE answered_at - began_at BETWEEN '2 min' AND '2 min 5 s'`)
	h.advance(24 * time.Hour)
	h.allPosted()
	if said := texts(h.as("dana").directs()); strings.Contains(said, "is it fixed?") {
		t.Error("a survey is sent for a drill")
	}
	h.as("dana").types("/support stats 2026-11-16..2026-11-16")
	h.as("dana").hears("no tickets.")
}

// inUTC has everybody in one zone.
func inUTC(_ *config_, sim *simConfig) {
	for i := range sim.Workspace.People {
		sim.Workspace.People[i].TZ = "UTC"
	}
}

// At night a drill needs that those agreed for whom it is night. A real P1 ends it, and is called for as any.
func TestADrillAtNight(t *testing.T) {
	t.Parallel()
	h := setup(t, ladder, inUTC)
	h.advance(time.Second)
	h.advance(16 * time.Hour) // Tuesday, two o'clock
	dana := h.as("dana")
	dana.types("/support drill Checkout")
	dana.hears("who has not agreed to drills at night")
	for _, name := range []string{"bob", "dana", "carol"} {
		who := h.as(name)
		who.types("/support drill")
		who.clicks(who.hears("At night a drill calls you only if you agree."), "drill_nights:yes")
		who.hears("You have agreed that drills call you at night, too.")
	}
	dana.types("/support drill Checkout")
	dana.hears("The drill #1 begins")
	h.advance(time.Second)
	h.as("alice").opens(siteIsDown)
	h.until(`SELECT state = 'closed' FROM tickets WHERE number = 1`)
	h.advance(20 * time.Minute)
	h.allPosted()
	if n := count(h.as("carol").directs(), "DRILL"); n != 0 {
		t.Error("the drill goes on beside a real P1")
	}
	h.as("carol").gets("P1 #2 Site is down")
	dana.types("/support drill")
	dana.hears("it ended without an answer.")
	dana.types("/support drill Checkout")
	dana.hears("This is no time for a drill of Checkout.")
}
