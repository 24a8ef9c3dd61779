package postgres_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/catchup"
	"supporty/internal/ticket"
)

// unreadHarness records laps and what they found unread.
type unreadHarness struct {
	*postgresHarness
	tickets map[string]ticket.Number // by the ts of their cards
}

func newUnreadHarness(t *testing.T) *unreadHarness {
	t.Helper()
	u := &unreadHarness{newPostgresHarness(t), map[string]ticket.Number{}}
	u.sign(0, sign{seen: 0})
	for ts, p := range map[string]ticket.Priority{"1.1": ticket.P3, "2.1": ticket.P1, "3.1": ticket.P2} {
		u.tickets[ts] = u.open(p, "U1")
	}
	u.exec(`UPDATE tickets SET next_at = NULL`)
	return u
}

// finds is a lap that finds threads unread between two times; a "!" has changed.
func (u *unreadHarness) finds(since, until int, threads ...string) {
	u.t.Helper()
	var found []catchup.Unread
	for _, ts := range threads {
		ts, changed := strings.CutSuffix(ts, "!")
		found = append(found, catchup.Unread{
			In: ticket.Message{Channel: "C1", TS: ts}, Ticket: u.tickets[ts], Changed: changed,
			Since: monday.Add(time.Duration(since) * time.Second), Until: monday.Add(time.Duration(until) * time.Second),
		})
	}
	lap := catchup.Lap{Until: monday.Add(time.Duration(until) * time.Second)}
	if err := errors.Join(u.db.BeginLap(u.t.Context(), "C1", lap), u.db.EndLap(u.t.Context(), "C1", lap, found)); err != nil {
		u.t.Fatal(err)
	}
}

// lists checks the order of what is unread.
func (u *unreadHarness) lists(want ...string) []catchup.Unread {
	u.t.Helper()
	list, err := u.db.Unread(u.t.Context(), 10)
	var got []string
	for _, one := range list {
		got = append(got, one.In.TS)
	}
	if err != nil || !slices.Equal(got, want) {
		u.t.Errorf("to be read is %v, want %v (%v)", got, want, err)
	}
	return list
}

func TestUnreadByUrgency(t *testing.T) {
	t.Parallel()
	u := newUnreadHarness(t)
	u.finds(0, 10, "1.1", "2.1", "3.1")
	u.lists("2.1", "3.1", "1.1")
	u.exec(`UPDATE tickets SET next_at = $1 WHERE number = $2`, monday, u.tickets["1.1"])
	first := u.lists("1.1", "2.1", "3.1")[0]
	for range 3 {
		u.lists("1.1", "2.1", "3.1")
		u.must(nil, u.db.Failed(t.Context(), first))
	}
	u.lists("2.1", "3.1", "1.1")
	u.finds(10, 20, "3.1!")
	u.lists("3.1", "2.1", "1.1")
}

// What is in a channel that cannot be read comes after the rest.
func TestAClosedChannelComesLast(t *testing.T) {
	t.Parallel()
	u := newUnreadHarness(t)
	u.finds(0, 10, "1.1", "2.1", "3.1")
	u.exec(`UPDATE unread SET channel = 'C2' WHERE ts <> '1.1'`)
	u.must(nil, u.db.FailedIn(t.Context(), "C2"))
	u.lists("1.1", "2.1", "3.1")
}

// What is unread since a big gap stays before what a later small one adds, and since the
// same time; and what was read before the later gap is not read for it.
func TestALaterGapKeepsWhatIsUnread(t *testing.T) {
	t.Parallel()
	u := newUnreadHarness(t)
	u.finds(0, 100, "1.1", "3.1")
	before := u.lists("3.1", "1.1")
	u.finds(100, 110, "2.1", "3.1")
	u.must(nil, u.db.Read(t.Context(), before[0]))
	u.must(nil, u.db.Read(t.Context(), before[1]))
	after := u.lists("3.1", "2.1")
	if !after[0].Since.Equal(monday) || !after[0].Until.Equal(monday.Add(110*time.Second)) {
		t.Errorf("unread: %+v", after[0])
	}
	w, err := u.db.Watermark(t.Context(), "C1")
	if err != nil || !w.KnownUntil().Equal(monday) || !w.SeenUntil.Equal(monday.Add(110*time.Second)) {
		t.Errorf("%+v, %v", w, err)
	}
	u.must(nil, u.db.Read(t.Context(), after[0]))
	if w, err := u.db.Watermark(t.Context(), "C1"); err != nil || !w.KnownUntil().Equal(monday.Add(100*time.Second)) {
		t.Errorf("%+v, %v", w, err)
	}
}

// A lap keeps how far it has come, and another one puts an end to it.
func TestLap(t *testing.T) {
	t.Parallel()
	u := newUnreadHarness(t)
	lap := catchup.Lap{Until: monday.Add(time.Minute), Began: ticket.Message{Channel: "C1", TS: "3.1"}}
	u.must(nil, u.db.BeginLap(t.Context(), "C1", lap))
	lap.At = ticket.Message{Channel: "C1", TS: "2.1"}
	u.must(nil, u.db.Advance(t.Context(), "C1", lap, nil))
	if w, err := u.db.Watermark(t.Context(), "C1"); err != nil || w.Lap != lap {
		t.Errorf("%+v, %v", w.Lap, err)
	}
	u.must(nil, u.db.BeginLap(t.Context(), "C1", catchup.Lap{Until: monday.Add(time.Hour)}))
	found := []catchup.Unread{{In: ticket.Message{Channel: "C1", TS: "1.1"}, Ticket: u.tickets["1.1"], Since: monday, Until: monday}}
	for name, err := range map[string]error{
		"goes on": u.db.Advance(t.Context(), "C1", lap, found), "ends": u.db.EndLap(t.Context(), "C1", lap, found),
	} {
		if !errors.Is(err, catchup.ErrOtherLap) {
			t.Errorf("it %s: %v", name, err)
		}
	}
	u.lists()
}
