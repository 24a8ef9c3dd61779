package slackview

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

func TestCard(t *testing.T) {
	t.Parallel()
	const h, min = time.Hour, time.Minute
	nasty := opened()
	nasty.Title, nasty.Category, nasty.Text = hostile, "<!everyone>", hostile
	long := opened()
	long.Title, long.Text = strings.Repeat("&", 120), strings.Repeat("<@UBOB>", 428)
	variable := opened()
	variable.Title, variable.Category = "> user_id is *empty* in `orders`, _why_?", "~Data~"
	withCode := opened()
	withCode.Text = "It fails since this morning:\n```\n> SELECT *\n    FROM cards; -- <!here>\nERROR: timeout\n```\nWhat is wrong?"
	bare := opened()
	bare.Text = ""
	fromMessage := opened()
	fromMessage.Message = ticket.Message{Channel: "CGENERAL", TS: "1763632100.000200"}
	following := opened()
	following.Follows = 12
	claimed := entry(ticket.Claimed, "UBOB", 5*min, ticket.Details{})
	resolved := entry(ticket.Resolved, "UBOB", 130*min, ticket.Details{Solution: ticket.SolvedByConfiguration, Note: "Card rule for US lifted"})

	about := func(e ticket.Entry) ticket.Entry {
		e.Inexact = true
		return e
	}

	for name, test := range map[string]struct {
		first ticket.Entry
		rest  []ticket.Entry
		now   time.Duration
	}{
		"open":           {opened(), nil, 0},
		"open_late":      {opened(), nil, 4 * h},
		"open_no_text":   {bare, nil, 0},
		"claimed":        {opened(), []ticket.Entry{claimed}, 6 * min},
		"claimed_late":   {opened(), []ticket.Entry{claimed}, 3*h + 1},
		"handed_over":    {opened(), []ticket.Entry{claimed, entry(ticket.HandedOver, "UBOB", h, ticket.Details{Assignee: "UDANA"})}, h},
		"resolved":       {opened(), []ticket.Entry{claimed, entry(ticket.Replied, "UBOB", h, ticket.Details{}), entry(ticket.Replied, "UALICE", h, ticket.Details{}), resolved}, 5 * h},
		"resolved_late":  {opened(), []ticket.Entry{entry(ticket.Resolved, "UALICE", 4*h, ticket.Details{Note: hostile})}, 5 * h},
		"resolved_blank": {opened(), []ticket.Entry{entry(ticket.Resolved, "UBOB", h, ticket.Details{})}, h},
		"resolved_about": {opened(), []ticket.Entry{claimed, about(resolved)}, 5 * h},
		"waiting_about":  {opened(), []ticket.Entry{claimed, about(entry(ticket.Waited, "UBOB", h, ticket.Details{Text: "Which card?"}))}, 2 * h},
		"duplicate":      {opened(), []ticket.Entry{entry(ticket.Closed, "UBOB", h, ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: 7, Note: "See there"})}, h},
		"not_an_issue":   {opened(), []ticket.Entry{entry(ticket.Closed, "UBOB", h, ticket.Details{CloseReason: ticket.NotAnIssue})}, h},
		"withdrawn":      {opened(), []ticket.Entry{entry(ticket.Closed, "UALICE", h, ticket.Details{CloseReason: ticket.Withdrawn})}, h},
		"expected":       {opened(), []ticket.Entry{claimed, entry(ticket.Expected, "UBOB", h, ticket.Details{ExpectedAt: after(5 * h), Note: "The bank is slow"})}, 2 * h},
		"expected_late":  {opened(), []ticket.Entry{claimed, entry(ticket.Expected, "UBOB", h, ticket.Details{ExpectedAt: after(5 * h), Note: "The bank is slow"})}, 4 * h},
		"follow_up":      {following, nil, 0},
		"waiting":        {opened(), []ticket.Entry{claimed, entry(ticket.Waited, "UBOB", h, ticket.Details{Text: "Which card type, " + hostile})}, 2 * h},
		"waiting_late": {opened(), []ticket.Entry{claimed, entry(ticket.Waited, "UBOB", 4*h, ticket.Details{
			Message: ticket.Message{Channel: "CSUPPORT", TS: "1763632300.000100"}})}, 5 * h},
		"on_hold": {opened(), []ticket.Entry{claimed, entry(ticket.Held, "UBOB", h, ticket.Details{
			Text: "Waits for the bank, https://bank.example.com/7", ReviewAt: after(5 * 24 * h)})}, 2 * h},
		"on_hold_unreviewed": {opened(), []ticket.Entry{claimed, entry(ticket.Held, "UBOB", h, ticket.Details{
			Text: "Waits for the bank", ReviewAt: after(5 * 24 * h)})}, 6 * 24 * h},
		"unanswered": {opened(), []ticket.Entry{claimed, entry(ticket.Waited, "UBOB", h, ticket.Details{Text: "Which card?"}),
			{Kind: ticket.Closed, Gesture: ticket.ByClock, HappenedAt: after(73 * h), Details: ticket.Details{CloseReason: ticket.NoAnswer}}}, 80 * h},
		"reopened":       {opened(), []ticket.Entry{claimed, resolved, entry(ticket.Reopened, "UALICE", 5*h, ticket.Details{Policy: 1})}, 5 * h},
		"resolved_again": {opened(), []ticket.Entry{claimed, resolved, entry(ticket.Reopened, "UALICE", 5*h, ticket.Details{Policy: 1}), entry(ticket.Resolved, "UBOB", 30*h, ticket.Details{Note: "Now it is"})}, 31 * h},
		"long_thread":    {opened(), longThread(), 6 * h},
		"withheld":       {opened(), []ticket.Entry{entry(ticket.Withheld, "", h, ticket.Details{})}, h},
		"withheld_ended": {opened(), []ticket.Entry{claimed, entry(ticket.Withheld, "", h, ticket.Details{}), resolved}, 3 * h},
		"shown":          {opened(), []ticket.Entry{entry(ticket.Withheld, "", h, ticket.Details{}), entry(ticket.Shown, "UALICE", h, ticket.Details{})}, h},
		"linked":         {opened(), []ticket.Entry{entry(ticket.Replied, "UBOB", h, ticket.Details{Message: ticket.Message{Channel: "CSUPPORT", TS: "1763632300.000100"}, Links: issueLinks})}, 2 * h},
		"from_message":   {fromMessage, nil, 0},
		"hostile":        {nasty, nil, 0},
		"marks":          {variable, nil, 0},
		"code":           {withCode, nil, 0},
		"long":           {long, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			goldenMessage(t, "card_"+name, Card(ticket42(t, test.first, test.rest...), sceneAt(after(test.now))))
		})
	}
}

