package postgres_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"supporty/internal/deploy"
	player "supporty/internal/dev/play"
	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// outage is a ticket as the numbers about deployments see it.
type outage struct {
	category        string
	incident        bool
	private, closed bool
	opened, ended   time.Time // zero: it is open
	of              ticket.DeploymentID
}

// tied is the deployment that an outage is tied to; the zero Deployment for none.
func (o outage) tied(all []deploy.Deployment, rules deploy.Rules) (last deploy.Deployment) {
	for _, d := range all {
		since := o.opened.Sub(d.At)
		byTime := o.of == 0 && d.Service == rules.Services[o.category] && since >= 0 && since <= rules.Window && !d.At.Before(last.At)
		if byTime || o.of == d.ID {
			last = d
		}
	}
	return last
}

// countDelivery implements the definition literally.
func countDelivery(outages []outage, all []deploy.Deployment, q insight.Question) (n insight.Delivery) {
	in := func(t time.Time) bool { return !t.IsZero() && !t.Before(q.Period.From) && t.Before(q.Period.To) }
	ours := func(d deploy.Deployment) bool {
		return in(d.At) && (q.Of.All() || slices.ContainsFunc(q.Of.Categories, func(c string) bool { return q.Deployed.Services[c] == d.Service }))
	}
	failed := map[ticket.DeploymentID]bool{}
	var recovered []time.Duration
	for _, o := range outages {
		if !o.incident || o.closed || !q.Of.All() && (o.private || !slices.Contains(q.Of.Categories, o.category)) {
			continue
		}
		cause := o.tied(all, q.Deployed)
		if ours(cause) {
			failed[cause.ID] = true
		}
		if in(o.opened) {
			n.Incidents++
		}
		if in(o.opened) && cause.ID != 0 {
			n.Tied++
		}
		if in(o.ended) && cause.ID != 0 {
			recovered = append(recovered, o.ended.Sub(o.opened))
		}
	}
	for _, d := range all {
		if ours(d) {
			n.Deployments++
		}
	}
	n.Failed, n.Recover = len(failed), spread(recovered)
	return n
}

