package slackview

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// asksWhere is the notice that asks where a message belongs, or shows the answer.
func asksWhere(answer desk.Belongs) desk.Notice {
	n := notice(desk.NoticeWhere, "UALICE", "")
	n.Messages, n.Belongs, n.Into = []ticket.Message{{Channel: "DALICE", TS: "1763632300.000100"}}, answer, 42
	return n
}

func TestWhere(t *testing.T) {
	t.Parallel()
	candidates := []desk.Record{ticket42(t, opened())}
	several := asksWhere("")
	several.Messages = append(several.Messages, ticket.Message{Channel: "DALICE", TS: "1763632301.000100"})
	for name, n := range map[string]desk.Notice{
		"asked": asksWhere(""), "several": several, "nowhere": asksWhere(desk.BelongsNowhere),
		"filed": asksWhere(desk.BelongsToNew), "passed_on": asksWhere(desk.BelongsToTicket), "taken_back": asksWhere(desk.BelongsNoMore),
	} {
		t.Run(name, func(t *testing.T) {
			goldenMessage(t, "where_"+name, Where(n, candidates))
		})
	}
	goldenMessage(t, "where_nothing_open", Where(asksWhere(""), nil))
}

func TestOffer(t *testing.T) {
	t.Parallel()
	n := notice(desk.NoticeOffer, "UALICE", "")
	n.Thread = ticket.Message{Channel: "CSUPPORT", TS: "1763632300.000100"}
	goldenMessage(t, "offer", Offer(n))
	goldenMessage(t, "already", Already(ticket42(t, opened()), sceneAt(friday)))
}

func TestParseBelongs(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]struct {
		belongs desk.Belongs
		ticket  ticket.Number
		ours    bool
	}{
		"belongs_42":      {desk.BelongsToTicket, 42, true},
		"belongs_new":     {desk.BelongsToNew, 0, true},
		"belongs_nowhere": {desk.BelongsNowhere, 0, true},
		"belongs_":        {desk.BelongsToTicket, 0, false},
		"belongs_-1":      {desk.BelongsToTicket, -1, false},
		"claim":           {},
	} {
		t.Run(id, func(t *testing.T) {
			if b, n, ours := ParseBelongs(id); b != want.belongs || n != want.ticket || ours != want.ours {
				t.Errorf("%s, %v, %t", b, n, ours)
			}
		})
	}
}
