package outbox

import (
	"context"
	"strings"
	"time"

	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// If the app is created anew, Slack does not show it the direct messages of the app before.
// A new conversation with the person is opened. A message for a thread of the old
// conversation begins a thread in the new one.

// astray reports whether a direct message belongs to the app before.
func (i Item) astray(channel string, err error) bool {
	return strings.HasPrefix(channel, "D") && isPerson(i.To) && slackapi.CodeOf(err) == "channel_not_found"
}

func (s *Sender) post(ctx, begin context.Context, guard slackapi.Guard, i Item, p *Plan) (ticket.Message, error) {
	at, err := s.Slack.Post(begin, guard, p.Channel, p.Thread, p.Message)
	if i.astray(p.Channel, err) {
		s.about(i).Warn("a direct message is not this bot's; it is opened anew", "channel", p.Channel)
		return s.Slack.Post(ctx, guard, i.To, "", p.Message)
	}
	return at, err
}

func (s *Sender) find(ctx context.Context, i Item, p Plan, since time.Time) ([]slackapi.Found, error) {
	found, err := s.Slack.Find(ctx, i.ID, p.Channel, p.Thread, since)
	if i.astray(p.Channel, err) {
		return s.Slack.Find(ctx, i.ID, i.To, "", since)
	}
	return found, err
}

func (s *Sender) shareIn(ctx context.Context, guard func() error, i Item, p *Plan) error {
	err := s.Slack.Share(ctx, guard, i.Upload, i.file(*p).Name, p.Channel, p.Thread)
	if i.astray(p.Channel, err) {
		return s.Slack.Share(ctx, guard, i.Upload, i.file(*p).Name, i.To, "")
	}
	return err
}
