package catchup

import (
	"context"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/ticket"
)

// mostPages is how many pages of a channel's list are read for questions. What is older was read
// before, or is too old to be asked about.
const mostPages = 5

// questions reads what was written in the support channel, outside of threads, since the gap
// began, or since the first question that had no answer then. The questions are looked up before
// that: what is asked meanwhile is not taken for deleted.
func (g gap) questions(ctx context.Context) error {
	return g.insist(ctx, job{0, g.Channel, func(ctx context.Context) (bool, error) {
		known, err := g.Desk.UnsettledQuestions(ctx, g.Channel, g.Now())
		if err != nil {
			return false, err
		}
		since := g.readFrom()
		for _, q := range known {
			since = earlier(since, q.AskedAt)
		}
		seen, since, err := g.skim(ctx, since)
		if err != nil {
			return false, err
		}
		return false, g.Desk.CatchUpQuestions(ctx, known, seen, since, g.Now())
	}})
}

// skim returns the messages of people since a time, or since a later one if there are very many.
func (g gap) skim(ctx context.Context, since time.Time) (seen []desk.SeenQuestion, from time.Time, err error) {
	latest := ""
	for range mostPages {
		page, more, err := g.Slack.Skim(ctx, g.Channel, latest)
		if err != nil || len(page) == 0 {
			return seen, since, err
		}
		for _, w := range page {
			if w.TS != latest && w.ByPerson() && !w.At().Before(since) {
				seen = append(seen, g.seenQuestion(w))
			}
		}
		oldest := page[len(page)-1]
		if !more || oldest.At().Before(since) {
			return seen, since, nil
		}
		latest, from = oldest.TS, oldest.At()
	}
	return seen, from, nil
}

func (g gap) seenQuestion(w slackapi.Written) desk.SeenQuestion {
	return desk.SeenQuestion{
		Question: desk.Question{Message: ticket.Message{Channel: g.Channel, TS: w.TS}, Author: w.User, AskedAt: w.At()},
		Answered: !w.RepliedTo().IsZero(),
	}
}
