package desk

import (
	"context"
	"fmt"
	"time"

	"supporty/internal/ticket"
)

// People also ask in the support channel, without a ticket. What nobody has answered after an
// open hour is shown to responders on Home. Of such a message its place, its author and its time
// are known, never its words.

// Question is a message in the support channel that may be a question.
type Question struct {
	Message ticket.Message
	Author  string
	AskedAt time.Time
}

// Questions is what questions in the support channel need. A question that has become a ticket
// is none any more.
type Questions interface {
	// NoteQuestions stores questions that are not known yet, with the time from which each is
	// to be shown.
	NoteQuestions(ctx context.Context, asked []Question, due []time.Time) error
	// SettleQuestions notes that questions are answered or deleted, also if they become known
	// later.
	SettleQuestions(ctx context.Context, settled []ticket.Message, now time.Time) error
	// OpenQuestions returns the questions that are to be shown, the newest first, and how many
	// there are beyond the limit as well.
	OpenQuestions(ctx context.Context, now time.Time, limit int) ([]Question, int, error)
	// UnsettledQuestions returns the questions in a channel since a time, due or not.
	UnsettledQuestions(ctx context.Context, channel string, since time.Time) ([]Question, error)
}

const (
	// questionAfter is how much open time a question waits before it is shown.
	questionAfter = time.Hour
	// QuestionsKept is how long questions are known.
	QuestionsKept = 7 * 24 * time.Hour
)

// Ask notes a message in the support channel that may be a question.
func (d *Desk) Ask(ctx context.Context, q Question) error {
	return d.ask(ctx, []Question{q})
}

func (d *Desk) ask(ctx context.Context, asked []Question) error {
	policy, err := d.policies.Policy(ctx, d.policies.Current())
	if err != nil {
		return unavailable(err)
	}
	var known []Question
	var due []time.Time
	for _, q := range asked {
		p, err := d.actor(ctx, q.Author)
		if err != nil {
			return err
		}
		if p.CanRequest() {
			known, due = append(known, q), append(due, micros(policy.Hours("").Add(q.AskedAt, questionAfter)))
		}
	}
	if len(known) == 0 {
		return nil
	}
	return orUnavailable(d.questions.NoteQuestions(ctx, known, due), "noting a question")
}

// SettleQuestion notes that a message in the support channel has an answer, or was deleted.
func (d *Desk) SettleQuestion(ctx context.Context, m ticket.Message, now time.Time) error {
	return orUnavailable(d.questions.SettleQuestions(ctx, []ticket.Message{m}, micros(now)), "noting an answer")
}

// SeenQuestion is a message of a person in the support channel, as it was read after a gap.
type SeenQuestion struct {
	Question
	Answered bool
}

// UnsettledQuestions returns the questions in a channel that have no answer yet, due or not.
func (d *Desk) UnsettledQuestions(ctx context.Context, channel string, now time.Time) ([]Question, error) {
	known, err := d.questions.UnsettledQuestions(ctx, channel, now.Add(-QuestionsKept))
	return known, orUnavailable(err, "looking for questions")
}

// CatchUpQuestions compares what was read of the support channel with the questions that were
// known before it was read. All messages of people that stand there since a time are among seen.
func (d *Desk) CatchUpQuestions(ctx context.Context, known []Question, seen []SeenQuestion, since, now time.Time) error {
	stands := map[ticket.Message]bool{}
	var asked []Question
	var settled []ticket.Message
	for _, s := range seen {
		stands[s.Message] = true
		if s.Answered {
			settled = append(settled, s.Message)
		} else {
			asked = append(asked, s.Question)
		}
	}
	for _, q := range known {
		if !stands[q.Message] && !q.AskedAt.Before(since) {
			settled = append(settled, q.Message)
		}
	}
	if len(settled) > 0 {
		if err := d.questions.SettleQuestions(ctx, settled, micros(now)); err != nil {
			return unavailable(fmt.Errorf("noting answers: %w", err))
		}
	}
	return d.ask(ctx, asked)
}
