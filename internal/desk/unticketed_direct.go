package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"supporty/internal/ticket"
)

// A message to the bot outside of a ticket's thread is not passed on by guess: its author
// is asked where it belongs.

// UnticketedChange is a change of the messages of one ordering key that are about no
// ticket: new ones, and those to be reworded.
type UnticketedChange struct {
	Notices  []Notice
	Reworded []Posted
}

// Belongs is the answer to a question where a message belongs.
type Belongs string

// The answers to such a question.
const (
	BelongsToTicket Belongs = "ticket"
	BelongsToNew    Belongs = "new"
	BelongsNowhere  Belongs = "nowhere"
	BelongsNoMore   Belongs = "no_more" // it was passed on to a ticket, and is taken back or deleted since
)

// mostCandidates is how many tickets are offered.
const mostCandidates = 5

// Address returns the ticket to which a message to the bot belongs that was written
// outside of a ticket's thread: the ticket whose question it answers. That question
// must have been the last message to the author there, and the only open one. Otherwise
// Address returns 0 and enqueues a question where the message belongs. Messages that
// the author writes before the answer are asked about together. A message that was
// passed on before leads to its ticket again. If the message stands in the person's thread
// about a ticket that is not theirs, that ticket is offered as well.
func (d *Desk) Address(ctx context.Context, person string, m ticket.Message, thread ticket.Number, at, now time.Time) (ticket.Number, error) {
	if n, err := d.FindByReply(ctx, m); n != 0 || err != nil {
		return n, err
	}
	records, err := d.askedBy(ctx, person, now)
	if err != nil {
		return 0, err
	}
	if r, only := onlyQuestion(records, m, at); only && thread == 0 {
		return r.Ticket.Number, nil
	}
	err = d.unticketed.ChangeUnticketed(ctx, directKey(person), "direct:"+m.Channel+":"+m.TS, micros(now), func(posted []Posted) UnticketedChange {
		return askWhere(posted, person, m, thread, now)
	})
	return 0, orUnavailable(err, "asking where something belongs")
}

func directKey(person string) string { return "direct:" + person }

// askWhere asks about a message, together with earlier ones that have no answer yet.
func askWhere(posted []Posted, person string, m ticket.Message, thread ticket.Number, now time.Time) UnticketedChange {
	for _, p := range slices.Backward(posted) {
		if p.Kind == NoticeWhere && p.Belongs == "" && !p.Gone {
			p.Messages, p.About = append(slices.Clone(p.Messages), m), cmp.Or(thread, p.About)
			return UnticketedChange{Reworded: []Posted{p}}
		}
	}
	n := where(person, now, m)
	n.About = thread
	return UnticketedChange{Notices: []Notice{n}}
}

// where is the question where messages belong.
func where(person string, now time.Time, about ...ticket.Message) Notice {
	return Notice{
		Kind: NoticeWhere, OrderingKey: directKey(person), Queue: QueueSupport, To: person, DueAt: micros(now), Urgency: UrgencyPerson,
		NoticeDetails: NoticeDetails{At: micros(now), Messages: about},
	}
}

// Candidates are the tickets that the author of a message may mean. Tickets that wait
// for them come first, then their other open ones, then those that can be reopened; the
// newest first. Before all of them comes the ticket that the question is about, if they may
// read it.
func (d *Desk) Candidates(ctx context.Context, q Notice, now time.Time) ([]Record, error) {
	records, err := d.askedBy(ctx, q.To, now)
	if err != nil {
		return nil, err
	}
	rank := func(r Record) int {
		switch {
		case r.Ticket.State == ticket.StateWaiting:
			return 0
		case !r.Ticket.State.Ended():
			return 1
		}
		return 2
	}
	slices.SortStableFunc(records, func(a, b Record) int { return rank(a) - rank(b) })
	if q.About != 0 {
		about, err := d.Read(ctx, q.About, q.To)
		switch {
		case err == nil:
			records = slices.Insert(records, 0, about)
		case ticket.CodeOf(err) == ticket.Unavailable:
			return nil, err
		}
	}
	return records[:min(len(records), mostCandidates)], nil
}

// IsOwn reports whether somebody asked for a ticket. What they write in the bot's thread
// about it is for the ticket. Others who have such a thread are asked where it belongs:
// see Address.
func (d *Desk) IsOwn(ctx context.Context, n ticket.Number, person string) (bool, error) {
	r, _, err := d.latest(ctx, n)
	return r.Ticket.Requester == person, err
}

