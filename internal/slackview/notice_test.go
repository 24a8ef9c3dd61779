package slackview

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func sectionText(t *testing.T, m slackformat.Message, i int) string {
	t.Helper()
	b, ok := m.Blocks[i].(*slack.SectionBlock)
	if !ok {
		t.Fatalf("block %d is a %s", i, m.Blocks[i].BlockType())
	}
	return b.Text.Text
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func summaries(records ...desk.Record) []desk.Summary {
	var list []desk.Summary
	for _, r := range records {
		t := r.Ticket
		list = append(list, desk.Summary{
			Number: t.Number, Title: t.Title, Category: t.Category, Priority: t.Priority, State: t.State, Requester: t.Requester,
			Assignee: t.Assignee, OpenedAt: t.OpenedAt, DueAt: r.Clock(sla.Resolve).DueAt, Card: r.Card, Withheld: t.Withheld,
		})
	}
	return list
}

func notice(kind desk.NoticeKind, to, actor string) desk.Notice {
	return desk.Notice{Kind: kind, Ticket: 42, To: to, NoticeDetails: desk.NoticeDetails{Actor: actor, Cycle: 1}}
}

// holding is a notice about something that is still true of the ticket, unless the notice
// says otherwise.
func holding(n desk.Notice, r desk.Record) desk.Notice {
	if n.At.IsZero() {
		n.At = r.Ticket.EndedAt
	}
	if n.Alert == nil && (n.Kind == desk.NoticeNudge || n.Kind == desk.NoticeReview) {
		n.Alert = &desk.Alert{Promise: r.Ticket.Pause.Number}
	}
	return n
}

func TestNotice(t *testing.T) {
	t.Parallel()
	const h, min = time.Hour, time.Minute
	open := ticket42(t, opened())
	claimed := entry(ticket.Claimed, "UBOB", 5*min, ticket.Details{})
	owned := ticket42(t, opened(), claimed)
	resolved := ticket42(t, opened(), claimed, entry(ticket.Resolved, "UBOB", h, ticket.Details{}))
	closedAs := func(why ticket.CloseReason) desk.Record {
		return ticket42(t, opened(), claimed, entry(ticket.Closed, "UBOB", h, ticket.Details{CloseReason: why, DuplicateOf: 7}))
	}
	lowered := ticket42(t, opened(), claimed, entry(ticket.Reprioritised, "UBOB", h, ticket.Details{Priority: ticket.P3, Policy: 1}))
	raised := ticket42(t, opened(), claimed, entry(ticket.Reprioritised, "UDANA", h, ticket.Details{Priority: ticket.P1, Policy: 1}))

	asked := entry(ticket.Waited, "UBOB", h, ticket.Details{Text: "Which card type?"})
	inThread := ticket.Message{Channel: "CSUPPORT", TS: "1763632300.000100"}
	waiting := ticket42(t, opened(), claimed, asked)
	linking := ticket42(t, opened(), claimed, entry(ticket.Replied, "UBOB", 2*min, ticket.Details{Message: inThread, Links: issueLinks}))
	changed := ticket42(t, opened(), claimed, entry(ticket.Replied, "UBOB", 2*min, ticket.Details{Message: inThread, Links: issueLinks}), entry(ticket.Resolved, "UBOB", h, ticket.Details{}))
	unread := ticket42(t, opened(), claimed, entry(ticket.Waited, "UBOB", h, ticket.Details{Message: inThread}))
	onHold := ticket42(t, opened(), claimed, entry(ticket.Held, "UBOB", h, ticket.Details{Text: "Waits for the bank", ReviewAt: after(5 * 24 * h)}))
	unanswered := ticket42(t, opened(), claimed, asked, entry(ticket.Closed, "", 73*h, ticket.Details{CloseReason: ticket.NoAnswer}))

	emoji := func(k ticket.Kind, who string, at time.Duration) ticket.Entry {
		e := entry(k, who, at, ticket.Details{Emoji: "white_check_mark"})
		e.Gesture = ticket.ByEmoji
		return e
	}
	byDana := ticket42(t, opened(), emoji(ticket.Resolved, "UBOB", h), emoji(ticket.Resolved, "UDANA", h+1), emoji(ticket.Undone, "UBOB", h+2))

	theirs := []ticket.Message{{Channel: "C1", TS: "1794823200.000100"}, {Channel: "C1", TS: "1794823200.000200"}}
	remain := []desk.Word{{Author: "UALICE", Message: theirs[0]}, {Author: "UBOB", Message: theirs[1]}, {Author: "UALICE", Message: theirs[1]}}
	others := []desk.Word{{Author: "UDANA", Text: "The same here."}, {Author: "UBOB", Text: hostile}}
	with := func(n desk.Notice, change func(*desk.Notice)) desk.Notice {
		change(&n)
		return n
	}
	brokenAgain := notice(desk.NoticeStillBroken, "UALICE", "")
	brokenAgain.At = after(h + 7*24*h + min)
	late := func(n desk.Notice) desk.Notice {
		n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Late}
		return n
	}
	longer := ticket42(t, opened(), claimed, entry(ticket.Expected, "UBOB", 10*min, ticket.Details{ExpectedAt: after(30 * min), Note: "The bank is slow"}))
	noted := func(note string) func(*desk.Notice) { return func(n *desk.Notice) { n.Note = note } }
	from := func(who string) func(*desk.Notice) {
		return func(n *desk.Notice) { n.From, n.Note = who, "Rule change ships at noon." }
	}

	byBob := opened()
	byBob.Actor, byBob.Requester = "UBOB", "UALICE"
	filedFor := ticket42(t, byBob)
	refused := ticket42(t, byBob, entry(ticket.Declined, "UALICE", time.Minute, ticket.Details{}))

	byDanaToo := entry(ticket.Followed, "UDANA", 2*min, ticket.Details{})
	followed := ticket42(t, opened(), byDanaToo)
	followedOwned := ticket42(t, opened(), byDanaToo, claimed)
	followedResolved := ticket42(t, opened(), byDanaToo, claimed, entry(ticket.Resolved, "UBOB", h, ticket.Details{}))
	followedDuplicate := ticket42(t, opened(), byDanaToo, claimed, entry(ticket.Closed, "UBOB", h, ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: 7}))
	followedReopened := ticket42(t, opened(), byDanaToo, claimed, entry(ticket.Resolved, "UBOB", 20*min, ticket.Details{}), entry(ticket.Reopened, "UALICE", 30*min, ticket.Details{Policy: 1}))
	again := notice(desk.NoticeFollowedAgain, "UDANA", "UALICE")
	again.Cycle = 2
	earlierEnd := notice(desk.NoticeFollowed, "UDANA", "UBOB")
	earlierEnd.At = after(20 * min)

	with43 := entry(ticket.FoldedIn, "UBOB", 3*min, ticket.Details{People: []string{"UDANA"}, Folded: []ticket.FoldedTicket{{Ticket: 43, Requester: "UDANA", OpenedAt: after(-h)}}})
	foldedResolved := ticket42(t, opened(), with43, claimed, entry(ticket.Resolved, "UBOB", h, ticket.Details{}))

	for name, test := range map[string]struct {
		n      desk.Notice
		r      desk.Record
		direct bool // posted in direct messages as well
	}{
		"receipt":             {notice(desk.NoticeReceipt, "UALICE", ""), open, true},
		"receipt_for_another": {notice(desk.NoticeReceipt, "UALICE", ""), filedFor, true},
		"receipt_of_filer":    {notice(desk.NoticeReceipt, "UBOB", ""), filedFor, true},
		"made":                {notice(desk.NoticeMade, "", ""), open, false},
		"consent":             {with(notice(desk.NoticeConsent, "UALICE", "UBOB"), func(n *desk.Notice) { n.Text = hostile }), filedFor, true},
		"consent_refused":     {notice(desk.NoticeConsent, "UALICE", "UBOB"), refused, true},
		"followed_resolved":   {with(notice(desk.NoticeFollowed, "UDANA", "UBOB"), noted("card rule for US lifted.")), followedResolved, true},
		"followed_closed":     {notice(desk.NoticeFollowed, "UDANA", "UBOB"), followedDuplicate, true},
		"followed_folded":     {notice(desk.NoticeFollowed, "UDANA", "UBOB"), foldedResolved, true},
		"followed_no_more":    {notice(desk.NoticeFollowed, "UDANA", "UBOB"), resolved, true},
		"followed_reopened":   {earlierEnd, followedReopened, true},
		"followed_again":      {again, followedReopened, true},
		"followed_late":       {late(notice(desk.NoticeFollowedDelay, "UDANA", "")), followedOwned, true},
		"followed_unowned":    {late(notice(desk.NoticeFollowedDelay, "UDANA", "")), followed, true},
		"followed_longer":     {with(notice(desk.NoticeFollowedDelay, "UDANA", "UBOB"), func(n *desk.Notice) { n.By, n.Note = after(5*h), "The bank is slow" }), followedOwned, true},
		"claimed":             {notice(desk.NoticeClaimed, "UALICE", "UBOB"), owned, true},
		"claimed_hostile":     {notice(desk.NoticeClaimed, "UALICE", "UDANA"), owned, true},
		"handed_over":         {with(notice(desk.NoticeHandedOver, "UDANA", "UBOB"), from("UBOB")), owned, false},
		"taken_over":          {with(notice(desk.NoticeHandedOver, "UBOB", "UDANA"), func(n *desk.Notice) { n.From = "UBOB" }), owned, false},
		"inherited":           {with(notice(desk.NoticeInherited, "UDANA", "UBOB"), func(n *desk.Notice) { n.Emoji = "eyes" }), owned, false},
		"resolved_by_another": {with(notice(desk.NoticeResolved, "UALICE", "UBOB"), func(n *desk.Notice) { n.At = byDana.Ticket.EndedAt }), byDana, true},
		"raised":              {with(notice(desk.NoticePriority, "UBOB", "UDANA"), func(n *desk.Notice) { n.Raised = true }), raised, false},
		"lowered":             {with(notice(desk.NoticePriority, "UALICE", "UBOB"), noted("Nobody is blocked")), lowered, true},
		"resolved":            {with(notice(desk.NoticeResolved, "UALICE", "UBOB"), noted("card rule for US lifted.")), resolved, true},
		"resolved_no_note":    {notice(desk.NoticeResolved, "UALICE", "UBOB"), resolved, true},
		"resolved_hostile":    {with(notice(desk.NoticeResolved, "UALICE", "UBOB"), noted(hostile)), resolved, true},
		"resolved_by_asker":   {notice(desk.NoticeResolved, "UBOB", "UALICE"), resolved, false},
		"duplicate":           {notice(desk.NoticeClosed, "UALICE", "UBOB"), closedAs(ticket.Duplicate), true},
		"not_an_issue":        {with(notice(desk.NoticeClosed, "UALICE", "UBOB"), noted("It works as meant")), closedAs(ticket.NotAnIssue), true},
		"withdrawn":           {notice(desk.NoticeClosed, "UBOB", "UALICE"), closedAs(ticket.Withdrawn), false},
		"duplicate_by_asker":  {notice(desk.NoticeClosed, "UBOB", "UALICE"), closedAs(ticket.Duplicate), false},
		"noted":               {with(notice(desk.NoticeNoted, "UALICE", "UDANA"), noted("The cache was full")), resolved, true},
		"reopened_owner":      {notice(desk.NoticeReopened, "UBOB", "UALICE"), owned, false},
		"reopened_requester":  {notice(desk.NoticeReopened, "UALICE", "UBOB"), owned, true},
		"reopened_unowned":    {notice(desk.NoticeReopened, "", "UALICE"), open, false},
		"undone":              {notice(desk.NoticeUndone, "UALICE", "UBOB"), owned, false},
		"reopened_then_taken": {notice(desk.NoticeReopened, "", "UALICE"), owned, false},
		"quote":               {with(notice(desk.NoticeQuote, "UBOB", "UALICE"), func(n *desk.Notice) { n.Text = hostile }), owned, false},
		"quote_unowned":       {with(notice(desk.NoticeQuote, "", "UALICE"), func(n *desk.Notice) { n.Text = "Visa.\nBoth of them." }), open, false},
		"quote_of_the_owner":  {with(notice(desk.NoticeQuote, "UBOB", "UBOB"), func(n *desk.Notice) { n.Text = "Visa." }), owned, false},
		"passed_on":           {with(notice(desk.NoticePassedOn, "UALICE", ""), func(n *desk.Notice) { n.Thread = inThread }), owned, false},
		"words":               {with(notice(desk.NoticeCarried, "UALICE", "UBOB"), func(n *desk.Notice) { n.Text, n.Thread = hostile, inThread }), owned, true},
		"words_code":          {with(notice(desk.NoticeCarried, "UALICE", "UBOB"), func(n *desk.Notice) { n.Text, n.Thread = "Try\n```\nmake *all*\n```", inThread }), owned, true},
		"words_asked":         {with(notice(desk.NoticeCarried, "UALICE", "UBOB"), func(n *desk.Notice) { n.Text, n.Thread = "Which card type?", inThread }), unread, true},
		"quote_of_a_file":     {with(notice(desk.NoticeQuote, "UBOB", "UALICE"), func(n *desk.Notice) { n.Files = attached[:1] }), owned, false},
		"words_of_files":      {with(notice(desk.NoticeCarried, "UALICE", "UBOB"), func(n *desk.Notice) { n.Files = attached }), owned, true},
		"gathered_file":       {with(notice(desk.NoticeGathered, "UALICE", ""), func(n *desk.Notice) { n.Words = []desk.Word{{Author: "UBOB", Files: attached}} }), owned, true},
		"file_too_large":      {with(notice(desk.NoticeFile, "UALICE", "UBOB"), notBrought(desk.TooLarge)), owned, true},
		"file_elsewhere":      {with(notice(desk.NoticeFile, "UALICE", "UBOB"), notBrought(desk.KeptAway)), owned, true},
		"file_not_permitted":  {with(notice(desk.NoticeFile, "", "UALICE"), notBrought(desk.NotPermitted)), owned, false},
		"file_switched_off":   {with(notice(desk.NoticeFile, "", "UALICE"), notBrought(desk.SwitchedOff)), owned, false},
		"unbrought_hidden":    {with(notice(desk.NoticeFileLeftOut, "UALICE", ""), notBrought(desk.Hidden)), owned, true},
		"file_out_of_reach":   {with(notice(desk.NoticeFile, "", "UALICE"), outOfReach), owned, false},
		"unbrought_elsewhere": {with(notice(desk.NoticeFileLeftOut, "UALICE", ""), outOfReach), owned, true},
		"unbrought":           {with(notice(desk.NoticeFileLeftOut, "UBOB", ""), notBrought(desk.Unreadable)), owned, false},
		"gathered":            {with(notice(desk.NoticeGathered, "UALICE", ""), func(n *desk.Notice) { n.Words = others }), owned, true},
		"wrote":               {notice(desk.NoticeWroteAbove, "UALICE", "UBOB"), owned, false},
		"forestalled":         {notice(desk.NoticeForestalled, "UALICE", "UBOB"), owned, false},
		"delete_yours":        {with(notice(desk.NoticeDeleteYours, "UALICE", ""), func(n *desk.Notice) { n.Messages = theirs[:1] }), owned, true},
		"delete_yours_moved":  {with(notice(desk.NoticeDeleteYours, "UALICE", ""), func(n *desk.Notice) { n.Messages, n.Moved = theirs, true }), owned, true},
		"remaining_none":      {notice(desk.NoticeRemaining, "UBOB", ""), owned, true},
		"remaining":           {with(notice(desk.NoticeRemaining, "UBOB", ""), func(n *desk.Notice) { n.Words, n.Unread = remain, true }), owned, true},
		"unasked":             {notice(desk.NoticeUnasked, "UBOB", ""), owned, false},
		"question":            {with(notice(desk.NoticeQuestion, "UALICE", "UBOB"), func(n *desk.Notice) { n.Text, n.Pause = "Which card type?", 1 }), waiting, true},
		"question_hostile":    {with(notice(desk.NoticeQuestion, "UALICE", "UBOB"), func(n *desk.Notice) { n.Text, n.Pause = hostile, 1 }), waiting, true},
		"question_unread":     {with(notice(desk.NoticeQuestion, "UALICE", "UBOB"), func(n *desk.Notice) { n.Thread, n.Pause = inThread, 1 }), unread, true},
		"held":                {with(notice(desk.NoticeHeld, "UALICE", "UBOB"), func(n *desk.Notice) { n.Pause = 1 }), onHold, true},
		"held_no_more":        {with(notice(desk.NoticeHeld, "UALICE", "UBOB"), func(n *desk.Notice) { n.Pause = 1 }), owned, true},
		"question_answered":   {with(notice(desk.NoticeQuestion, "UALICE", "UBOB"), func(n *desk.Notice) { n.Text, n.Pause = "Which card type?", 1 }), owned, true},
		"answer_taken_back":   {notice(desk.NoticeAnswerGone, "UBOB", "UALICE"), owned, false},
		"wrote_to_owner":      {notice(desk.NoticeWroteAbove, "UBOB", "UALICE"), owned, false},
		"expected":            {with(notice(desk.NoticeExpected, "UALICE", "UBOB"), func(n *desk.Notice) { n.By, n.Note = after(5*h), "The bank is slow" }), owned, true},
		"delayed":             {late(notice(desk.NoticeDelayed, "UALICE", "")), owned, true},
		"delayed_unowned":     {late(notice(desk.NoticeDelayed, "UALICE", "")), open, true},
		"delayed_again":       {late(notice(desk.NoticeDelayed, "UALICE", "")), longer, true},
		"flood":               {with(notice(desk.NoticeFlood, "", ""), func(n *desk.Notice) { n.Flood = &desk.Flood{Category: "Payments", Tickets: 7, Open: 6, Late: 2} }), open, false},
		"nudge":               {notice(desk.NoticeNudge, "UALICE", ""), waiting, true},
		"nudge_unread":        {notice(desk.NoticeNudge, "UALICE", ""), unread, true},
		"unanswered":          {notice(desk.NoticeClosed, "UALICE", ""), unanswered, true},
		"unanswered_owner":    {notice(desk.NoticeClosed, "UBOB", ""), unanswered, false},
		"review":              {notice(desk.NoticeReview, "UBOB", ""), onHold, false},
		"still_broken":        {notice(desk.NoticeStillBroken, "UALICE", ""), resolved, false},
		"broken_after_a_week": {brokenAgain, resolved, false},
		"claimed_waiting":     {notice(desk.NoticeClaimed, "UALICE", "UBOB"), waiting, false},
		"offer_hold":          {with(notice(desk.NoticeOfferHold, "UBOB", ""), func(n *desk.Notice) { n.Thread = inThread }), linking, false},
		"third_time":          {with(notice(desk.NoticeThirdTime, "UBOB", ""), func(n *desk.Notice) { n.Alike = []ticket.Number{12, 15, 42} }), resolved, false},
		"how_presumed":        {notice(desk.NoticeAskSolution, "UBOB", ""), changed, false},
		"how":                 {notice(desk.NoticeAskSolution, "UBOB", ""), resolved, false},
		"filed_at_once":       {notice(desk.NoticeFiledAtOnce, "UALICE", ""), open, false},
		"answered":            {notice(desk.NoticeAnsweredUnowned, "UBOB", ""), open, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sceneAt(after(h))
			test.n = holding(test.n, test.r)
			goldenMessage(t, "notice_"+name, Notice(test.n, test.r, s), "@"+test.n.To)
			if test.direct {
				s.Direct, s.Workspace = true, "https://acme.slack.com/"
				goldenMessage(t, "notice_"+name+"_direct", Notice(test.n, test.r, s))
			}
		})
	}
}

