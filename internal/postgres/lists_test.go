package postgres_test

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supporty/internal/desk"
	"supporty/internal/directory"
	"supporty/internal/insight"
	"supporty/internal/postgres"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

var (
	_ desk.Store      = (*postgres.DB)(nil)
	_ directory.Cache = (*postgres.DB)(nil)
	_ desk.Policies   = (*postgres.Policies)(nil)
)

func TestList(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	slow, fast := b.open(ticket.P3, "U1"), b.open(ticket.P1, "U2")
	mine, done := b.open(ticket.P2, "U2"), b.open(ticket.P1, "U1")
	b.must(b.desk.Claim(t.Context(), b.gesture(mine, "U1")))
	b.must(b.desk.Resolve(t.Context(), b.gesture(done, "U1"), "", ""))
	b.exec(`INSERT INTO ticket_threads VALUES ('C1', '1.1', $1, false), ('C1', '2.2', $1, true)`, mine)
	a := b.gesture(mine, "")
	b.must(b.desk.Withhold(t.Context(), a, ticket.Message{Channel: "C1", TS: "2.2"}))
	b.exec(`INSERT INTO ticket_threads VALUES ('C1', '3.3', $1, true)`, mine)
	for name, test := range map[string]struct {
		filter desk.Filter
		want   []ticket.Number
	}{
		"all, the nearest deadline first": {desk.Filter{}, []ticket.Number{fast, mine, slow}},
		"asked or owned by U1":            {desk.Filter{Person: "U1"}, []ticket.Number{mine, slow}},
		"of U2":                           {desk.Filter{Person: "U2"}, []ticket.Number{fast, mine}},
		"of nobody":                       {desk.Filter{Person: "U9"}, nil},
		"the first":                       {desk.Filter{Limit: 1}, []ticket.Number{fast}},
		"of a priority":                   {desk.Filter{Priority: ticket.P3}, []ticket.Number{slow}},
		"of a category":                   {desk.Filter{Category: "Billing"}, []ticket.Number{fast, mine, slow}},
		"of another category":             {desk.Filter{Category: "Other"}, nil},
		"paused":                          {desk.Filter{Paused: true}, nil},
		"of one state":                    {desk.Filter{State: ticket.StateClaimed}, []ticket.Number{mine}},
		"that have ended":                 {desk.Filter{Scope: desk.ScopeEnded}, []ticket.Number{done}},
		"of U1, ended too":                {desk.Filter{Person: "U1", Scope: desk.ScopeAll}, []ticket.Number{mine, slow, done}},
		"of U1, ended not long ago":       {desk.Filter{Person: "U1", Scope: desk.ScopeAll, Recent: at(0)}, []ticket.Number{mine, slow, done}},
		"of U1, ended long ago":           {desk.Filter{Person: "U1", Scope: desk.ScopeAll, Recent: at(5)}, []ticket.Number{mine, slow}},
	} {
		t.Run(name, func(t *testing.T) {
			list, _, err := b.db.List(t.Context(), test.filter)
			var got []ticket.Number
			for _, s := range list {
				got = append(got, s.Number)
			}
			if diff := gocmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
	list, _, err := b.db.List(t.Context(), desk.Filter{Person: "U1", Limit: 1})
	want := []desk.Summary{{
		Number: mine, Category: "Billing", Priority: 2, // its words are withheld
		State:     ticket.StateClaimed,
		Requester: "U2", Assignee: "U1", OpenedAt: monday, DueAt: at(3), Withheld: true,
		Card: ticket.Message{Channel: "C1", TS: "3.3"},
	}}
	byTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := gocmp.Diff(want, list, byTime); diff != "" || err != nil {
		t.Errorf("summary: %v (-want +got):\n%s", err, diff)
	}
	for range 20 {
		b.open(ticket.P2, "U3")
	}
	if list, total, err := b.db.List(t.Context(), desk.Filter{}); len(list) != 20 || total != 23 || err != nil {
		t.Errorf("%d tickets of %d are listed, want 20 of 23; %v", len(list), total, err)
	}
}

func TestAskedBy(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	older, newer := b.open(ticket.P2, "U1"), b.open(ticket.P2, "U1")
	asked := func(since time.Time, want ...ticket.Number) {
		t.Helper()
		got, err := b.db.AskedBy(t.Context(), "U1", since)
		if diff := gocmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	asked(at(1), newer, older)
	b.must(b.desk.Resolve(t.Context(), b.gesture(newer, "U2"), "", ""))
	asked(at(0.1), newer, older)
	asked(at(1), older)
}

func TestKept(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.open(ticket.P2, "U1")
	n := b.open(ticket.P2, "U1")
	b.must(b.desk.Claim(t.Context(), b.gesture(n, "U2")))
	b.exec(`INSERT INTO people (id, name, fetched_at) VALUES ('U2', 'Bob', now())`)
	b.exec(`INSERT INTO members (place, person) VALUES ('C1', 'U2'), ('S1', 'U2')`)
	b.must(nil, b.db.SaveHomeChoice(t.Context(), "U2", desk.HomeChoice{}))
	b.exec(`INSERT INTO questions (channel, ts, author, asked_at, due_at) VALUES ('C1', '1.1', 'U1', now(), now())`)
	b.exec(`INSERT INTO web_sessions (hash, person, began_at, seen_at) VALUES ('h', 'U2', now(), now())`)
	b.exec(`INSERT INTO duty_shifts (squad, since, person) VALUES ('Checkout', now(), 'U2')`)
	b.exec(`INSERT INTO duty_overrides (squad, person, since, until, made_by, made_at) VALUES ('Checkout', 'U4', now(), now(), 'U5', now())`)
	b.exec(`INSERT INTO duty_pages (squad, person, called_at, ticket, priority, step, night, woke) VALUES ('', 'U6', now(), 1, 1, 'last', true, true)`)
	b.exec(`INSERT INTO duty_swaps (key, swap, asked_at) VALUES ('k', '{"to": "U7"}', now())`)
	for person, want := range map[string]desk.Kept{
		"U1": {Asked: 2, Question: true}, "U2": {Has: 1, Profile: true, Places: 2, Home: true, Duty: true, Session: true}, "U3": {},
		"U4": {Duty: true}, "U5": {Duty: true}, "U6": {Duty: true}, "U7": {Duty: true},
	} {
		if got, err := b.db.Kept(t.Context(), person); got != want || err != nil {
			t.Errorf("of %s: %+v, %v; want %+v", person, got, err, want)
		}
	}
}

// Messages about no ticket are decided by one copy at a time, and once for each key.
func TestUnticketed(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	asks := func(key string, want int) {
		t.Helper()
		decided := false
		b.must(nil, b.db.ChangeUnticketed(t.Context(), "direct:U1", key, monday, func(posted []desk.Posted) desk.UnticketedChange {
			decided = true
			if len(posted) != want {
				t.Errorf("%d messages stand, want %d", len(posted), want)
			}
			for i := range posted {
				posted[i].Belongs = desk.BelongsNowhere
			}
			n := desk.Notice{Kind: desk.NoticeWhere, OrderingKey: "direct:U1", Queue: desk.QueueSupport, To: "U1", DueAt: monday}
			return desk.UnticketedChange{Notices: []desk.Notice{n}, Reworded: posted}
		}))
		if !decided {
			t.Errorf("nothing was decided for %q", key)
		}
	}
	asks("a", 0)
	asks("b", 1)
	b.must(nil, b.db.ChangeUnticketed(t.Context(), "direct:U1", "b", monday, func([]desk.Posted) desk.UnticketedChange {
		t.Error("decided again")
		return desk.UnticketedChange{}
	}))
	if got := b.text(`SELECT count(*), count(*) FILTER (WHERE details->>'belongs' = 'nowhere' AND desired = 2) FROM outbox`); got != "(2,1)" {
		t.Errorf("messages, of which reworded: %s", got)
	}
}

func TestNextDue(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	next := func(want time.Time) {
		t.Helper()
		if got, err := b.db.NextDue(t.Context()); !got.Equal(want) || err != nil {
			t.Errorf("next due %v, %v; want %v", got, err, want)
		}
	}
	next(time.Time{})
	b.open(ticket.P3, "U1")
	n := b.open(ticket.P2, "U1")
	next(at(2.25))
	b.must(b.desk.Resolve(t.Context(), b.gesture(n, "U2"), "", ""))
	next(at(18))
}

func TestByNotice(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.exec(`UPDATE outbox SET posted_in = 'D1', posted_ts = '1.1' WHERE kind = 'receipt'`)
	b.enqueue(row{key: "digest:1"})
	b.exec(`UPDATE outbox SET posted_in = 'C2', posted_ts = '2.2' WHERE ticket IS NULL`)
	for i, answer := range []desk.Belongs{"", desk.BelongsToTicket, desk.BelongsToNew, desk.BelongsNowhere, desk.BelongsNoMore} {
		into := n
		if answer == "" || answer == desk.BelongsNowhere {
			into = 0
		}
		b.exec(`UPDATE outbox SET posted_in = 'D1', posted_ts = $2, details = $3 WHERE id = $1`,
			b.enqueue(row{key: "direct:U1"}), fmt.Sprintf("3.%d", i), desk.NoticeDetails{Belongs: answer, Into: into})
	}
	for m, want := range map[ticket.Message]ticket.Number{
		{Channel: "D1", TS: "1.1"}: n,
		{Channel: "D2", TS: "1.1"}: 0,
		{Channel: "C2", TS: "2.2"}: 0, // about no ticket
		{Channel: "D1", TS: "3.0"}: 0, // a question where something belongs, without an answer
		{Channel: "D1", TS: "3.1"}: n, // it was passed on
		{Channel: "D1", TS: "3.2"}: n, // a ticket was made of it
		{Channel: "D1", TS: "3.3"}: 0, // it belongs nowhere
		{Channel: "D1", TS: "3.4"}: 0, // it was taken back
		{}:                         0, // a message that was not posted stands nowhere
	} {
		t.Run(fmt.Sprint(m), func(t *testing.T) {
			if got, err := b.db.ByNotice(t.Context(), m); got != want || err != nil {
				t.Errorf("%v: %v, %v; want %v", m, got, err, want)
			}
		})
	}
}

func TestByInput(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	m := ticket.Message{Channel: "C1", TS: "7.7"}
	a := b.gesture(n, "U2")
	a.Key = desk.ReplyKey(m)
	b.must(b.desk.Reply(t.Context(), a, desk.Written{Message: m}))
	for key, want := range map[string]ticket.Number{desk.ReplyKey(m): n, "msg:C1:8.8": 0, "": 0} {
		t.Run(key, func(t *testing.T) {
			if got, err := b.db.ByInput(t.Context(), key); got != want || err != nil {
				t.Errorf("%q: %v, %v; want %v", key, got, err, want)
			}
		})
	}
}

func TestSimilar(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first, second := b.open(ticket.P2, "U1"), b.open(ticket.P1, "U2")
	b.must(b.desk.Resolve(t.Context(), b.gesture(second, "U2"), "", ""))
	for name, test := range map[string]struct {
		category string
		period   ticket.Period
		want     []ticket.Number
	}{
		"both":                {"Billing", ticket.Period{From: monday, To: monday}, []ticket.Number{first, second}},
		"none in other parts": {"Access", ticket.Period{From: monday, To: monday}, nil},
		"none at other times": {"Billing", ticket.Period{From: monday.Add(time.Second), To: monday.Add(time.Hour)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			similar, err := b.db.Similar(t.Context(), test.category, "", test.period)
			var got []ticket.Number
			for _, s := range similar {
				got = append(got, s.Number)
				if s.EndedAt.IsZero() != (s.Number == first) || s.DueAt.IsZero() || !s.OpenedAt.Equal(monday) {
					t.Errorf("%+v", s)
				}
			}
			if diff := gocmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestProfiles(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	if _, err := b.db.Profile(t.Context(), "U1"); !errors.Is(err, directory.ErrUnknown) {
		t.Errorf("profile of nobody: %v", err)
	}
	save := func(name string, age time.Duration, rest directory.Profile) {
		rest.ID, rest.Name, rest.FetchedAt = "U1", name, monday.Add(-age)
		stored, err := b.db.SaveProfile(t.Context(), rest)
		b.must(nil, err)
		b.checkProfile(stored)
	}
	b.must(nil, b.db.ChangeMembers(t.Context(), "C1", []string{"U1"}, nil)) // known as a member before anything else
	for place, want := range map[string]bool{"C1": true, "C2": false} {
		if people, err := b.db.Members(t.Context(), place); slices.Contains(people, "U1") != want || err != nil {
			t.Errorf("members of %s: %v, %v", place, people, err)
		}
	}
	save("Ann", time.Hour, directory.Profile{Bot: true, Guest: true, External: true, Deactivated: true})
	save("Anne", time.Minute, directory.Profile{Zone: "Europe/London"})
	save("An", time.Hour, directory.Profile{Bot: true})
	b.must(nil, b.db.ChangeMembers(t.Context(), "C2", []string{"U1"}, nil))
	b.must(nil, b.db.ChangeMembers(t.Context(), "C2", []string{"U1"}, nil))
	want := directory.Profile{ID: "U1", Name: "Anne", Zone: "Europe/London", FetchedAt: monday.Add(-time.Minute), Places: []string{"C1", "C2"}}
	b.checkProfile(want)
	b.must(nil, b.db.ChangeMembers(t.Context(), "C2", nil, []string{"U1"}))
	b.must(nil, b.db.ChangeMembers(t.Context(), "C2", nil, []string{"U1"}))
	want.Places = []string{"C1"}
	b.checkProfile(want)
	save("Anna", 0, directory.Profile{Bot: true, Guest: true, External: true, Deactivated: true})
	b.checkProfile(directory.Profile{ID: "U1", Name: "Anna", Bot: true, Guest: true, External: true, Deactivated: true, FetchedAt: monday, Places: []string{"C1"}})
}

func (b *postgresHarness) checkProfile(want directory.Profile) {
	b.t.Helper()
	got, err := b.db.Profile(b.t.Context(), want.ID)
	sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
	byTime := gocmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := gocmp.Diff(want, got, sorted, byTime, cmpopts.EquateEmpty()); diff != "" || err != nil {
		b.t.Errorf("%v; profile (-want +got):\n%s", err, diff)
	}
}

func TestMembersOfAPlace(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	b.must(nil, b.db.ChangeMembers(t.Context(), "C2", []string{"U1"}, nil))
	for _, step := range []struct {
		come, gone []string
		want       string
	}{
		{[]string{"U1", "U2"}, nil, "(U1+U2)"},
		{[]string{"U3", "U2", "U2"}, []string{"U1", "U9"}, "(U2+U3)"},
		{nil, nil, "(U2+U3)"},
		{[]string{}, []string{"U2", "U3"}, "()"},
		{[]string{"U1"}, []string{}, "(U1)"},
	} {
		b.must(nil, b.db.ChangeMembers(t.Context(), "C1", step.come, step.gone))
		if got := b.text(`SELECT string_agg(person, '+' ORDER BY person) FROM members WHERE place = 'C1'`); got != step.want {
			t.Errorf("members %s, want %s", got, step.want)
		}
	}
	if got, err := b.db.Members(t.Context(), "C1"); err != nil || !slices.Equal(got, []string{"U1"}) {
		t.Errorf("members %q, %v", got, err)
	}
	if got := b.text(`SELECT count(*) FROM members WHERE place = 'C2'`); got != "(1)" {
		t.Errorf("members of another place: %s", got)
	}
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t) // adopts promise
	strict := sla.Policy{Targets: sla.Targets{1: {Resolve: time.Minute, Respond: time.Second, WarnAt: 0.5}}}
	adopt := func(p sla.Policy, want int) *postgres.Policies {
		t.Helper()
		got, err := b.db.AdoptPolicy(t.Context(), p, monday)
		if err != nil || got.Current() != want {
			t.Fatalf("adopted as %v, %v; want version %d", got, err, want)
		}
		return got
	}
	adopt(promise, 1)
	policies := adopt(strict, 3) // the attempt to insert an existing policy has used a number
	adopt(promise, 1)
	for range 2 {
		for version, want := range map[int]sla.Policy{1: promise, 3: strict} {
			got, err := policies.Policy(t.Context(), version)
			if diff := gocmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("version %d: %v (-want +got):\n%s", version, err, diff)
			}
		}
	}
	if _, err := policies.Policy(t.Context(), 99); !errors.Is(err, desk.ErrNotSaved) {
		t.Errorf("a version that never was: %v", err)
	}
}

func TestPoliciesWithHours(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t) // adopts promise
	office, err := sla.NewCalendar(sla.Hours{
		Zone: "Europe/London", Week: [7][]sla.Span{time.Monday: {{From: 540, To: 1080}}}, Holidays: []string{"2026-12-28"},
	})
	b.must(nil, err)
	want := sla.Policy{Targets: sla.Targets{1: promise.Targets[1], 2: {ResolveDays: 2, Respond: time.Hour, WarnAt: 0.75, Calendar: office}}}
	adopted, err := b.db.AdoptPolicy(t.Context(), want, monday)
	b.must(nil, err)
	again, err := b.db.AdoptPolicy(t.Context(), promise, monday) // another copy has to read the policy with hours
	b.must(nil, err)
	got, err := again.Policy(t.Context(), adopted.Current())
	if diff := gocmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	monday := time.Date(2026, 11, 23, 17, 30, 0, 0, time.UTC)
	if due := got.Targets[2].Calendar.Add(monday, time.Hour); !due.Equal(time.Date(2026, 11, 30, 9, 30, 0, 0, time.UTC)) {
		t.Errorf("an hour of open time ends %s", due)
	}
}

// Policies from before the program had opening hours keep their meaning.
func TestPoliciesWithoutHours(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	const body = `{"targets": {"1": {"WarnAt": 0.5, "Resolve": 3600000000000, "Respond": 900000000000, "AlertRespond": true}}}`
	b.exec(`INSERT INTO policies (body, adopted_at) VALUES ($1::jsonb, $2)`, body, monday)
	want := sla.Policy{Targets: sla.Targets{1: {Resolve: time.Hour, Respond: 15 * time.Minute, AlertRespond: true, WarnAt: 0.5}}}
	policies, err := b.db.AdoptPolicy(t.Context(), want, monday)
	if err != nil || policies.Current() != 2 {
		t.Fatalf("adopted again as %v, %v; want version 2", policies, err)
	}
	again, err := b.db.AdoptPolicy(t.Context(), promise, monday)
	b.must(nil, err)
	got, err := again.Policy(t.Context(), 2)
	if diff := gocmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestCopiesAdoptOnePolicy(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	var wg sync.WaitGroup
	versions := make([]int, 4)
	for i := range versions {
		wg.Go(func() {
			p, err := b.db.AdoptPolicy(t.Context(), sla.Policy{Targets: sla.Targets{1: {Resolve: time.Minute}}}, at(float64(i)))
			if err != nil {
				t.Error(err)
				return
			}
			versions[i] = p.Current()
		})
	}
	wg.Wait()
	for _, v := range versions {
		if v != versions[0] || v == 0 {
			t.Errorf("versions %v, want one", versions)
		}
	}
}

// A key that is seen again is kept for as long as a new one.
func TestInputsSeenAgain(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	f := b.newTicket(ticket.P2, "U1")
	f.Source = ticket.Message{Channel: "C1", TS: "1.1"}
	r, err := b.desk.Open(t.Context(), f)
	b.must(r, err)
	a := b.gesture(r.Ticket.Number, "U2")
	b.must(b.desk.Reply(t.Context(), a, desk.Written{}))
	f.Now, a.Now = at(2), at(2)
	b.must(b.desk.Open(t.Context(), f))
	b.must(b.desk.Reply(t.Context(), a, desk.Written{}))
	if got := b.text(`SELECT count(*) FROM inputs WHERE seen_at = $1`, at(2)); got != "(3)" {
		t.Errorf("%s keys are seen anew, want 3", got)
	}
}

func TestWhereAndRoot(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	first := b.enqueue(row{name: "x", key: "digest:1"})
	second := b.enqueue(row{name: "x", key: "digest:1"})
	b.exec(`UPDATE outbox SET posted_in = 'C1', posted_ts = '1.1' WHERE id = $1`, first)
	b.exec(`UPDATE outbox SET posted_in = 'C1', posted_ts = '2.2' WHERE id = $1`, second)
	want := ticket.Message{Channel: "C1", TS: "2.2"}
	if at, err := b.db.Where(t.Context(), strconv.FormatInt(second, 10)); at != want || err != nil {
		t.Errorf("where: %v, %v; want %v", at, err, want)
	}
	want.TS = "1.1"
	if at, err := b.db.Root(t.Context(), "digest:1"); at != want || err != nil {
		t.Errorf("root: %v, %v; want %v", at, err, want)
	}
	for _, id := range []string{"999", "", "x", "1; DROP TABLE outbox"} {
		if at, err := b.db.Where(t.Context(), id); at != (ticket.Message{}) || err != nil {
			t.Errorf("where %q: %v, %v", id, at, err)
		}
	}
	if at, err := b.db.Root(t.Context(), "digest:2"); at != (ticket.Message{}) || err != nil {
		t.Errorf("root of no key: %v, %v", at, err)
	}
}

// This test counts tickets that the desk has made. Other tests check the numbers in detail.
func TestNumbersOfADesk(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.open(ticket.P1, "U1")
	b.must(b.desk.Resolve(t.Context(), b.gesture(n, "U2"), ticket.SolvedByCode, ""))
	got, err := b.db.Numbers(t.Context(), insight.Question{Period: ticket.Period{From: monday, To: at(168)}, Pause: pause})
	if err != nil || got.Opened != 2 || got.Resolved != 1 || got.Open != 1 || got.Cost.Tickets != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestCard(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	stands := func(want ticket.Message) {
		t.Helper()
		if at, err := b.db.Card(t.Context(), n); at != want || err != nil {
			t.Errorf("it stands at %v, %v; want %v", at, err, want)
		}
	}
	stands(ticket.Message{})
	b.exec(`INSERT INTO ticket_threads VALUES ('C1', '1.1', $1, false), ('C1', '2.2', $1, true)`, n)
	stands(ticket.Message{Channel: "C1", TS: "2.2"})
}
