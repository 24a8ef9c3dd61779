package slackview

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"supporty/internal/ticket"
)

// linkOf is the text of the page, with the address of the form in it.
func linkOf(m Modal) string { return m.Blocks.BlockSet[0].(*slack.SectionBlock).Text.Text }

func TestIssuePage(t *testing.T) {
	t.Parallel()
	r := ticket42(t, opened())
	golden(t, "page_issue", IssuePage(r, withIssues(), sceneAt(friday)))
	r.Ticket.Category = "Product"
	if link := linkOf(IssuePage(r, withIssues(), sceneAt(friday))); !strings.HasPrefix(link, "<https://linear.app/acme/team/ENG/new?title=") {
		t.Errorf("another category: %s", link)
	}
	r.Ticket.Withheld = true
	r.Ticket = r.Ticket.WithoutWithheld()
	if link := linkOf(IssuePage(r, withIssues(), sceneAt(friday))); strings.Contains(link, "Checkout") {
		t.Errorf("a withheld text is shown: %s", link)
	}
}

// However long and strange a ticket is, Slack takes the page, and nothing leaves the link.
func TestIssuePageOfAnyTicket(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", strings.Repeat("🎫", 3000), strings.Repeat("&", 3000), "<!channel>|x> *a* \n\"'", "<https://evil.example|x>"} {
		r := ticket42(t, opened())
		r.Ticket.Title, r.Ticket.Text = text, text
		m := IssuePage(r, withIssues(), sceneAt(friday))
		link := linkOf(m)
		if n := utf8.RuneCountInString(link); n > longestSection {
			t.Errorf("%d characters", n)
		}
		if strings.Count(link, "<") != 1 || strings.Count(link, ">") != 1 || strings.Count(link, "|") != 1 {
			t.Errorf("%q leaves the link", link)
		}
		if _, err := json.Marshal(m); err != nil {
			t.Error(err)
		}
	}
}

func TestIssuesAreOfferedWhereThereIsATracker(t *testing.T) {
	t.Parallel()
	p := withIssues()
	delete(p.IssueForms, "")
	for category, want := range map[string]bool{"Product": true, "Payments": false, "": false} {
		m, _ := json.Marshal(More(ticket.Ticket{Number: 42, State: ticket.StateOpen, Category: category}, p))
		if strings.Contains(string(m), "Make an issue") != want {
			t.Errorf("%q: offered %v", category, !want)
		}
	}
}