// Who may not read a ticket hears its number, its state and the resolver's note: no title,
// no link, and nothing else that people wrote.
func TestFollowersWhoMayNotRead(t *testing.T) {
	t.Parallel()
	followed := entry(ticket.Followed, "UDANA", time.Minute, ticket.Details{})
	open := ticket42(t, opened(), followed)
	ended := ticket42(t, opened(), followed, entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{}))
	for want, test := range map[string]struct {
		n desk.Notice
		r desk.Record
	}{
		"Bob resolved #42: Card rule lifted.": {notice(desk.NoticeFollowed, "UDANA", "UBOB"), ended},
		"#42 is taking longer than we aimed for. Nobody has it yet. You hear of it again when it has ended.":                          {notice(desk.NoticeFollowedDelay, "UDANA", ""), open},
		"Bob needs longer for #42 and expects it solved by " + date(after(5*time.Hour)) + ". You hear of it again when it has ended.": {notice(desk.NoticeFollowedDelay, "UDANA", "UBOB"), open},
		"Alice reopened #42. Target: solved by " + date(after(3*time.Hour)) + ".":                                                     {notice(desk.NoticeFollowedAgain, "UDANA", "UALICE"), open},
	} {
		t.Run(want, func(t *testing.T) {
			n, s := holding(test.n, test.r), sceneAt(friday)
			switch {
			case n.Kind == desk.NoticeFollowed:
				n.Note = "Card rule lifted"
			case n.Actor == "":
				n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Late}
			case n.Kind == desk.NoticeFollowedDelay:
				n.By, n.Note = after(5*time.Hour), "The bank is slow"
			}
			s.Direct, s.MayNotRead, s.Workspace = true, true, "https://acme.slack.com/"
			if got := Notice(n, test.r, s).Text; got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// Who asked for a duplicate hears how the original stands, and can part from it.
func TestNoticesOfDuplicates(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	r := ticket42(t, opened(), entry(ticket.Closed, "UBOB", time.Hour, ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: 7}))
	for name, of := range map[string]desk.Record{
		"open":  ticket42(t, opened(), claimed),
		"ended": ticket42(t, opened(), claimed, entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{})),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of.Ticket.Number = 7
			s := sceneAt(after(time.Hour))
			s.Original = &of
			goldenMessage(t, "notice_duplicate_of_"+name, Notice(holding(notice(desk.NoticeClosed, "UALICE", "UBOB"), r), r, s), "@UALICE")
			goldenMessage(t, "notice_still_broken_"+name, Notice(notice(desk.NoticeStillBroken, "UALICE", ""), r, s))
		})
	}
	parted := ticket42(t, opened(), entry(ticket.Closed, "UBOB", time.Hour, ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: 7}), entry(ticket.Reopened, "UALICE", 2*time.Hour, ticket.Details{Policy: 1}))
	s := sceneAt(after(3 * time.Hour))
	n := notice(desk.NoticeClosed, "UALICE", "UBOB")
	n.At = after(time.Hour)
	goldenMessage(t, "notice_duplicate_parted", Notice(n, parted, s), "@UALICE")
}

