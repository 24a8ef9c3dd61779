package postgres_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/home"
	"supporty/internal/ticket"
)

// Each shelf has its tickets and no others, in its order, page by page.
func TestShelves(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	const me, other = "U1", "U2"
	open := func(p ticket.Priority, requester string) ticket.Number { return b.open(p, requester) }
	unowned, urgent := open(ticket.P2, other), open(ticket.P1, other)
	mine, paused, theirs := open(ticket.P2, other), open(ticket.P2, other), open(ticket.P2, me)
	asksMe, solved := open(ticket.P3, me), open(ticket.P3, me)
	for n, owner := range map[ticket.Number]string{mine: me, paused: me, theirs: other, asksMe: other, solved: other} {
		b.must(b.desk.Claim(ctx, b.gesture(n, owner)))
	}
	b.must(b.desk.Hold(ctx, b.gesture(paused, me), "the bank", at(72)))
	b.must(b.desk.Wait(ctx, b.gesture(asksMe, other), "Which?"))
	b.must(b.desk.Resolve(ctx, b.gesture(solved, other), "", ""))
	for _, n := range []ticket.Number{urgent, mine, unowned} {
		b.must(b.desk.Follow(ctx, b.gesture(n, me)))
	}
	b.must(b.desk.Unfollow(ctx, b.gesture(mine, me)))
	b.must(b.desk.Follow(ctx, b.gesture(mine, "U3")))

	want := map[desk.ShelfName][]ticket.Number{
		desk.ShelfOwned: {mine}, desk.ShelfAsksMe: {asksMe}, desk.ShelfUnowned: {urgent, unowned},
		desk.ShelfPaused: {paused, asksMe}, desk.ShelfAsked: {asksMe, theirs, solved},
		desk.ShelfFollowed: {urgent, unowned},
		desk.ShelfSquad:    {urgent, unowned, paused, asksMe},
		desk.ShelfOthers:   {theirs},
	}
	for name, numbers := range want {
		query := desk.ShelfQuery{Name: name, Reader: me, Now: at(1), Limit: 10}
		b.shelfHas(query, numbers, len(numbers))
		query.Limit, query.From = 1, len(numbers)-1
		b.shelfHas(query, numbers[len(numbers)-1:], len(numbers))
		query.From++
		b.shelfHas(query, nil, 0)
	}
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfAsked, Reader: me, Now: at(8 * 24), Limit: 10}, []ticket.Number{asksMe, theirs}, 2)

	for reader, want := range map[string]int{me: 2, "nobody": 1, "entrusted": 2} {
		b.exec(`UPDATE tickets SET private = number = $1, category = 'Billing'`, mine)
		rights := desk.Reader{ID: reader}
		if reader == "entrusted" {
			rights.Entrusted = []string{"Billing"}
		}
		if open, err := b.db.OpenOf(ctx, []string{me, "nobody"}, rights); err != nil || open[me] != want || len(open) != 1 {
			t.Errorf("open tickets, for %s: %v, %v", reader, open, err)
		}
	}
	b.exec(`UPDATE tickets SET private = false`)
	figures, err := b.db.Figures(ctx, desk.HomeFilter{}, at(2))
	b.must(nil, err)
	for want, filter := range map[desk.Figures]desk.HomeFilter{
		{Open: 1, Unowned: 1, Late: 1}:            {Priority: ticket.P1},
		{Open: 6, Unowned: 2, Late: 1, Paused: 2}: {Categories: []string{"Other", "Billing"}},
		{}: {Categories: []string{}},
	} {
		if got, err := b.db.Figures(ctx, filter, at(2)); got != want || err != nil {
			t.Errorf("%+v: %+v, %v; want %+v", filter, got, err, want)
		}
	}
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfUnowned, Now: at(1), Limit: 10, HomeFilter: desk.HomeFilter{Priority: ticket.P1}}, []ticket.Number{urgent}, 1)
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfPaused, Now: at(1), Limit: 10, HomeFilter: desk.HomeFilter{Categories: []string{}}}, nil, 0)
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfSquad, Now: at(6), Limit: 10, HomeFilter: desk.HomeFilter{Categories: []string{"Billing"}}}, []ticket.Number{urgent, unowned, mine, theirs, paused, asksMe}, 6)
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfSquad, Now: at(6), Limit: 10, HomeFilter: desk.HomeFilter{Categories: []string{}}}, nil, 0)
	if want := (desk.Figures{Open: 6, Unowned: 2, Late: 1, Paused: 2}); figures != want {
		t.Errorf("the figures are %+v, want %+v", figures, want)
	}
}