// The numbers about deployments are those of a plain count, also where times are the same, windows end
// and somebody has said what the cause was.
func TestDeliveryAgreesWithAPlainCount(t *testing.T) {
	t.Parallel()
	db, conn := insightDB(t)
	hour := func(rt *rapid.T, what string) time.Time { return at(float64(rapid.IntRange(0, 12).Draw(rt, what))) }
	rapid.Check(t, func(rt *rapid.T) {
		var all []deploy.Deployment
		for i := range rapid.IntRange(0, 6).Draw(rt, "deployments") {
			all = append(all, deploy.Deployment{ID: ticket.DeploymentID(i + 1), Service: rapid.SampledFrom([]string{"shop", "login"}).Draw(rt, "service"), At: hour(rt, "deployed")})
		}
		var outages []outage
		for range rapid.IntRange(0, 8).Draw(rt, "tickets") {
			o := outage{
				category: rapid.SampledFrom([]string{"Billing", "Access", "Other"}).Draw(rt, "category"),
				incident: rapid.IntRange(0, 4).Draw(rt, "incident") > 0, private: rapid.Bool().Draw(rt, "private"),
				opened: hour(rt, "opened"), of: ticket.DeploymentID(rapid.IntRange(-1, len(all)).Draw(rt, "of")),
			}
			if rapid.Bool().Draw(rt, "ended") {
				o.ended, o.closed = o.opened.Add(time.Duration(rapid.IntRange(0, 9).Draw(rt, "took"))*time.Hour), rapid.IntRange(0, 3).Draw(rt, "closed") == 0
			}
			outages = append(outages, o)
		}
		slices.SortStableFunc(all, func(a, b deploy.Deployment) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
		fillDelivery(rt, conn, outages, all)
		from, to := hour(rt, "from"), hour(rt, "to")
		q := insight.Question{Period: ticket.Period{From: from, To: later(from, to)}, Pause: pause, Deployed: deploy.Rules{Services: player.Rules.Services, Window: time.Duration(rapid.IntRange(0, 5).Draw(rt, "window")) * time.Hour}}
		for _, q.Of = range []insight.Selection{{}, {Categories: []string{"Billing"}}, {Categories: []string{"Access", "Other"}}, {Categories: []string{}}} {
			n, err := db.Numbers(t.Context(), q)
			if err != nil {
				rt.Fatal(err)
			}
			if diff := gocmp.Diff(countDelivery(outages, all, q), n.Delivery); diff != "" {
				rt.Fatalf("of %v (-plain +SQL):\n%s", q.Of.Categories, diff)
			}
			if err := db.NoteServices(t.Context(), q.Deployed); err != nil {
				rt.Fatal(err)
			}
			public := slices.DeleteFunc(slices.Clone(outages), func(o outage) bool { return o.private })
			if diff := gocmp.Diff(countDelivery(public, all, q), deliveryByViews(rt, conn, q)); diff != "" {
				rt.Fatalf("of %v (-plain +views):\n%s", q.Of.Categories, diff)
			}
		}
	})
}

// deliveryByViews asks the views for the numbers of a period, which have no private tickets there.
func deliveryByViews(t test, conn *pgx.Conn, q insight.Question) (n insight.Delivery) {
	t.Helper()
	services := []string{}
	for _, c := range q.Of.Categories {
		services = append(services, q.Deployed.Services[c])
	}
	const ours = `(@categories::text[] IS NULL OR category = ANY (@categories))`
	a := asker{t, conn, pgx.NamedArgs{"from": q.Period.From, "to": q.Period.To, "categories": q.Of.Categories, "services": services}, !q.Of.All()}
	a.row(`SELECT count(*), count(*) FILTER (WHERE incidents > 0 AND EXISTS (SELECT FROM insight.incidents i WHERE i.deployment = d.deployment AND `+ours+`))
		FROM insight.deployments d WHERE deployed_at >= @from AND deployed_at < @to AND (@categories::text[] IS NULL OR service = ANY (@services))`, &n.Deployments, &n.Failed)
	a.row(`SELECT count(*), count(deployment) FROM insight.incidents WHERE opened_at >= @from AND opened_at < @to AND `+ours, &n.Incidents, &n.Tied)
	n.Recover = a.spread(`SELECT '', resolved_seconds FROM insight.incidents WHERE deployment IS NOT NULL AND resolved_at >= @from AND resolved_at < @to AND `+ours, 0)
	return n
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func fillDelivery(t test, conn *pgx.Conn, outages []outage, all []deploy.Deployment) {
	t.Helper()
	b := &pgx.Batch{}
	b.Queue("TRUNCATE tickets, cycles, deployments, counted_days, changed_days RESTART IDENTITY CASCADE")
	for _, d := range all {
		b.Queue(`INSERT INTO deployments OVERRIDING SYSTEM VALUE VALUES ($1, $2, '', $3, '', '', $4, $4)`, d.ID, fmt.Sprint(d.ID), d.Service, d.At)
	}
	for i, o := range outages {
		state := ticket.StateOpen
		switch {
		case o.closed:
			state = ticket.StateClosed
		case !o.ended.IsZero():
			state = ticket.StateResolved
		}
		b.Queue(`
			INSERT INTO tickets (number, version, title, body, category, priority, state, requester, cycle, opened_at, ended_at, private, incident, deployment)
			VALUES ($1, 1, 'a title', 'a text', $2, 1, $3, 'U9', 1, $4, $5, $6, $7, $8)`,
			i+1, o.category, state, o.opened, orNull(o.ended), o.private, o.incident, o.of)
	}
	send(t, conn, b)
}

func TestMarks(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	note := func(hours float64, states map[insight.MarkKind]string) {
		b.must(nil, b.db.NoteSettings(t.Context(), states, at(hours)))
	}
	note(0, map[insight.MarkKind]string{insight.MarkHours: "a", insight.MarkTargets: "a"}) // the first time is no change
	note(1, map[insight.MarkKind]string{insight.MarkHours: "a", insight.MarkTargets: "b"})
	note(2, map[insight.MarkKind]string{insight.MarkHours: "a", insight.MarkTargets: "b"})
	note(3, map[insight.MarkKind]string{insight.MarkHours: "b", insight.MarkTargets: "a"})
	record := deploy.Recorder{Store: b.db, Rules: player.Rules}
	for i, service := range []string{"shop", "login"} {
		_, _, err := record.Record(t.Context(), service, deploy.Report{Service: service, Version: "1", URL: "https://example.com"}, at(float64(i)+1))
		b.must(nil, err)
	}
	shop := insight.Mark{At: at(1), Kind: insight.MarkDeployment, Service: "shop", Version: "1", URL: "https://example.com"}
	targets := insight.Mark{At: at(1), Kind: insight.MarkTargets}
	for _, test := range []struct {
		from, to float64
		of       []string
		want     []insight.Mark
	}{
		{0, 2, nil, []insight.Mark{shop, targets}},
		{0, 3, []string{"Billing"}, []insight.Mark{shop, targets}},
		{2, 3, []string{"Other"}, nil},
		{3, 4, nil, []insight.Mark{{At: at(3), Kind: insight.MarkHours}, {At: at(3), Kind: insight.MarkTargets}}},
	} {
		got, err := b.db.Marks(t.Context(), insight.Question{Period: ticket.Period{From: at(test.from), To: at(test.to)}, Of: insight.Selection{Categories: test.of}, Deployed: player.Rules})
		b.must(got, err)
		if diff := gocmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("from %v to %v (-want +got):\n%s", test.from, test.to, diff)
		}
	}
}