// The wording of the product's description.
func TestNoticeWording(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", 0, ticket.Details{})
	owned := ticket42(t, opened(), claimed)
	resolved := ticket42(t, opened(), claimed, entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{}))
	solved := holding(notice(desk.NoticeResolved, "UALICE", "UBOB"), resolved)
	solved.Note = "card rule for US lifted"
	for _, test := range []struct {
		n    desk.Notice
		r    desk.Record
		want string
	}{
		{notice(desk.NoticeClaimed, "UALICE", "UBOB"), owned, "<@UALICE>, Bob has #42. Target: solved by " + date(after(3*time.Hour)) + "."},
		{solved, resolved, "<@UALICE>, Bob resolved #42: card rule for US lifted. If it is not fixed, reopen it here."},
		{notice(desk.NoticeAnsweredUnowned, "UBOB", ""), owned, "You answered #42."},
		{notice(desk.NoticeResolved, "UBOB", "UALICE"), resolved, "<@UBOB>, Alice says that #42 is solved."},
	} {
		t.Run(test.want, func(t *testing.T) {
			if got := Notice(test.n, test.r, sceneAt(friday)).Text; got != test.want {
				t.Errorf("%s: %q, want %q", test.n.Kind, got, test.want)
			}
		})
	}
}

func TestRetractedResolution(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	resolved := entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{})
	resolved.Gesture = ticket.ByEmoji
	undone := entry(ticket.Undone, "UBOB", time.Hour+time.Minute, ticket.Details{})
	reopened := entry(ticket.Reopened, "UALICE", 2*time.Hour, ticket.Details{Policy: 1})
	s := sceneAt(after(2 * time.Hour))
	s.Obsolete = true
	n := notice(desk.NoticeResolved, "UALICE", "UBOB")

	goldenMessage(t, "notice_resolved_retracted", Notice(n, ticket42(t, opened(), claimed, resolved, undone), s))
	later := Notice(n, ticket42(t, opened(), claimed, resolved, reopened), s)
	if want := "<@UALICE>, Bob resolved #42. It was reopened."; later.Text != want {
		t.Errorf("after a reopening: %q, want %q", later.Text, want)
	}
}

