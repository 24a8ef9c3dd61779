package desk_test

import (
	"slices"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Every sign does what its row says, as it is told and as it is seen after a gap.
func TestEverySignIsTheSameToldAndSeen(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, s := range ticket.Signs {
		t.Run(s.Name, func(t *testing.T) {
			ways := map[string]func(n ticket.Number, put bool, m float64){
				"told": func(n ticket.Number, put bool, m float64) {
					if kind := s.Means(put); kind != "" {
						h.do(n, reacted(s, kind, m))
					}
				},
				"seen": func(n ticket.Number, put bool, m float64) { h.catchUp(stands(n, s, put, m)) },
			}
			for way, sign := range ways {
				n := h.open(ticket.P2)
				h.stand(n)
				if s.Added != ticket.Claimed {
					h.do(n, claim(ann, 10))
				}
				for i, put := range []bool{true, false} {
					sign(n, put, 60+float64(i))
					if kind := s.Means(put); kind != "" && !slices.ContainsFunc(h.find(n).Timeline, func(e ticket.Entry) bool {
						return e.Kind == kind && e.Gesture == ticket.ByEmoji && e.Void == "" && e.Emoji == s.Emoji[0]
					}) {
						t.Errorf("%s: no %s in %s", way, kind, told(h.find(n)))
					}
				}
			}
		})
	}
}

// questioned is the reply that a sign is on; zero for the card.
func questioned(s ticket.Sign) ticket.Message {
	if s.On == ticket.OnReply {
		return replyAt(20)
	}
	return ticket.Message{}
}

func reacted(s ticket.Sign, kind ticket.Kind, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.React(h.t.Context(), h.byEmoji(n, ann, m, s.Emoji[0]), kind, questioned(s), "")
	}
}

// stands is what is seen of a ticket on which a sign is, or is not.
func stands(n ticket.Number, s ticket.Sign, put bool, m float64) desk.Observation {
	seen := desk.Observation{Ticket: n, From: minutes(m), Until: minutes(m), Now: minutes(m), Card: cardOf(n), Replies: []desk.ObservedReply{wrote(ann, 20)}}
	marks := []desk.ObservedEmoji{{Emoji: s.Emoji[0], Asks: s.Added, People: []string{ann}}}
	switch {
	case put && s.On == ticket.OnReply:
		seen.Replies[0].Emoji = marks
	case put:
		seen.Emoji = marks
	}
	return seen
}
