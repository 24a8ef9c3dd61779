package slackview

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// What others hear of a private ticket has its number, and nothing that people wrote or are called.
func TestHidden(t *testing.T) {
	t.Parallel()
	filed := opened()
	filed.Title, filed.Text, filed.Category, filed.MakesPrivate = "canary title", "canary text", "canary category", true
	filed.Actor, filed.Requester = "UDANA", "UALICE"
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	open := ticket42(t, filed, claimed)
	ended := ticket42(t, filed, claimed, entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{Note: "canary note"}))
	s := sceneAt(after(2 * time.Hour))
	s.Direct, s.Workspace = true, "https://acme.slack.com/"
	for name, test := range map[string]struct {
		kind desk.NoticeKind
		r    desk.Record
	}{
		"receipt": {desk.NoticeReceipt, open}, "resolved": {desk.NoticeFollowed, ended}, "reopened": {desk.NoticeFollowed, open},
		"late": {desk.NoticeFollowedDelay, open}, "again": {desk.NoticeFollowedAgain, open}, "escalated": {desk.NoticeEscalation, open},
		"delete_yours": {desk.NoticeDeleteYours, open}, "other": {desk.NoticeCarried, open},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := holding(notice(test.kind, "UDANA", "UBOB"), test.r)
			n.Text, n.Note, n.Moved, n.Messages = "canary", "canary", true, []ticket.Message{{Channel: "C1", TS: "1794823200.000100"}}
			n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Late}
			m := Hidden(n, test.r, s)
			goldenMessage(t, "hidden_"+name, m)
			if said := mustRead(t, m); strings.Contains(said, "canary") || strings.Contains(said, "Alice") || strings.Contains(said, "Bob") {
				t.Errorf("it says %s", said)
			}
		})
	}
}

// Before a ticket is made private, the form says what happens then.
func TestPrivateForm(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	followed := entry(ticket.Followed, "UDANA", 2*time.Minute, ticket.Details{})
	solved := entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{})
	for name, test := range map[string]struct {
		r   desk.Record
		now time.Duration
	}{
		"open":  {ticket42(t, opened(), claimed, followed), time.Hour},
		"ended": {ticket42(t, opened(), claimed, solved), 30 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, "form_private_"+name, PrivateForm(test.r, sceneAt(after(test.now))))
		})
	}
}

// The card of a private ticket that was reopened names the channel in which it lived before.
func TestCardNamesEarlierRooms(t *testing.T) {
	t.Parallel()
	r := ticket42(t, opened())
	room := desk.Posted{Kind: desk.NoticeRoom, At: ticket.Message{Channel: "C0ROOM", TS: desk.RoomTS}}
	room.Gone = true
	r.Posted = append(r.Posted, room)
	if said := Card(r, sceneAt(friday)); !strings.Contains(mustRead(t, said), "before it was reopened: ") || !strings.Contains(mustRead(t, said), "#C0ROOM") {
		t.Errorf("it says %s", mustRead(t, said))
	}
}

func mustRead(t *testing.T, m slackformat.Message) string {
	t.Helper()
	blocks := &strings.Builder{}
	e := json.NewEncoder(blocks)
	e.SetEscapeHTML(false)
	if err := e.Encode(m.Blocks); err != nil {
		t.Fatal(err)
	}
	return m.Text + blocks.String()
}