// When the buttons of a notice have no effect any more, the notice shows the outcome
// instead.
func TestNoticesWithoutButtons(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	asked := entry(ticket.Waited, "UBOB", h, ticket.Details{Text: "Which card type?"})
	held := entry(ticket.Held, "UBOB", h, ticket.Details{Text: "The bank", ReviewAt: after(48 * h)})
	answer := entry(ticket.Resumed, "UBOB", 2*h, ticket.Details{})
	resolved := entry(ticket.Resolved, "UBOB", 2*h, ticket.Details{})
	solved := entry(ticket.Resolved, "UALICE", 2*h, ticket.Details{})
	closing := func(who string, why ticket.CloseReason) ticket.Entry {
		return entry(ticket.Closed, who, 2*h, ticket.Details{CloseReason: why, DuplicateOf: 7})
	}
	reopened := entry(ticket.Reopened, "UALICE", 3*h, ticket.Details{Policy: 1})
	notice := func(kind desk.NoticeKind, actor string) desk.Notice {
		n := notice(kind, "UALICE", actor)
		n.At, n.Alert = after(2*h), &desk.Alert{Promise: 1}
		return n
	}
	for want, test := range map[string]struct {
		n desk.Notice
		r desk.Record
	}{
		"#42 · P2 · Checkout fails for US cards. You withdrew it.":                    {notice(desk.NoticeReceipt, ""), ticket42(t, opened(), closing("UALICE", ticket.Withdrawn))},
		"#42 · P2 · Checkout fails for US cards. You said that it is solved.":         {notice(desk.NoticeReceipt, ""), ticket42(t, opened(), solved)},
		"#42 · P2 · Checkout fails for US cards. Bob resolved it.":                    {notice(desk.NoticeReceipt, ""), ticket42(t, opened(), resolved)},
		"#42 · P2 · Checkout fails for US cards. Bob closed it as a duplicate of #7.": {notice(desk.NoticeReceipt, ""), ticket42(t, opened(), closing("UBOB", ticket.Duplicate))},
		"Bob has #42. You said that it is solved.":                                    {notice(desk.NoticeClaimed, "UBOB"), ticket42(t, opened(), claimed, solved)},
		"#42 waited for your answer. It no longer does.":                              {notice(desk.NoticeNudge, ""), ticket42(t, opened(), claimed, asked, answer)},
		"#42 waited for your answer. Bob resolved it.":                                {notice(desk.NoticeNudge, ""), ticket42(t, opened(), claimed, asked, resolved)},
		"#42 was on hold. It no longer is.":                                           {notice(desk.NoticeReview, ""), ticket42(t, opened(), claimed, held, answer)},
		"Bob resolved #42. It was reopened.":                                          {notice(desk.NoticeResolved, "UBOB"), ticket42(t, opened(), resolved, reopened)},
		"Bob closed #42. It was reopened.":                                            {notice(desk.NoticeClosed, "UBOB"), ticket42(t, opened(), closing("UBOB", ticket.NotAnIssue), reopened)},
		"#42 is closed because the question above had no answer. It was reopened.":    {notice(desk.NoticeClosed, ""), ticket42(t, opened(), claimed, asked, closing("", ticket.NoAnswer), reopened)},
	} {
		t.Run(want, func(t *testing.T) {
			s := sceneAt(after(4 * h))
			s.Direct = true
			m := Notice(test.n, test.r, s)
			if m.Text != want || strings.Contains(asJSON(t, m.Blocks), `"button"`) {
				t.Errorf("%s: %s, want %q without buttons", test.n.Kind, asJSON(t, m), want)
			}
		})
	}
}