// What was followed, or filed for somebody else, before the upgrade is on the shelf too.
func TestFollowedBeforeTheUpgrade(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	followed, left, filed := b.open(ticket.P2, "U1"), b.open(ticket.P2, "U1"), b.open(ticket.P2, "U2")
	b.must(b.desk.Follow(ctx, b.gesture(followed, "U2")))
	b.must(b.desk.Follow(ctx, b.gesture(left, "U2")))
	b.must(b.desk.Unfollow(ctx, b.gesture(left, "U2")))
	b.exec(`UPDATE entries SET details = details || '{"requester": "U3"}' WHERE ticket = $1 AND kind = 'opened'`, filed)
	b.must(b.migrations().DownTo(ctx, 21))
	b.must(b.migrations().Up(ctx))
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfFollowed, Reader: "U2", Now: at(1), Limit: 10}, []ticket.Number{filed, followed}, 2)
}

func (b *postgresHarness) shelfHas(q desk.ShelfQuery, numbers []ticket.Number, total int) {
	b.t.Helper()
	found, err := b.db.Shelves(b.t.Context(), []desk.ShelfQuery{q})
	b.must(nil, err)
	if !slices.Equal(found[0].Numbers, numbers) || found[0].Total != total {
		b.t.Errorf("%s from %d: %v of %d, want %v of %d", q.Name, q.From, found[0].Numbers, found[0].Total, numbers, total)
	}
}

func TestHomeChoiceIsKept(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for _, from := range []int{10, 0, 20} {
		turn := func(c desk.HomeChoice) desk.HomeChoice { return c.Turned(desk.ShelfUnowned, from) }
		b.must(nil, b.desk.ChooseHome(t.Context(), "U1", turn))
		choice, err := b.db.HomeChoice(t.Context(), "U1")
		b.must(nil, err)
		if choice.From[desk.ShelfUnowned] != from {
			t.Errorf("the choice is %s, want %d", fmt.Sprint(choice), from)
		}
	}
}

// Questions are shown from their time on, once, the newest first, unless they are settled, a ticket
// or old.
func TestQuestions(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	at0 := func(ts string) ticket.Message { return ticket.Message{Channel: "C1", TS: ts} }
	note := func(ts string, asked float64) {
		b.must(nil, b.db.NoteQuestions(ctx, []desk.Question{{Message: at0(ts), Author: "U1", AskedAt: at(asked)}}, []time.Time{at(asked + 1)}))
	}
	b.must(nil, b.db.SettleQuestions(ctx, []ticket.Message{at0("early")}, at(0)))
	for i, ts := range []string{"1", "2", "3", "ticket", "early"} {
		note(ts, float64(i)/10)
		note(ts, 9)
	}
	b.exec(`INSERT INTO inputs (key, ticket, seen_at) VALUES ('source:C1:ticket', 1, now())`)
	open := func(now float64, total int, want ...string) {
		t.Helper()
		found, n, err := b.db.OpenQuestions(ctx, at(now), 2)
		b.must(nil, err)
		var got []string
		for _, q := range found {
			got = append(got, q.Message.TS)
		}
		if !slices.Equal(got, want) || n != total {
			t.Errorf("after %v hours: %v of %d, want %v of %d", now, got, n, want, total)
		}
	}
	open(0.9, 0)
	open(1.15, 2, "2", "1")
	open(2, 3, "3", "2")
	b.must(nil, b.db.SettleQuestions(ctx, []ticket.Message{at0("2")}, at(2)))
	open(2, 2, "3", "1")
	open(8*24, 0)
	unsettled, err := b.db.UnsettledQuestions(ctx, "C1", at(0.15))
	if b.must(nil, err); len(unsettled) != 2 {
		t.Errorf("unsettled: %v", unsettled)
	}
	if n, err := b.db.ForgetQuestions(ctx, at(5), 10); n != 5 || err != nil {
		t.Errorf("forgot %d, %v", n, err)
	}
}

