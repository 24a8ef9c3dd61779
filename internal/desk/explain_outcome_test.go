package desk_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// first is the outcome of a P2 ticket that nothing has happened to.
func first(change func(*desk.Outcome)) desk.Outcome {
	h := desk.Outcome{
		Cycle: 1, Priority: 2, Category: "Billing",
		StartedAt: nine, RespondDueAt: minutes(45), ResolveDueAt: minutes(180),
		Cause: ticket.CauseUnclaimed, // as long as nobody has it
	}
	change(&h)
	return h
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, test := range map[string]struct {
		do   []gesture
		want []desk.Outcome
	}{
		"open":     {nil, []desk.Outcome{first(func(*desk.Outcome) {})}},
		"answered": {[]gesture{reply(bob, 4)}, []desk.Outcome{first(func(o *desk.Outcome) { o.RespondedAt = minutes(4) })}},
		"on time": {[]gesture{claim(ann, 5), tick(ann, 180)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.Cause = ""
			o.RespondedAt, o.EndedAt, o.Resolved, o.OwnerAtDue = minutes(5), minutes(180), true, ann
		})}},
		"solved without a word": {[]gesture{tick(ann, 9)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.Cause = ""
			o.RespondedAt, o.EndedAt, o.Resolved = minutes(9), minutes(9), true
		})}},
		"closed": {[]gesture{closeAs(ann, ticket.NotAnIssue, 0, 9)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.Cause = ""
			o.EndedAt = minutes(9)
		})}},
		"claimed too late": {[]gesture{claim(ann, 181)}, []desk.Outcome{first(func(o *desk.Outcome) { o.RespondedAt = minutes(181) })}},
		"handed over when it was late": {[]gesture{claim(ann, 5), handOver(ann, bob, "", 181)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.Cause = ticket.CauseLongWork
			o.RespondedAt, o.OwnerAtDue = minutes(5), ann
		})}},
		"raised, in another category": {[]gesture{edit(rita, "Other", 4), claim(ann, 5), reprioritise(ann, ticket.P1, "", 10)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.Cause = ticket.CauseLongWork
			o.Priority, o.Category, o.RespondedAt, o.ResolveDueAt, o.OwnerAtDue = 1, "Access", minutes(5), minutes(70), ann
		})}},
		"reopened": {[]gesture{claim(ann, 5), tick(ann, 10), reopen(rita, 100), reprioritise(bob, ticket.P3, "A detail.", 101), edit(rita, "Other", 102)}, []desk.Outcome{
			first(func(o *desk.Outcome) {
				o.RespondedAt, o.EndedAt, o.Resolved, o.OwnerAtDue, o.Cause = minutes(5), minutes(10), true, ann, ""
				o.Category = "Access" // of the ticket now
			}),
			{Cycle: 2, Priority: 3, Category: "Access", StartedAt: minutes(100), RespondedAt: minutes(100),
				RespondDueAt: minutes(145), ResolveDueAt: minutes(100 + 24*60), OwnerAtDue: ann, Cause: ticket.CauseReopened},
		}},
		"late, from hand to hand": {[]gesture{claim(ann, 5), handOver(ann, bob, "", 60), tick(bob, 200)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.RespondedAt, o.EndedAt, o.Resolved, o.OwnerAtDue, o.Cause = minutes(5), minutes(200), true, bob, ticket.CauseHandedOver
		})}},
		"late, claimed late": {[]gesture{claim(ann, 90), tick(ann, 200)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.RespondedAt, o.EndedAt, o.Resolved, o.OwnerAtDue, o.Cause = minutes(90), minutes(200), true, ann, ticket.CauseClaimedLate
		})}},
		"late, after a wait": {[]gesture{claim(ann, 5), wait(ann, "Which card?", 10), reply(rita, 20), tick(ann, 300)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.RespondedAt, o.EndedAt, o.Resolved, o.OwnerAtDue, o.Cause = minutes(5), minutes(300), true, ann, ticket.CauseLongWait
			o.ResolveDueAt, o.Waited = minutes(190), 10*time.Minute
		})}},
		"waiting": {[]gesture{claim(ann, 5), wait(ann, "Which card?", 10)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.Cause = ticket.CauseLongWork
			o.RespondedAt, o.ResolveDueAt, o.OwnerAtDue = minutes(5), time.Time{}, ann
		})}},
		"waited and held": {[]gesture{claim(ann, 5), wait(ann, "Which card?", 10), reply(rita, 30), hold(ann, "A part.", 40), resume(ann, 100), tick(ann, 250)}, []desk.Outcome{first(func(o *desk.Outcome) {
			o.Cause = ""
			o.RespondedAt, o.EndedAt, o.Resolved, o.OwnerAtDue = minutes(5), minutes(250), true, ann
			o.ResolveDueAt, o.Waited, o.Held = minutes(260), 20*time.Minute, time.Hour
		})}},
		"reopened by mistake": {[]gesture{tick(ann, 10), untick(ann, 11)}, []desk.Outcome{first(func(*desk.Outcome) {})}},
	} {
		t.Run(name, func(t *testing.T) {
			n := h.open(ticket.P2)
			h.do(n, test.do...)
			if diff := gocmp.Diff(test.want, h.find(n).Outcomes()); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if diff := gocmp.Diff(test.want, h.stored(n), cmpopts.EquateApproxTime(0)); diff != "" {
				t.Errorf("stored (-want +got):\n%s", diff)
			}
		})
	}
}

// stored returns the outcomes that statistics read.
func (h *deskHarness) stored(n ticket.Number) []desk.Outcome {
	h.t.Helper()
	rows, err := h.conn.Query(h.t.Context(), `
		SELECT cycle, priority, category, started_at, coalesce(responded_at, '0001-01-01 00:00Z') AS responded_at,
			coalesce(respond_due_at, '0001-01-01 00:00Z') AS respond_due_at,
			coalesce(resolve_due_at, '0001-01-01 00:00Z') AS resolve_due_at, cause, waited, held, coalesce(ended_at, '0001-01-01 00:00Z') AS ended_at, resolved, owner_at_due,
			stars, first_stars, coalesce(rated_at, '0001-01-01 00:00Z') AS rated_at
		FROM cycles WHERE ticket = $1 ORDER BY cycle`, n)
	if err != nil {
		h.t.Fatal(err)
	}
	outcomes, err := pgx.CollectRows(rows, pgx.RowToStructByName[desk.Outcome])
	if err != nil {
		h.t.Fatal(err)
	}
	return outcomes
}
