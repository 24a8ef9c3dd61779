package slackview

import (
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// rates is an answer of the requester to a survey.
func rates(stars int, word string, d time.Duration) ticket.Entry {
	e := entry(ticket.Rated, "UALICE", d, ticket.Details{Stars: stars, Note: word})
	e.Gesture = ticket.ByForm
	return e
}

func TestSurveys(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	solved := []ticket.Entry{entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{}), entry(ticket.Resolved, "UBOB", h, ticket.Details{})}
	after1h := func(more ...ticket.Entry) desk.Record { return ticket42(t, opened(), append(solved, more...)...) }
	reopened := entry(ticket.Reopened, "UALICE", 4*h, ticket.Details{Policy: 1})
	lead := []desk.Posted{{Kind: desk.NoticeFollowUp, To: "UDANA", NoticeDetails: desk.NoticeDetails{Cycle: 1}}}
	asked := after1h(rates(1, hostile, 2*h))
	asked.Ticket.Ratings[0].FollowUp, asked.Posted = true, lead
	for name, test := range map[string]struct {
		kind desk.NoticeKind
		to   string
		r    desk.Record
		at   time.Duration
	}{
		"survey":               {desk.NoticeSurvey, "UALICE", after1h(), 3 * h},
		"survey_stars":         {desk.NoticeSurvey, "UALICE", after1h(rates(0, "", 2*h)), 3 * h},
		"survey_given":         {desk.NoticeSurvey, "UALICE", after1h(rates(4, "", 2*h)), 3 * h},
		"survey_given_few":     {desk.NoticeSurvey, "UALICE", asked, 3 * h},
		"survey_final":         {desk.NoticeSurvey, "UALICE", after1h(rates(1, "", 2*h), rates(5, "", 3*h)), 24 * 9 * h},
		"survey_reopened":      {desk.NoticeSurvey, "UALICE", after1h(reopened), 5 * h},
		"survey_given_before":  {desk.NoticeSurvey, "UALICE", after1h(rates(2, "", 2*h), reopened), 5 * h},
		"rated":                {desk.NoticeRated, "UBOB", after1h(rates(2, "", 2*h)), 3 * h},
		"rated_hostile":        {desk.NoticeRated, "UBOB", asked, 3 * h},
		"rated_rose":           {desk.NoticeRated, "UBOB", after1h(rates(1, "Nobody came.", 2*h), rates(5, "Now it works.", 3*h)), 4 * h},
		"follow_up":            {desk.NoticeFollowUp, "UDANA", asked, 3 * h},
		"follow_up_taken_back": {desk.NoticeFollowUp, "UDANA", after1h(rates(3, "", 2*h)), 3 * h},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := notice(test.kind, test.to, "UALICE")
			n.At = after(h)
			s := sceneAt(after(test.at))
			s.Direct, s.Workspace = true, "https://acme.slack.com/"
			s.Obsolete = desk.Obsolete(n, test.r, s.Now) != ""
			goldenMessage(t, "notice_"+name, Notice(n, test.r, s))
		})
	}
	golden(t, "form_rate", RateForm(after1h(), "", sceneAt(after(2*h))))
	golden(t, "form_rate_again", RateForm(asked, "UDANA", sceneAt(after(3*h))))
}
