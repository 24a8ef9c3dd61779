package sla_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/sla"
)

func TestPolicyAsJSON(t *testing.T) {
	t.Parallel()
	open := hours("Europe/London", "Mon", "09:00-12:30 13:30-18:00", "2026-04-06")
	office, same := calendar(t, open), calendar(t, open)
	night := calendar(t, hours("Asia/Tokyo", "Sun", "22:00-06:00"))
	inDays := sla.Target{ResolveDays: 1, Respond: 6 * time.Hour, WarnAt: 0.75, Calendar: office}
	policy := sla.Policy{
		Targets: sla.Targets{1: p1, 3: inDays},
		Categories: map[string]sla.Targets{
			"Payments":  {1: p1, 3: {Resolve: time.Hour, Respond: time.Minute, WarnAt: 0.5, Calendar: same}},
			"Night":     {1: {Resolve: time.Hour, Calendar: night}},
			"Gardening": {},
		},
		Escalations: []sla.Escalation{
			{Priorities: []int{1}, Notify: []string{"page:ops"}},
			{Percent: 100, After: 30 * time.Minute, Notify: []string{"owner", "group:S1"}, Every: time.Hour, Most: 3},
		},
	}
	text, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	const urgent = `{"Resolve":3600000000000,"Respond":900000000000,"AlertRespond":true,"WarnAt":0.75}`
	const want = `{"targets":{"1":` + urgent +
		`,"3":{"Resolve":0,"ResolveDays":1,"Respond":21600000000000,"AlertRespond":false,"WarnAt":0.75,"Hours":1}},` +
		`"categories":{"Gardening":{},` +
		`"Night":{"1":{"Resolve":3600000000000,"Respond":0,"AlertRespond":false,"WarnAt":0,"Hours":2}},` +
		`"Payments":{"1":` + urgent + `,"3":{"Resolve":3600000000000,"Respond":60000000000,"AlertRespond":false,"WarnAt":0.5,"Hours":1}}},` +
		`"hours":[{"zone":"Europe/London","week":[null,[{"from":540,"to":750},{"from":810,"to":1080}],null,null,null,null,null],"holidays":["2026-04-06"]},` +
		`{"zone":"Asia/Tokyo","week":[[{"from":1320,"to":1800}],null,null,null,null,null,null]}],` +
		`"escalations":[{"priorities":[1],"notify":["page:ops"]},` +
		`{"percent":100,"after":1800000000000,"notify":["owner","group:S1"],"every":3600000000000,"most":3}]}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("what is kept for ever has changed (-want +got):\n%s", diff)
	}
	var read sla.Policy
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(policy, read); diff != "" {
		t.Errorf("read again (-want +got):\n%s", diff)
	}
	if read.Targets[3].Calendar != read.Categories["Payments"][3].Calendar {
		t.Error("the same hours are two calendars")
	}
}

func TestPolicyThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"an unknown zone":             `{"targets":{},"hours":[{"zone":"Mars/Olympus"}]}`,
		"hours that are not there":    `{"targets":{"1":{"Hours":1}}}`,
		"hours before the first":      `{"targets":{},"categories":{"Data":{"1":{"Hours":-1}}}}`,
		"something else than targets": `{"targets":7}`,
	} {
		t.Run(name, func(t *testing.T) {
			var read sla.Policy
			if err := json.Unmarshal([]byte(text), &read); err == nil {
				t.Errorf("%s is read", name)
			}
		})
	}
}

func TestTargetOfACategory(t *testing.T) {
	t.Parallel()
	policy := sla.Policy{
		Targets:    sla.Targets{1: p1, 2: p2},
		Categories: map[string]sla.Targets{"Payments": {1: p1, 2: p3}, "Gardening": {}},
	}
	for _, test := range []struct {
		category string
		priority int
		want     sla.Target
	}{
		{"Data", 2, p2}, {"Payments", 2, p3}, {"Payments", 1, p1},
		{"Gardening", 1, sla.Target{}}, {"Data", 3, sla.Target{}}, {"", 1, p1},
	} {
		t.Run(test.category, func(t *testing.T) {
			if diff := cmp.Diff(test.want, policy.Target(test.category, test.priority)); diff != "" {
				t.Errorf("%s P%d (-want +got):\n%s", test.category, test.priority, diff)
			}
		})
	}
}

// Without a target a clock is never late and has no steps, and Left is 0.
func TestNothingPromised(t *testing.T) {
	t.Parallel()
	for _, c := range cycle(t, event("09:00", sla.Start)).Clocks {
		if c.Promised() || c.Late(on("20:00")) || len(c.Steps()) > 0 || c.Left(on("20:00")) != 0 || !c.DueAt.IsZero() || !c.WarnAt.IsZero() {
			t.Errorf("%+v", c)
		}
		if spent := c.Spent(on("10:00")); spent != time.Hour {
			t.Errorf("%s: spent %s, want it measured all the same", c.Name, spent)
		}
	}
}

// The first promise begins when it is made. After a promise has ended, only its lateness stays.
func TestFromNothingPromisedAndBack(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		events  []sla.Event
		due     string
		late    bool
		promise int
	}{
		{"first promised at noon", []sla.Event{event("09:00", sla.Start), event("12:00", sla.Retarget, p2)}, "15:00", true, 1},
		{"no longer promised", []sla.Event{event("09:00", sla.Start, p2), event("11:00", sla.Retarget)}, "", false, 1},
		{"no longer promised, but late", []sla.Event{event("09:00", sla.Start, p2), event("12:01", sla.Retarget)}, "12:00", true, 0},
		{"promised anew", []sla.Event{event("09:00", sla.Start, p1), event("09:30", sla.Retarget), event("11:00", sla.Retarget, p1)}, "12:00", true, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := cycle(t, test.events...).Clock(sla.Resolve)
			if !c.DueAt.Equal(on(test.due)) || c.Late(on("30:00")) != test.late || c.Promise != test.promise {
				t.Errorf("due %s, late %t, promise %d", c.DueAt, c.Late(on("30:00")), c.Promise)
			}
		})
	}
}
