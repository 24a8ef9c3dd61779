package slackview

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// FuzzEscape: escaped text contains nothing that Slack would interpret.
func FuzzEscape(f *testing.F) {
	f.Add(hostile)
	f.Add("_a_b_ ~`*>&lt;@everyone")
	f.Fuzz(func(t *testing.T, text string) {
		got := slackformat.Escape(text)
		if strings.ContainsAny(got, "<>*~`") || strings.HasPrefix(got, "&gt;") || typedPing.MatchString(got) {
			t.Errorf("%q becomes %q", text, got)
		}
		checkFormat(t, got)
	})
}

func TestQuoteIsLiteral(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"see https://a.example/x.", `{"type":"text","text":"see "},{"type":"link","url":"https://a.example/x"},{"type":"text","text":"."}`},
		{"http://a.example", `{"type":"link","url":"http://a.example"}`},
		{"javascript:alert(1) @here :x:", `{"type":"text","text":"javascript:alert(1) @here :x:"}`},
		{"https://... http://-a", `{"type":"text","text":"https://... http://-a"}`},
		{"https://a.example/%zz", `{"type":"text","text":"https://a.example/%zz"}`},
		{"(http://a.example:8080?q=(1))", `{"type":"text","text":"("},{"type":"link","url":"http://a.example:8080?q=(1"},{"type":"text","text":"))"}`},
	} {
		t.Run(test.in, func(t *testing.T) {
			if got := asJSON(t, quote(test.in)); !strings.Contains(got, "["+test.want+"]") {
				t.Errorf("%q: %s", test.in, got)
			}
		})
	}
}

// Whatever people write, and whatever their names are, Slack accepts the messages, and
// they ping nobody but the people they are for.
func TestAnythingIsSafe(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRecord(t)
		name := drawText(t, "name", 200)
		s := sceneAt(after(2 * time.Hour))
		s.Names = func(string) string { return name }
		s.Direct = rapid.Bool().Draw(t, "direct")
		checkMessage(t, Card(r, s))
		checkMessage(t, Show(r, s))
		checkMessage(t, List(desk.Listing{Tickets: summaries(r, r), Total: 2}, s))
		checkModal(t, EditForm(r.Ticket, offers()))
		for _, kind := range kinds {
			n := notice(kind, "UALICE", "UBOB")
			n.Note, n.Text = drawText(t, "note", 3000), drawText(t, "answer", 3000)+"x"
			n.Words = []desk.Word{{Author: "UBOB", Text: n.Text}}
			n.File = &desk.File{Name: drawText(t, "file", 300), Link: drawText(t, "link", 300)}
			n.Unbrought = rapid.SampledFrom([]desk.Unbrought{desk.TooLarge, desk.KeptAway, desk.Unreadable}).Draw(t, "why")
			n.Files = []desk.File{*n.File}
			n.Alert = &desk.Alert{Cycle: 1, Source: desk.Source(sla.Resolve), Step: sla.Late}
			checkMessage(t, Notice(n, r, s), "@UALICE", "@UBOB")
		}
		for _, answer := range []desk.Belongs{"", desk.BelongsNowhere, desk.BelongsToNew, desk.BelongsToTicket} {
			checkMessage(t, Where(asksWhere(answer), []desk.Record{r}))
		}
		params := offers()
		params.Title, params.Text = drawText(t, "title", 5000), drawText(t, "text", 5000)
		checkModal(t, Form(params))
	})
}

var kinds = []desk.NoticeKind{
	desk.NoticeCard, desk.NoticeReceipt, desk.NoticeClaimed, desk.NoticeHandedOver, desk.NoticePriority, desk.NoticeResolved,
	desk.NoticeClosed, desk.NoticeReopened, desk.NoticeAlert, desk.NoticeQuote, desk.NoticeAskSolution, desk.NoticeAnsweredUnowned, desk.NoticeInherited,
	desk.NoticeFollowed, desk.NoticeFollowedDelay, desk.NoticeFollowedAgain, desk.NoticeConsent, desk.NoticeMade, desk.NoticeParked,
	desk.NoticeCarried, desk.NoticeGathered, desk.NoticeWroteAbove, desk.NoticePassedOn, desk.NoticeUnasked, desk.NoticeForestalled, desk.NoticeAnswerGone, desk.NoticeFile, desk.NoticeFileLeftOut, desk.NoticeFiledAtOnce, desk.NoticeThirdTime,
}

func drawRecord(t *rapid.T) desk.Record {
	first := opened()
	first.Title, first.Text = drawText(t, "title", desk.MaxTitle), drawText(t, "text", desk.MaxText)
	first.Category = drawText(t, "category", 75)
	claimed := entry(ticket.Claimed, "UBOB", time.Minute, ticket.Details{})
	end := rapid.SampledFrom([]ticket.Entry{
		entry(ticket.Replied, "UBOB", time.Hour, ticket.Details{}),
		entry(ticket.Resolved, "UBOB", time.Hour, ticket.Details{Note: drawText(t, "resolution", 3000)}),
		entry(ticket.Closed, "UBOB", time.Hour, ticket.Details{CloseReason: ticket.Duplicate, DuplicateOf: 7, Note: drawText(t, "note", 3000)}),
		entry(ticket.Withheld, "", time.Hour, ticket.Details{}),
	}).Draw(t, "end")
	return ticket42(t, first, claimed, end)
}

// drawText draws difficult text, of at most so many characters.
func drawText(t *rapid.T, label string, most int) string {
	parts := rapid.SliceOf(rapid.OneOf(
		rapid.SampledFrom([]string{
			"<!channel>", "<!here|x>", "@here", "@channel", "<!subteam^S1>", "<@UDANA>", "&", "&lt;", "`", "*", "\n", " ",
			"*evil*.", " _evil_ .", "~evil~.", "`evil`.", "```evil```.", "> evil.",
			"https://a.example/?q=<x>", "|", ">", "\u202e", "👀", strings.Repeat("&", 500), strings.Repeat("@", 500),
		}),
		rapid.StringN(0, 20, -1),
	)).Draw(t, label)
	text := []rune(strings.Join(parts, ""))
	return string(text[:min(len(text), most)])
}
