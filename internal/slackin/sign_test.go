package slackin

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// inThread is a Slack in which every reply stands in the card's thread.
type inThread struct{ Slack }

func (inThread) Reply(context.Context, string, string) (string, slackapi.Written, error) {
	return card.TS, slackapi.Written{Text: "Which card?"}, nil
}

// Every row of the table of signs takes effect where it counts, and nowhere else.
func TestEverySignIsHeard(t *testing.T) {
	t.Parallel()
	for _, s := range ticket.Signs {
		for _, place := range []ticket.Place{ticket.OnCard, ticket.OnReply} {
			now := time.Now().Add(time.Minute)
			h := newHarness(t, func(o *Options) {
				o.Signs, o.Slack = map[string]ticket.Sign{s.Emoji[0]: s}, inThread{o.Slack}
				o.Now = func() time.Time { return now }
			})
			if s.Added != ticket.Claimed {
				h.gets(t, kindInteraction, strings.ReplaceAll(pressClaim, "1790000305.000100", stamp(now)))
			}
			on := fmt.Sprintf(`"item":{"type":"message","channel":%q,"ts":%q}`, card.Channel, card.TS)
			if place == ticket.OnReply {
				on = fmt.Sprintf(`"item_user":%q,"item":{"type":"message","channel":%q,"ts":%q}`, ben, support, stamp(now))
			}
			for i, event := range []string{"reaction_added", "reaction_removed"} {
				h.gets(t, kindEvent, fmt.Sprintf(`{"event":{"type":%q,"user":%q,"reaction":%q,"event_ts":%q,%s}}`,
					event, ben, s.Emoji[0], stamp(now.Add(time.Duration(i+1)*time.Second)), on))
				kind := s.Means(i == 0)
				heard := slices.ContainsFunc(h.store.records[1].Timeline, func(e ticket.Entry) bool {
					return e.Kind == kind && e.Gesture == ticket.ByEmoji && e.Void == ""
				})
				if want := place == s.On && kind != ""; heard != want {
					t.Errorf("%s, %s on a %s: heard %v", s.Name, event, place, heard)
				}
			}
		}
	}
}

func stamp(t time.Time) string { return fmt.Sprintf("%d.000100", t.Unix()) }