// longThread has 143 replies of twelve people, and a pause of half an hour.
func longThread() []ticket.Entry {
	const m = time.Minute
	all := []ticket.Entry{entry(ticket.Claimed, "UBOB", m, ticket.Details{})}
	for i := range 143 {
		all = append(all, entry(ticket.Replied, fmt.Sprint("UP", i%12), time.Duration(2*i+2)*m, ticket.Details{Message: ticket.Message{Channel: "CSUPPORT", TS: fmt.Sprint(i)}}))
	}
	return append(all, entry(ticket.Held, "UBOB", 300*m, ticket.Details{Text: "a deploy"}), entry(ticket.Resumed, "UBOB", 330*m, ticket.Details{}), entry(ticket.Resolved, "UBOB", 340*m, ticket.Details{}))
}

var issueLinks = []ticket.Link{
	{Kind: ticket.LinkPull, Name: "acme/shop#7", URL: "https://github.com/acme/shop/pull/7"},
	{Kind: ticket.LinkIssue, Name: "PAY-7", URL: "https://acme.atlassian.net/browse/PAY-7"},
}

func TestCardLinksToItsSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		workspace, channel, want string
	}{
		{"https://acme.slack.com/", "CGENERAL", "<https://acme.slack.com/archives/CGENERAL/p1763632100000200|from this message>"},
		{"", "CGENERAL", "from a message in <#CGENERAL>"},
		{"https://acme.slack.com/", "DALICE", ""}, // nobody else can open it
	} {
		t.Run(test.workspace, func(t *testing.T) {
			s := sceneAt(friday)
			s.Workspace = test.workspace
			if got := source(ticket.Message{Channel: test.channel, TS: "1763632100.000200"}, s); got != test.want {
				t.Errorf("%+v: %q", test, got)
			}
		})
	}
}

func TestCardWithoutAPromise(t *testing.T) {
	t.Parallel()
	first := opened()
	first.Policy = 0
	m := Card(ticket42(t, first), sceneAt(friday.Add(time.Hour)))
	checkMessage(t, m)
	if text := sectionText(t, m, 1); text != "Open, no owner · no target" {
		t.Errorf("status = %q", text)
	}
}

// A withheld ticket shows neither title nor text in any message.
func TestWithheldIsHidden(t *testing.T) {
	t.Parallel()
	first := opened()
	first.Title, first.Text = "hunter2", "hunter2"
	r := ticket42(t, first, entry(ticket.Withheld, "", time.Minute, ticket.Details{}))
	s := sceneAt(friday)
	for name, shown := range map[string]any{
		"card": Card(r, s), "show": Show(r, s), "receipt": receipt(notice(desk.NoticeReceipt, "UALICE", ""), r, s), "over": over(notice(desk.NoticeFollowed, "UBOB", ""), r, s), "form": EditForm(r.Ticket, offers()),
		"list": List(desk.Listing{Tickets: summaries(r), Total: 1}, s),
	} {
		t.Run(name, func(t *testing.T) {
			if text := asJSON(t, shown); strings.Contains(text, "hunter2") {
				t.Errorf("%s", text)
			}
		})
	}
}