// homes looks at Home as somebody who has a lot, and keeps it current.
func (b *postgresHarness) homes() {
	b.t.Helper()
	ctx := b.t.Context()
	b.must(nil, b.db.OpenHome(ctx, "U7", false))
	b.must(b.db.NoteHomeNews(ctx))
	taken, err := b.db.TakeHome(ctx, "")
	b.must(nil, err)
	began := time.Now()
	b.must(b.desk.Home(ctx, "U1", monday))
	took := time.Since(began)
	b.t.Logf("Home took %v", took)
	if took > 300*time.Millisecond {
		b.t.Errorf("Home took %v", took)
	}
	b.must(b.desk.Home(ctx, "U7", monday)) // of fewer tickets: how many stay in some tables is a matter of the test
	b.must(b.db.RoomForHome(ctx, 15))
	b.must(nil, b.db.FinishHome(ctx, taken, "x", true))
	b.must(nil, b.db.PutBackHome(ctx, taken))
}

// BenchmarkHome reads the Home of somebody who answers, among a million tickets of which 2,000
// are open, and looks for news.
func BenchmarkHome(b *testing.B) {
	const total = 1_000_000
	h := newPostgresHarness(b)
	for _, sql := range aYear {
		h.exec(sql, pgx.NamedArgs{"total": total, "end": monday})
	}
	h.exec(`UPDATE tickets SET ended_at = NULL, solution = '', assignee = CASE WHEN number % 3 = 0 THEN '' ELSE 'U' || number % 20 END,
		state = CASE WHEN number % 3 = 0 THEN 'open' WHEN number % 7 = 0 THEN 'waiting' WHEN number % 11 = 0 THEN 'on_hold' ELSE 'claimed' END
		WHERE number > $1`, total-2000)
	h.exec(`UPDATE tickets SET followers = ARRAY['U' || number % 40] WHERE number % 50 = 0 OR number > $1`, total-200)
	h.exec(`VACUUM ANALYZE`)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			h.must(h.desk.Home(b.Context(), "U1", monday))
		}
	})
	h.must(nil, h.db.OpenHome(b.Context(), "U1", false))
	b.Run("news", func(b *testing.B) {
		for b.Loop() {
			h.must(h.db.NoteHomeNews(b.Context()))
		}
	})
}

// A copy has a Home in hand alone, responders are first, and news that comes meanwhile is not lost.
func TestHomesAreTakenInOrder(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	take := func(person, want string) (taken home.Taken) {
		t.Helper()
		taken, err := b.db.TakeHome(ctx, person)
		b.must(nil, err)
		if taken.Person != want {
			t.Fatalf("took the Home of %q, want %q", taken.Person, want)
		}
		return taken
	}
	for _, person := range []string{"U1", "U2", "U3"} {
		b.must(nil, b.db.OpenHome(ctx, person, false))
	}
	b.exec(`UPDATE homes SET responder = true WHERE person = 'U3'`)
	third := take("", "U3")
	take("U3", "")
	first := take("", "U1")
	b.must(nil, b.db.PutBackHome(ctx, first))
	first = take("U1", "U1")
	b.must(nil, b.db.OpenHome(ctx, "U3", false))
	b.must(nil, b.db.FinishHome(ctx, third, "as it was", true))
	b.must(nil, b.db.FinishHome(ctx, first, "as it is", false))
	if again := take("", "U3"); again.Shown != "as it was" || again.Version != third.Version+1 {
		t.Errorf("news is taken as %+v after %+v", again, third)
	}
	take("", "U2")
	take("", "")
	b.exec(`UPDATE homes SET taken_until = clock_timestamp() - interval '1 second' WHERE person = 'U2'`)
	take("", "U2") // its copy has died
	b.exec(`UPDATE homes SET taken_until = NULL, opened_at = clock_timestamp() - interval '61 minutes'`)
	take("", "")
}