func TestAlert(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", 5*time.Minute, ticket.Details{})
	own := entry(ticket.Claimed, "UALICE", 5*time.Minute, ticket.Details{})
	open, owned := ticket42(t, opened()), ticket42(t, opened(), claimed)
	chatty := ticket42(t, opened(), claimed)
	chatty.Cycles[0].Clocks = append(chatty.Cycles[0].Clocks, sla.Clock{Name: sla.Reply, Target: time.Hour, StartedAt: after(time.Hour), DueAt: after(2 * time.Hour)})
	longer := ticket42(t, opened(), claimed, entry(ticket.Expected, "UBOB", 2*time.Hour, ticket.Details{ExpectedAt: after(5 * time.Hour), Note: "The bank is slow"}))
	for name, test := range map[string]struct {
		r       desk.Record
		clock   sla.Name
		step    sla.StepName
		group   string
		now     time.Duration
		want    string
		absence desk.Absence
	}{
		"warn_owned":    {owned, sla.Resolve, sla.Warn, "S1", 135 * time.Minute, "<@UBOB>, #42 Checkout fails for US cards (Alice) is to be solved by 12:50, in 45 minutes.", ""},
		"warn_open":     {open, sla.Resolve, sla.Warn, "", 135 * time.Minute, "#42 Checkout fails for US cards (Alice) has no owner and is to be solved by 12:50.", ""},
		"warn_group":    {open, sla.Resolve, sla.Warn, "S1", 135 * time.Minute, "<!subteam^S1>, #42 Checkout fails for US cards (Alice) has no owner and is to be solved by 12:50.", ""},
		"late_owned":    {owned, sla.Resolve, sla.Late, "", 181 * time.Minute, "#42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50. <@UBOB>, please tell Alice when to expect it.", ""},
		"late_own":      {ticket42(t, opened(), own), sla.Resolve, sla.Late, "", 181 * time.Minute, "<@UALICE>, #42 Checkout fails for US cards passed its 3 h target at 12:50.", ""},
		"late_open":     {open, sla.Resolve, sla.Late, "", 181 * time.Minute, "#42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50 and has no owner.", ""},
		"late_next_day": {open, sla.Resolve, sla.Late, "S1", 30 * time.Hour, "<!subteam^S1>, #42 Checkout fails for US cards (Alice) passed its 3 h target Fri 20 Nov 12:50 and has no owner.", ""},
		"answer_warn":   {open, sla.Respond, sla.Warn, "", 40 * time.Minute, "#42 Checkout fails for US cards (Alice) has no answer yet and is to be answered by 10:35.", ""},
		"answer_late":   {open, sla.Respond, sla.Late, "S1", 46 * time.Minute, "<!subteam^S1>, #42 Checkout fails for US cards (Alice) has no answer yet and was to be answered by 10:35.", ""},
		"answer_again":  {open, sla.Respond, "again2", "S1", 65 * time.Minute, "<!subteam^S1>, #42 Checkout fails for US cards (Alice) still has no answer: it was to be answered by 10:35.", ""},
		"warn_away":     {owned, sla.Resolve, sla.Warn, "", 135 * time.Minute, "#42 Checkout fails for US cards (Alice) is to be solved by 12:50, and Bob is away. Whoever is free can take it over.", desk.OwnerAway},
		"silent":        {owned, sla.Resolve, desk.StepSilent, "S1", 165 * time.Minute, "<!subteam^S1>, #42 Checkout fails for US cards (Alice) is to be solved by 12:50, and Bob has not answered. Whoever is free can take it over.", desk.OwnerSilent},
		"late_gone":     {owned, sla.Resolve, sla.Late, "", 181 * time.Minute, "#42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50, and Bob is not here any more. Whoever is free can take it over.", desk.OwnerDeactivated},
		"reply_late":    {chatty, sla.Reply, sla.Late, "", 2 * time.Hour, "<@UBOB>, Alice has been waiting for an answer on #42 Checkout fails for US cards since Fri 20 Nov 10:50.", ""},
		"warn_expected": {longer, sla.Resolve, sla.Warn, "", 4 * time.Hour, "<@UBOB>, #42 Checkout fails for US cards (Alice) is to be solved by 14:50, in 1 hour.", ""},
		"late_expected": {longer, sla.Resolve, sla.Late, "", 5*time.Hour + time.Minute, "#42 Checkout fails for US cards (Alice) was expected to be solved by 14:50. <@UBOB>, please tell Alice when to expect it.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := notice(desk.NoticeAlert, test.r.Ticket.Assignee, "")
			n.Alert, n.Absence = &desk.Alert{Cycle: 1, Source: desk.Source(test.clock), Step: test.step}, test.absence
			s := sceneAt(after(test.now))
			s.Group = test.group
			m := Notice(n, test.r, s)
			goldenMessage(t, "alert_"+name, m, "@"+n.To, "!subteam^"+test.group)
			if diff := cmp.Diff(test.want, inUTC(m.Text)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			if want := (n.To == "" || test.absence != "") && test.group == ""; m.Broadcast != want {
				t.Errorf("broadcast = %v, want %v", m.Broadcast, want)
			}
		})
	}
}

