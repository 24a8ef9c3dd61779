package config_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/config"
	"supporty/internal/sla"
)

const squadsFile = `
hours: Mon-Fri 09:00-18:00 Europe/London
warn_at: 0.8
priorities: [{name: P1, warn_at: 0.5}]
squads:
  - name: Checkout
    hours: Mon-Fri 07:00-15:00 America/New_York
    targets:
      - {name: p2, resolve: 2h, respond: 30m, warn_at: 0.9}
      - {name: P3, resolve: 1 working day}
  - {name: Night, hours: always}
categories:
  - {name: Payments, squad: checkout}
  - {name: Refunds, squad: Checkout, hours: Mon 10:00-11:00 UTC, targets: [{name: P2, resolve: 1h, hours: always, alert_respond: true}, {name: P1, warn_at: 0.9}]}
  - {name: Access, squad: Night}
  - {name: Gardening, clock: none, squad: Checkout}
  - Other
`

func TestPromise(t *testing.T) {
	t.Parallel()
	cfg, err := config.Load(write(t, squadsFile), needed)
	if err != nil {
		t.Fatal(err)
	}
	general := config.Promise{Hours: cfg.Hours, Priorities: defaults().Priorities}
	for i, warn := range []float64{0.5, 0.8, 0.8} {
		general.Priorities[i].WarnAt = warn
	}
	changed := func(from config.Promise, change func(h *sla.Hours, p []config.Priority)) config.Promise {
		from.Priorities = append([]config.Priority(nil), from.Priorities...)
		change(&from.Hours, from.Priorities)
		return from
	}
	checkout := changed(general, func(h *sla.Hours, p []config.Priority) {
		*h = sla.Hours{Zone: "America/New_York", Week: week(time.Monday, time.Friday, sla.Span{From: 7 * 60, To: 15 * 60})}
		p[1].Resolve, p[1].Respond, p[1].WarnAt = config.Target{Open: 2 * time.Hour}, config.Target{Open: 30 * time.Minute}, 0.9
		p[2].Resolve = config.Target{Days: 1}
	})
	for category, want := range map[string]config.Promise{
		"Other": general, "no longer there": general, "Payments": checkout,
		"Refunds": changed(checkout, func(h *sla.Hours, p []config.Priority) {
			*h = sla.Hours{Zone: "UTC"}
			h.Week[time.Monday] = []sla.Span{{From: 600, To: 660}}
			p[1].Resolve, p[1].FollowsHours, p[1].AlertRespond = config.Target{Open: time.Hour}, false, true
			p[0].WarnAt = 0.9
		}),
		"Access":    changed(general, func(h *sla.Hours, _ []config.Priority) { *h = sla.Hours{} }),
		"Gardening": {Hours: cfg.Hours},
	} {
		t.Run(category, func(t *testing.T) {
			if diff := cmp.Diff(want, cfg.Promise(category)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", category, diff)
			}
		})
	}
}

func TestPromisesThatAreWrong(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file, want string }{
		{"what is not there", "categories: [{name: A, squad: Chekout}]\nsquads: [{name: Checkout}]",
			`squads: has no "Chekout", which categories[0] names; add it, or take it out there`},
		{"squads that cannot be read are not missed as well", "categories: [{name: A, squad: B}]\nsquads: [{name: B, colour: red}]",
			`squads[0].colour: is not a setting; config.example.yaml lists all of them`},
		{"names", "squads: [{}, {name: A}, {name: a}, x]", `
squads[0].name: is missing; write what the squad is called
squads[2]: "a" is already in the list, at squads[1]; name it once
squads[3]: "x" is not a group of settings; write name: and, below it, the others`},
		{"targets", "categories: [{name: A, clock: off, targets: [{name: P4}, {resolve: 1h}, {name: P1, warn_at: 1, hours: sometimes, alert_respond: 7}, {name: P2}, {name: p2}]}]", `
categories[0].clock: "off" is not a choice here; write runs or none
categories[0].targets[0].name: "P4" is not a choice here; write P1, P2 or P3
categories[0].targets[1].name: is missing; write P1, P2 or P3
categories[0].targets[2].hours: "sometimes" is not a choice here; write always or desk
categories[0].targets[2].alert_respond: 7 is neither yes nor no; write true or false
categories[0].targets[2].warn_at: 1 is not between 0 and 1; write something like 0.75
categories[0].targets[4]: "P2" is already in the list, at categories[0].targets[3]; name it once`},
		{"contradictions", `
hours: Mon 09:00-10:00 UTC
squads: [{name: S, targets: [{name: P2, resolve: 10m}]}]
categories: [{name: A, squad: S, clock: none, targets: [{name: P1, resolve: 2h}]}, {name: B, targets: [{name: P1, resolve: 8000h, hours: desk}]}]`, `
squads[0]: P2 is answered within 45m, later than it is solved, within 10m; write a shorter respond for it
categories[0]: has no clock, and hours or targets; write one or the other
categories[1]: P1 is solved within 8000h, but the desk is open for 1h a week: that is more than a year; write a shorter resolve for it`},
		{"hours", "squads: [{name: S, hours: Mon}]", `squads[0].hours: "Mon" does not end with a time zone; write something like Mon-Fri 09:00-18:00 Europe/London`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.Load(write(t, test.file), needed)
			if err == nil {
				t.Fatal("accepted")
			}
			want := test.want
			if want[0] == '\n' {
				want = want[1:]
			}
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