// News is for responders, and for who asked for what has changed or follows it.
func TestHomeNews(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	n := b.open(ticket.P2, "U1")
	look := func(open bool, pending ...string) {
		t.Helper()
		has, err := b.db.NoteHomeNews(ctx)
		b.must(nil, err)
		rows, err := b.conn.Query(ctx, `UPDATE homes SET published = desired WHERE desired > published RETURNING person`)
		b.must(nil, err)
		found, err := pgx.CollectRows(rows, pgx.RowTo[string])
		b.must(nil, err)
		if slices.Sort(found); !slices.Equal(found, pending) || has != open {
			t.Errorf("open: %t, news for %q; want %t, %q", has, found, open, pending)
		}
	}
	look(false)
	for _, person := range []string{"U1", "U2", "U3", "U4"} {
		b.must(nil, b.db.OpenHome(ctx, person, false))
	}
	b.exec(`UPDATE homes SET responder = person = 'U3', published = desired, opened_at = CASE WHEN person = 'U4' THEN '-infinity' ELSE opened_at END`)
	look(true, "U1", "U3") // what is new at first is not known
	look(true, "U1", "U3") // what committed late would be found now
	look(true)
	b.must(b.desk.Claim(ctx, b.gesture(n, "U5")))
	look(true, "U1", "U3")
	look(true, "U1", "U3")
	look(true)
}

// All copies together publish at most 60 in any minute: some at once, and then one after the other.
func TestRoomForHomes(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	room := func(atOnce int) bool {
		t.Helper()
		room, err := b.db.RoomForHome(t.Context(), atOnce)
		b.must(nil, err)
		return room
	}
	count := func(atOnce int) (n int) {
		for n < 100 && room(atOnce) {
			n++
		}
		return n
	}
	if news, others := count(5), count(15); news < 5 || news > 6 || news+others < 15 || news+others > 17 {
		t.Errorf("%d because of news and %d others were published at once, want 5 and 10", news, others)
	}
	// A minute later all that is left of them is what came meanwhile, and it is full again.
	b.exec(`UPDATE home_news SET free_at = free_at - interval '1 minute'`)
	if n := count(15); n < 15 || n > 17 {
		t.Errorf("%d were published at once, want 15", n)
	}
	if spent := b.text(`SELECT free_at - clock_timestamp() BETWEEN interval '18 seconds' AND interval '20.1 seconds' FROM home_news`); spent != "(t)" {
		t.Errorf("15 take another time: %s", b.text(`SELECT free_at - clock_timestamp() FROM home_news`))
	}
}

// The first steps are told once, and not where there are tickets already.
func TestFirstStepsAreToldOnce(t *testing.T) {
	t.Parallel()
	for used, want := range map[bool]string{false: "(1)", true: "(0)"} {
		b := newPostgresHarness(t)
		if used {
			b.open(ticket.P3, "U1")
		}
		for i, people := range [][]string{nil, {"U1"}, {"U2"}} {
			done, err := b.desk.FirstSteps(t.Context(), people, at(float64(i)))
			b.must(nil, err)
			if expected := used || i > 0; done != expected {
				t.Errorf("used: %t, call %d: done is %t", used, i, done)
			}
		}
		if told := b.text(`SELECT count(*) FROM outbox WHERE kind = 'first_steps'`); told != want {
			t.Errorf("used: %t: told %s times, want %s", used, told, want)
		}
	}
}

// What waits for the reader's answer stands before what else they asked for.
func TestQuestionsFirstAmongWhatSomebodyAskedFor(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	solved, asksMe, older, newer := b.open(ticket.P3, "U1"), b.open(ticket.P3, "U1"), b.open(ticket.P3, "U1"), b.open(ticket.P3, "U1")
	for _, n := range []ticket.Number{solved, asksMe} {
		b.must(b.desk.Claim(ctx, b.gesture(n, "U2")))
	}
	b.must(b.desk.Wait(ctx, b.gesture(asksMe, "U2"), "Which?"))
	b.must(b.desk.Resolve(ctx, b.gesture(solved, "U2"), "", ""))
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfAsked, Reader: "U1", Now: at(1), Limit: 10}, []ticket.Number{asksMe, newer, older, solved}, 4)
}