// A lateness that was posted and turns out to be wrong is taken back without a ping. A
// true one stays as posted.
func TestRetractedLateness(t *testing.T) {
	t.Parallel()
	claimed := entry(ticket.Claimed, "UBOB", 5*time.Minute, ticket.Details{})
	waited := entry(ticket.Waited, "UBOB", time.Hour, ticket.Details{})
	replied := entry(ticket.Replied, "UALICE", 3*time.Hour, ticket.Details{})
	for name, test := range map[string]struct {
		rest  []ticket.Entry
		clock sla.Name
		want  string
	}{
		"solved":   {[]ticket.Entry{claimed, entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{})}, sla.Resolve, "#42 Checkout fails for US cards (Alice) was not late: it was solved on time."},
		"closed":   {[]ticket.Entry{claimed, entry(ticket.Closed, "UBOB", time.Hour, ticket.Details{CloseReason: ticket.NotAnIssue})}, sla.Resolve, "#42 Checkout fails for US cards (Alice) was not late: it was closed before."},
		"answered": {[]ticket.Entry{claimed}, sla.Respond, "#42 Checkout fails for US cards (Alice) was not late: it was answered on time."},
		"waited":   {[]ticket.Entry{claimed, waited, replied}, sla.Resolve, "#42 Checkout fails for US cards (Alice) is not late: its clock stood still for a while."},
		"waits":    {[]ticket.Entry{claimed, waited}, sla.Resolve, "#42 Checkout fails for US cards (Alice) is not late: its clock stood still for a while."},
		"late": {[]ticket.Entry{claimed, entry(ticket.Resolved, "UBOB", 4*time.Hour, ticket.Details{})}, sla.Resolve,
			"#42 Checkout fails for US cards (Alice) passed its 3 h target at 12:50. Bob resolved it."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := notice(desk.NoticeAlert, "UBOB", "")
			n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(test.clock), Step: sla.Late}
			s := sceneAt(after(4 * time.Hour))
			s.Obsolete = true
			m := Notice(n, ticket42(t, opened(), test.rest...), s)
			if got := inUTC(m.Text); got != test.want || m.Broadcast {
				t.Errorf("%q, want %q", got, test.want)
			}
			goldenMessage(t, "alert_retracted_"+name, m, "@UBOB")
		})
	}
}

