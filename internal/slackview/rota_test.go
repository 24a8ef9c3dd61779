package slackview

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/duty"
)

func draftRota() desk.RotaDraft {
	return desk.RotaDraft{
		Squad: "Checkout & <co>", People: []string{"UBOB", "UDANA"}, Turn: "1 week", Weekday: 1, Minute: 9*60 + 5, Zone: "Europe/London",
		During: duty.DuringOutside, Starts: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
	}
}

func madeRota(settings bool) *desk.MadeRota {
	return &desk.MadeRota{Squad: "Checkout & <co>", From: friday.AddDate(0, 0, 3), MadeBy: "UDANA", MadeAt: friday, Made: duty.Made{Settings: settings}}
}

func TestRotaForm(t *testing.T) {
	t.Parallel()
	shown := desk.RotaShown{MadeRota: *madeRota(false), More: true, Shifts: []duty.Shift{
		{Person: "UBOB", From: friday.AddDate(0, 0, 3), Until: friday.AddDate(0, 0, 10)}, {From: friday.AddDate(0, 0, 10), Until: friday.AddDate(0, 0, 11)},
	}}
	for name, form := range map[string]Modal{
		"first":    RotaForm(draftRota(), desk.RotaSource{}, sceneAt(friday)),
		"settings": RotaForm(draftRota(), desk.RotaSource{Settings: true}, sceneAt(friday)),
		"made":     RotaForm(draftRota(), desk.RotaSource{Made: madeRota(false), Settings: true}, sceneAt(friday)),
		"back":     RotaForm(draftRota(), desk.RotaSource{Made: madeRota(true), Settings: true}, sceneAt(friday)),
		"shown":    RotaShownForm(draftRota(), shown, desk.RotaSource{Made: madeRota(false), Settings: true}, sceneAt(friday)),
	} {
		checkModal(t, form)
		golden(t, "form_rota_"+name, form)
	}
	many := draftRota()
	many.People = nil
	for i := range duty.MostPeople {
		many.People = append(many.People, fmt.Sprintf("U0%09d", i))
	}
	form := RotaShownForm(many, shown, desk.RotaSource{}, sceneAt(friday))
	checkModal(t, form)
	if text, err := json.Marshal(form); err != nil || len(text) > 15_000 {
		t.Errorf("an answer with 200 people has %d bytes of Slack's 20 KB, %v", len(text), err)
	}
}

// What is filled in is what was meant; and it was shown only if nothing has changed since.
func TestFilledRota(t *testing.T) {
	t.Parallel()
	filled := func(people, day, during string) State {
		s, err := ReadState(json.RawMessage(fmt.Sprintf(`{
			"people": {"people_input": {"selected_users": %s}}, "turn": {"turn_input": {"value": "1 week"}}, "day": {"day_input": {"selected_option": {"value": %q}}},
			"time": {"time_input": {"selected_time": "09:05"}}, "zone": {"zone_input": {"value": "Europe/London"}},
			"during": {"during_input": {"selected_option": {"value": %q}}}, "starts": {"starts_input": {"selected_date": "2026-11-23"}}}`, people, day, during)))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	want := draftRota()
	want.By, want.Key = "UDANA", "form:V1"
	got := FilledRota(filled(`["UBOB", "UDANA"]`, "1", "outside"), Metadata{Squad: want.Squad}, "UDANA", "form:V1")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	meta, err := ReadMetadata(RotaShownForm(got, desk.RotaShown{}, desk.RotaSource{}, sceneAt(friday)).PrivateMetadata)
	if err != nil || !WasShown(got, meta) || WasShown(got, Metadata{Squad: want.Squad}) {
		t.Errorf("what was shown is not known again: %+v, %v", meta, err)
	}
	slices.Reverse(got.People)
	if WasShown(got, meta) {
		t.Error("another order was shown")
	}
	if odd := FilledRota(filled(`[]`, "9", "never"), Metadata{}, "U", ""); odd.Weekday != -1 || odd.During != duty.DuringAlways || len(odd.People) > 0 {
		t.Errorf("nonsense is %+v", odd)
	}
}

func TestRotaMade(t *testing.T) {
	t.Parallel()
	n := desk.Notice{Kind: desk.NoticeRotaMade, To: "UBOB", NoticeDetails: desk.NoticeDetails{Actor: "UDANA", Squad: "Checkout & <co>", At: friday}}
	first := duty.Shift{Person: "UBOB", From: friday.AddDate(0, 0, 3), Until: friday.AddDate(0, 0, 10)}
	goldenMessage(t, "rota_made", RotaMade(n, first, sceneAt(friday)))
	goldenMessage(t, "rota_made_without_a_shift", RotaMade(n, duty.Shift{}, sceneAt(friday)))
	n.Over = true
	goldenMessage(t, "rota_of_the_settings_again", RotaMade(n, first, sceneAt(friday)))
}

// Who can make the rota of a squad finds that in the answer, also if there is none yet; others do not.
func TestWhoIsOfferedToMakeARota(t *testing.T) {
	t.Parallel()
	of := Shifts{Squad: "Checkout & <co>", Own: true, Now: duty.Shift{Person: "UBOB"}, Source: desk.RotaSource{Made: madeRota(false), Settings: true}}
	if m := OnDuty([]Shifts{of}, time.Time{}, sceneAt(friday)); strings.Contains(fmt.Sprint(m), RotaID+":") {
		t.Error("somebody else is offered it")
	}
	of.Makes = true
	goldenMessage(t, "on_duty_made", OnDuty([]Shifts{of, {Squad: "Access", NoRota: true, Own: true, Makes: true}}, time.Time{}, sceneAt(friday)))
}
