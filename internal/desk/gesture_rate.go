package desk

import (
	"context"
	"fmt"
	"hash/fnv"
	"time"

	"supporty/internal/ticket"
)

// After a solution its requester can be asked, by direct message, whether it is fixed and how the
// help was. Once a cycle, about a share of the tickets, and not about small ones. Whether somebody
// was asked lately about another ticket is decided when the question is sent.

const (
	// SurveyEvery is how long nobody is asked about another ticket.
	SurveyEvery = 14 * 24 * time.Hour
	// surveyAfter is the age of a ticket that is worth a question.
	surveyAfter = 30 * time.Minute
	// surveyDelay is how long after the solution the question comes: it can be undone until then.
	surveyDelay = ticket.UndoWindow
	// ratingDelay is how long the owner's news wait for a word that comes with the stars.
	ratingDelay = 10 * time.Minute
)

// Surveying returns the desk, which asks requesters about so many of 100 solutions; 0 for none.
func (d *Desk) Surveying(share int) *Desk {
	own := *d
	own.share = share
	return &own
}

// Leading returns the desk, of whose categories these people lead the squads.
func (d *Desk) Leading(leads map[string]string) *Desk {
	own := *d
	own.leads = leads
	return &own
}

// Fixed says that a solution holds, as its requester answers the survey.
func (d *Desk) Fixed(ctx context.Context, g Gesture) (Record, error) {
	return d.do(ctx, g, ticket.Rated, ticket.Details{})
}

// Opinion is how the help was, as the requester says.
type Opinion struct {
	Stars    int    // 1 to ticket.MostStars
	Word     string // given with a form only; may be empty
	FollowUp bool   // likewise: they ask the lead to look at it
}

// Rate says how the help was. It replaces what the requester said of the same cycle before. By a
// button, what else they said stays.
func (d *Desk) Rate(ctx context.Context, g Gesture, o Opinion) (Record, error) {
	if o.Stars < 1 || o.Stars > ticket.MostStars {
		return Record{}, ticket.Errorf(ticket.Invalid, "Choose 1 to %d stars.", ticket.MostStars).At(FieldStars)
	}
	return d.do(ctx, g, ticket.Rated, ticket.Details{Stars: o.Stars, Note: clean(o.Word), FollowUp: o.FollowUp})
}

// enqueueSurvey asks the requester about a solution of somebody else.
func (d *Desk) enqueueSurvey(c *Change, e ticket.Entry) {
	r := c.After
	t := r.Ticket
	small := t.EndedAt.Sub(t.OpenedAt) <= surveyAfter
	if t.Drill != "" || t.State != ticket.StateResolved || !t.EndedAt.Equal(e.HappenedAt) || e.Actor == t.Requester || small || !d.sampled(t) {
		return
	}
	n := r.notice(NoticeSurvey, t.Requester, later(e.HappenedAt.Add(surveyDelay), e.RecordedAt), NoticeDetails{Actor: e.Actor, At: e.HappenedAt})
	n.OrderingKey = "survey:" + t.Requester // one after the other, so that only the first is asked
	n.Urgency = UrgencyAsk
	c.enqueue(n)
}

// sampled reports whether a cycle is one of the share. It is the same at every try.
func (d *Desk) sampled(t ticket.Ticket) bool {
	h := fnv.New32a()
	_, _ = fmt.Fprintf(h, "%d:%d", int64(t.Number), t.Cycle) // cannot fail
	return int(h.Sum32()%100) < d.share
}

// Helper is whose help a rating of the ticket is about: its owner, or else who resolved it.
func (r Record) Helper() string {
	if r.Ticket.Owned() {
		return r.Ticket.Assignee
	}
	return r.Ticket.EndedBy
}

// enqueueRating tells the helper of few stars and of words. What they were told already is kept as it
// is now, and so is the survey after its form was sent. A press on the survey is shown by whoever
// received it.
func (c *Change) enqueueRating(r Record, e ticket.Entry) {
	t := r.Ticket
	told := false
	c.reword(func(p *Posted) bool {
		told = told || p.Kind == NoticeRated && p.Cycle == t.Cycle
		return p.Kind.OfHelp() && p.Cycle == t.Cycle && (p.Kind != NoticeSurvey || e.Gesture == ticket.ByForm)
	})
	if !told && t.Rating(t.Cycle).Telling() && r.Helper() != t.Requester {
		c.enqueue(apart(r.notice(NoticeRated, r.Helper(), e.RecordedAt.Add(ratingDelay), NoticeDetails{Actor: e.Actor, At: e.HappenedAt})))
	}
}

// enqueueFollowUp tells the lead, if the requester asks for it.
func (d *Desk) enqueueFollowUp(ctx context.Context, c *Change, e ticket.Entry) {
	r := c.After
	asked := false
	for _, p := range r.Posted {
		asked = asked || p.Kind == NoticeFollowUp && p.Cycle == r.Ticket.Cycle
	}
	lead, _ := d.Lead(ctx, r) // what they may read is decided again when it is sent
	if !e.FollowUp || asked || lead == "" {
		return
	}
	c.enqueue(apart(r.notice(NoticeFollowUp, lead, e.RecordedAt, NoticeDetails{Actor: e.Actor, At: e.HappenedAt})))
}

// apart is a notice that is told beside the ticket's own messages, and waits for none of them.
func apart(n Notice) Notice {
	n.OrderingKey += ":" + string(n.Kind)
	n.Urgency = UrgencyAsk
	return n
}

// Lead returns whom the requester can ask to look at a ticket: who leads the squad that owns its
// category, unless they are its requester or its owner, or may not read it. It is "" for nobody.
func (d *Desk) Lead(ctx context.Context, r Record) (string, error) {
	lead := d.leads[r.Ticket.Category]
	if lead == "" || lead == r.Ticket.Requester || lead == r.Helper() {
		return "", nil
	}
	p, err := d.actor(ctx, lead)
	if err == nil && (p.Deactivated || !MayRead(p, r.Ticket)) {
		return "", nil
	}
	return lead, err
}

// Rateable returns an error if a person cannot say now how the help was.
func (r Record) Rateable(person string, now time.Time) error {
	another := r.Ticket.Rating(r.Ticket.Cycle).Now()%ticket.MostStars + 1
	e := ticket.Entry{Kind: ticket.Rated, Actor: person, HappenedAt: now, Details: ticket.Details{Stars: another}}
	if err := permit(e, Person{ID: person}, r.Ticket); err != nil {
		return err
	}
	_, err := r.Ticket.Apply(e)
	return unlessSame(err)
}