// An alert that needs no answer any more keeps its facts and loses its buttons.
func TestAlertThatIsOver(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	claimed := entry(ticket.Claimed, "UBOB", 5*time.Minute, ticket.Details{})
	solved := entry(ticket.Resolved, "UBOB", 2*h, ticket.Details{})
	longer := entry(ticket.Expected, "UBOB", 2*h, ticket.Details{ExpectedAt: after(5 * h), Note: "The bank is slow"})
	alert := func(clock sla.Name, step sla.StepName) desk.Notice {
		n := notice(desk.NoticeAlert, "UBOB", "")
		n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(clock), Step: step}
		return n
	}
	escalation := notice(desk.NoticeEscalation, "", "")
	escalation.Escalation, escalation.Call = &desk.Alert{Cycle: 1, Source: desk.Escalation, Step: "1.1", At: after(4 * h)}, []string{"duty"}
	const it = "#42 Checkout fails for US cards (Alice) "
	for name, test := range map[string]struct {
		n    desk.Notice
		rest []ticket.Entry
		want string
	}{
		"late_already":  {alert(sla.Resolve, sla.Warn), []ticket.Entry{claimed}, it + "was to be solved by 12:50. Bob has it."},
		"solved":        {alert(sla.Resolve, sla.Warn), []ticket.Entry{claimed, solved}, it + "was to be solved by 12:50. Bob resolved it."},
		"another_time":  {alert(sla.Resolve, sla.Warn), []ticket.Entry{claimed, longer}, it + "has another time now. Bob has it."},
		"answered":      {alert(sla.Respond, sla.Warn), []ticket.Entry{claimed}, it + "was to be answered by 10:35. Bob has it."},
		"reply":         {alert(sla.Reply, sla.Late), []ticket.Entry{claimed}, "Alice waited for an answer on #42 Checkout fails for US cards. Bob has it."},
		"escalation":    {escalation, []ticket.Entry{claimed}, it + "passed its 3 h target at 12:50. Bob has it."},
		"reopened":      {notice(desk.NoticeReopened, "", "UALICE"), []ticket.Entry{claimed}, it + "was reopened."},
		"nobody_has_it": {alert(sla.Resolve, sla.Warn), nil, it + "was to be solved by 12:50."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := ticket42(t, opened(), test.rest...)
			s := sceneAt(after(4 * h))
			s.Obsolete = true
			m := Notice(test.n, r, s)
			if got := inUTC(m.Text); got != test.want || m.Broadcast || len(m.Blocks) != 1 {
				t.Errorf("%d blocks: %q, want %q", len(m.Blocks), got, test.want)
			}
			goldenMessage(t, "over_"+name, m)
		})
	}
}