// askedBy returns the tickets that somebody asked for and can still answer about, the
// newest first.
func (d *Desk) askedBy(ctx context.Context, person string, now time.Time) ([]Record, error) {
	numbers, err := d.lists.AskedBy(ctx, person, now.Add(-ticket.ReopenWindow))
	if err != nil {
		return nil, unavailable(fmt.Errorf("looking for somebody's tickets: %w", err))
	}
	var records []Record
	for _, n := range numbers {
		r, err := d.Find(ctx, n)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

// onlyQuestion returns the ticket whose question was the last message in a direct
// channel when somebody wrote there, if no other ticket waits for an answer of theirs.
// A message does not answer a question that was asked while it was on its way.
func onlyQuestion(records []Record, m ticket.Message, at time.Time) (Record, bool) {
	var last Posted
	var of Record
	waiting := 0
	for _, r := range records {
		if r.Ticket.State == ticket.StateWaiting {
			waiting++
		}
		for _, p := range r.Posted {
			if p.At.Channel == m.Channel && p.At.TS < m.TS && p.Stands() && p.Kind != NoticeGathered && p.PostedAt.After(last.PostedAt) {
				last, of = p, r
			}
		}
	}
	return of, waiting == 1 && of.Ticket.State == ticket.StateWaiting && !of.Ticket.Pause.Since.After(at) && of.isQuestion(last)
}

// isQuestion reports whether a notice is the question that the ticket waits for.
func (r Record) isQuestion(p Posted) bool {
	pause := r.Ticket.Pause
	switch p.Kind {
	case NoticeQuestion:
		return p.Pause == pause.Number
	case NoticeNudge:
		return p.Alert.Promise == pause.Number
	case NoticeCarried, NoticeFile:
		return p.Thread == pause.Question
	default:
		return false
	}
}

// Question returns the question that stands at a message of ours; it has no messages if
// there is none. People can answer before we have recorded where the question stands:
// then it is the one without an answer.
func (d *Desk) Question(ctx context.Context, person string, at ticket.Message) (Posted, error) {
	var found Posted
	err := d.unticketed.ChangeUnticketed(ctx, directKey(person), "", time.Time{}, func(posted []Posted) UnticketedChange {
		for _, p := range posted {
			if p.Kind == NoticeWhere && (p.At == at || p.At.TS == "" && p.Belongs == "") {
				found = p
			}
		}
		return UnticketedChange{}
	})
	return found, orUnavailable(err, "looking for a question")
}

// Settle records the answer to a question where messages belong: what was said of which of
// them. The question then shows the answer, without buttons. Messages that came while the
// answer was given are asked about anew.
func (d *Desk) Settle(ctx context.Context, person string, answered []ticket.Message, b Belongs, n ticket.Number, now time.Time) error {
	err := d.unticketed.ChangeUnticketed(ctx, directKey(person), "", time.Time{}, func(posted []Posted) UnticketedChange {
		for _, p := range slices.Backward(posted) {
			settled, rest := divide(p.Messages, answered)
			if p.Kind != NoticeWhere || p.Belongs != "" || len(settled) == 0 {
				continue
			}
			p.Belongs, p.Into, p.Messages = b, n, settled
			change := UnticketedChange{Reworded: []Posted{p}}
			if len(rest) > 0 {
				change.Notices = []Notice{where(person, now, rest...)}
			}
			return change
		}
		return UnticketedChange{}
	})
	return orUnavailable(err, "settling where something belongs")
}

// divide returns the messages that were answered, and the rest.
func divide(messages, answered []ticket.Message) (settled, rest []ticket.Message) {
	for _, m := range messages {
		if slices.Contains(answered, m) {
			settled = append(settled, m)
		} else {
			rest = append(rest, m)
		}
	}
	return settled, rest
}

// Forget removes a message that was deleted, or taken back, from the question about it.
// A question without messages is removed; one whose messages were passed on says that
// they are gone.
func (d *Desk) Forget(ctx context.Context, person string, m ticket.Message) error {
	err := d.unticketed.ChangeUnticketed(ctx, directKey(person), "", time.Time{}, func(posted []Posted) UnticketedChange {
		for _, p := range slices.Backward(posted) {
			if slices.Contains(p.Messages, m) && (p.Belongs == "" || p.Belongs == BelongsToTicket) {
				return UnticketedChange{Reworded: []Posted{p.without(m)}}
			}
		}
		return UnticketedChange{}
	})
	return orUnavailable(err, "forgetting a message")
}

// without is a question where messages belong, with one less.
func (p Posted) without(m ticket.Message) Posted {
	i := slices.Index(p.Messages, m)
	switch {
	case len(p.Messages) > 1:
		p.Messages = slices.Delete(slices.Clone(p.Messages), i, i+1)
	case p.Belongs == BelongsToTicket:
		p.Belongs = BelongsNoMore
	default:
		p.Gone = true
	}
	return p
}
