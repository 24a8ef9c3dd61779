package slackview

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// A redaction deletes every message that shows words of the ticket itself. For that the desk
// has to know which kinds do.
func TestWhatShowsWordsOfTheTicket(t *testing.T) {
	t.Parallel()
	first := opened()
	first.Title = "needle"
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	for _, r := range []desk.Record{
		ticket42(t, first),
		ticket42(t, first, claimed, entry(ticket.Waited, "UBOB", time.Hour, ticket.Details{Text: "needle"})),
		ticket42(t, first, claimed, entry(ticket.Held, "UBOB", time.Hour, ticket.Details{Text: "needle", ReviewAt: after(24 * time.Hour)})),
		ticket42(t, first, claimed, entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{Note: "needle"})),
	} {
		for kind := range wordings {
			for _, s := range []Scene{sceneAt(after(2 * time.Hour)), {Names: called, Now: after(2 * time.Hour), Direct: true}, {Names: called, Now: after(2 * time.Hour), Aloud: true}} {
				n := notice(kind, "UALICE", "UBOB")
				n.File, n.Messages = &desk.File{Name: "screen.png"}, []ticket.Message{{Channel: "C1", TS: "1.1"}}
				n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Late, Promise: r.Ticket.Pause.Number}
				n.Pause, n.At, n.Flood = r.Ticket.Pause.Number, r.Ticket.EndedAt, &desk.Flood{}
				m := Notice(n, r, s)
				blocks, err := json.Marshal(m.Blocks)
				if err != nil {
					t.Fatal(err)
				}
				shows := strings.Contains(m.Text+string(blocks), "needle")
				if shows && !kind.ShowsTicket() && kind != desk.NoticeCard && kind != desk.NoticeFlood {
					t.Errorf("%s shows words of the ticket: %s", kind, m.Text)
				}
			}
		}
	}
}