func TestUnownedInOneLine(t *testing.T) {
	t.Parallel()
	one, withheld := ticket42(t, opened()), ticket42(t, opened(), entry(ticket.Withheld, "", time.Hour, ticket.Details{}))
	s := sceneAt(after(24 * time.Hour))
	s.Workspace = "https://acme.slack.com/"
	many := summaries(one, withheld, one, one, one, one, one, one, one, one, one, one)
	for name, test := range map[string]struct {
		late []desk.Summary
		want string
	}{
		"one":  {many[:1], "1 ticket is late and has no owner: <https://acme.slack.com/archives/CSUPPORT/p1763632200000100|#42> Checkout fails for US cards."},
		"many": {many, ""},
	} {
		m := Unowned(test.late, s)
		goldenMessage(t, "unowned_"+name, m)
		if test.want != "" && m.Text != test.want {
			t.Errorf("%q, want %q", m.Text, test.want)
		}
	}
}

func TestParkedCards(t *testing.T) {
	t.Parallel()
	s := sceneAt(after(0))
	s.Direct, s.Workspace = true, "https://acme.slack.com/"
	n := notice(desk.NoticeParked, "UALICE", "")
	n.Channel = "CSUPPORT"
	r := ticket42(t, opened())
	goldenMessage(t, "parked_stands", Notice(n, r, s))
	r.Card = ticket.Message{}
	goldenMessage(t, "parked", Notice(n, r, s))
	for _, code := range []string{"not_in_channel", "is_archived", "restricted_action"} {
		n.Kind, n.Note = desk.NoticeUnreachable, code
		goldenMessage(t, "unreachable_"+code, Unreachable(n))
	}
	inside := desk.Notice{Kind: desk.NoticeUnreachable, NoticeDetails: desk.NoticeDetails{About: 42, Actor: "UBOB", Note: desk.StaysInside}}
	goldenMessage(t, "unreachable_stays_inside", Unreachable(inside), "@UBOB")
	n.Over = true
	goldenMessage(t, "unreachable_over", Unreachable(n))
}

func TestKindsThatAreNotAboutATicket(t *testing.T) {
	t.Parallel()
	for _, kind := range []desk.NoticeKind{desk.NoticeDigest, desk.NoticePicture, desk.NoticeBreakdown, "unheard of"} {
		if m := Notice(notice(kind, "", ""), desk.Record{}, sceneAt(friday)); m.Text != "" || m.Blocks != nil {
			t.Errorf("%s: %+v", kind, m)
		}
	}
}

// outOfReach makes the file one of a channel that the bot is not in.
func outOfReach(n *desk.Notice) {
	n.File, n.Unbrought, n.Channel = &desk.File{ID: "F1"}, desk.OutOfReach, "CCARE"
}

// attached are files with difficult names.
var attached = []desk.File{
	{ID: "F1", Name: "shot <!here>.png", Size: 300, Link: "https://acme.slack.com/files/F1"},
	{ID: "F2"}, {ID: "F3", Name: "log.txt", Size: 1},
}

func notBrought(why desk.Unbrought) func(*desk.Notice) {
	return func(n *desk.Notice) {
		f := attached[0]
		if why == desk.TooLarge {
			f.Size = 120<<20 + 1
		}
		n.File, n.Unbrought, n.Thread = &f, why, ticket.Message{Channel: "C1", TS: "1795885800.000100"}
	}
}
