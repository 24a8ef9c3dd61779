package slackview

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func TestParseAction(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id, value string
		want      Action
	}{
		{"claim", "42", Action{Name: ActionClaim, Ticket: 42}},
		{"menu", "put_back:42", Action{Name: ActionPutBack, Ticket: 42}},
		{"menu", "hand_over:42", Action{Name: ActionHandOver, Ticket: 42}},
		{"how_no_change", "42", Action{Name: ActionHow, Ticket: 42, Argument: "no_change"}},
		{"withdraw", "9223372036854775807", Action{Name: ActionWithdraw, Ticket: 9223372036854775807}},
	} {
		t.Run(test.id, func(t *testing.T) {
			got, err := ParseAction(test.id, test.value)
			if err != nil {
				t.Errorf("%s %s: %v", test.id, test.value, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", test.id, test.value, diff)
			}
		})
	}
}

func TestParseActionRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range [][2]string{
		{"", ""}, {"claim", ""}, {"claim", "0"}, {"claim", "-1"}, {"claim", "42x"}, {"claim", "9223372036854775808"},
		{"menu", "42"}, {"menu", "put_back"}, {"menu", "claim:42"}, {"menu", "put_back:42:1"}, {"menu", ":42"},
		{"how", "42"}, {"how_", "42"}, {"how_magic", "42"}, {"drop table", "42"},
	} {
		if a, err := ParseAction(test[0], test[1]); ticket.CodeOf(err) != ticket.Invalid || a != (Action{}) {
			t.Errorf("%q: %+v, %v", test, a, err)
		}
	}
}

// Every rendered button and option can be parsed.
func TestEveryButtonIsUnderstood(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", 1, ticket.Details{})
	open, owned := ticket42(t, opened()), ticket42(t, opened(), claimed)
	ended := ticket42(t, opened(), claimed, entry(ticket.Resolved, "UBOB", 2, ticket.Details{}))
	hidden := ticket42(t, opened(), entry(ticket.Withheld, "", 1, ticket.Details{}))
	s := sceneAt(friday)
	messages := []slackformat.Message{Card(open, s), Card(owned, s), Card(ended, s), Card(hidden, s)}
	for _, kind := range []desk.NoticeKind{desk.NoticeReceipt, desk.NoticeResolved, desk.NoticeClosed, desk.NoticeReopened, desk.NoticeAskSolution, desk.NoticeAnsweredUnowned, desk.NoticeFiledAtOnce} {
		messages = append(messages, Notice(holding(notice(kind, "UALICE", "UBOB"), ended), ended, s), Notice(notice(kind, "UALICE", "UBOB"), open, s))
	}
	waiting := ticket42(t, opened(), claimed, entry(ticket.Waited, "UBOB", 2, ticket.Details{Text: "Which card?"}))
	for _, r := range []desk.Record{open, owned, waiting} {
		messages = append(messages, Card(r, s), slackformat.Message{Blocks: More(r.Ticket, withIssues()).Blocks.BlockSet})
	}
	for _, absence := range []desk.Absence{"", desk.OwnerAway} {
		n := notice(desk.NoticeAlert, "UBOB", "")
		n.Alert, n.Absence = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Warn}, absence
		messages = append(messages, Notice(n, owned, s))
	}
	messages = append(messages, Notice(onLadder(desk.NoticeEscalation, "UBOB"), open, s))
	seen := map[string]bool{}
	for _, m := range messages {
		for _, e := range elements(t, m) {
			a, err := ParseAction(e[0], e[1])
			if err != nil || a.Ticket != 42 {
				t.Errorf("%q: %+v, %v", e, a, err)
			}
			seen[a.Name] = true
		}
	}
	for _, name := range []string{
		ActionClaim, ActionResolve, ActionHandOver, ActionEdit, ActionPriority, ActionClose, ActionPutBack,
		ActionOnIt, ActionReach, ActionExpect, ActionTakeOver, ActionWait, ActionHold, ActionResume, ActionMore, ActionWhy,
		ActionReopen, ActionShowText, ActionHow, ActionJustAComment, ActionSolvedIt, ActionWithdraw, ActionNotATicket,
	} {
		if !seen[name] {
			t.Errorf("nothing offers %s", name)
		}
	}
}

// elements lists action_id and value of each element that can be pressed or chosen.
func elements(t *testing.T, m slackformat.Message) [][2]string {
	t.Helper()
	var decoded any
	if err := json.Unmarshal([]byte(asJSON(t, m.Blocks)), &decoded); err != nil {
		t.Fatal(err)
	}
	return pressableIn(decoded)
}

func pressableIn(decoded any) [][2]string {
	var found [][2]string
	eachObject(decoded, func(o map[string]any) {
		id, _ := o["action_id"].(string)
		if value, ok := o["value"].(string); ok && id != "" {
			found = append(found, [2]string{id, value})
		}
		options, _ := o["options"].([]any)
		for _, option := range options {
			found = append(found, [2]string{id, option.(map[string]any)["value"].(string)})
		}
	})
	return found
}

func FuzzParseAction(f *testing.F) {
	f.Add("claim", "42")
	f.Add("menu", "put_back:42")
	f.Add("how_code", "42")
	f.Fuzz(func(t *testing.T, id, value string) {
		a, err := ParseAction(id, value)
		switch {
		case err != nil && ticket.CodeOf(err) != ticket.Invalid:
			t.Errorf("error %v", err)
		case err == nil && (a.Ticket <= 0 || a.Name == ""):
			t.Errorf("%+v", a)
		}
	})
}
