package slackin

import (
	"context"
	"regexp"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// asked is a command together with the text behind its word.
type asked struct {
	command
	filter   desk.Filter
	number   ticket.Number
	person   string          // of TakesPerson; empty if nobody was named whose id is known
	priority ticket.Priority // of TakesPriority; 0 if none was written
	original ticket.Number   // of TakesOriginal; 0 if none was written
	duty     askedDuty       // of TakesDuty
	words    string          // the rest, as people read it
}

// behind is what may stand behind a ticket's number, as Slack sends it. A person is
// <@U1>, or @name where the app's manifest does not ask Slack for ids: then it is not
// known who that is.
// https://docs.slack.dev/interactivity/implementing-slash-commands
var behind = map[slackview.Takes]*regexp.Regexp{
	slackview.TakesNumber:   regexp.MustCompile(`^$`),
	slackview.TakesWords:    regexp.MustCompile(`(?s)^(?P<words>.*)$`),
	slackview.TakesPerson:   regexp.MustCompile(`(?s)^(?:(?:to\s+)?(?:<@(?P<person>[UW][A-Z0-9]+)(?:\|[^<>]*)?>|@\S+)(?:\s+|$)(?:because\s+)?|because\s+|$)(?P<words>.*)$`),
	slackview.TakesPriority: regexp.MustCompile(`(?s)^(?:(?P<priority>[pP][123])\b[\s,:]*(?:because\s+)?|$)(?P<words>.*)$`),
	slackview.TakesOriginal: regexp.MustCompile(`^(?:(?:of\s+)?#?(?P<original>\d+))?$`),
}

// readBehind parses the text behind a command's word. It returns false if the command
// does not take such a text.
func (h *Handler) readBehind(ctx context.Context, takes slackview.Takes, rest string) (a asked, ok bool) {
	if takes == slackview.TakesNothing {
		return a, rest == ""
	}
	if takes == slackview.TakesFilter {
		_, ok, err := slackview.ReadFilter(withIDs(rest), h.reading(""))
		a.words = rest
		return a, ok || err != nil
	}
	if takes == slackview.TakesStats {
		_, ok, err := slackview.ReadStats(withIDs(rest), h.countable())
		a.words = rest
		return a, ok || err != nil
	}
	if takes == slackview.TakesQuery {
		a.words = rest
		return a, true
	}
	if takes == slackview.TakesSquad {
		squad, ok := h.squadNamed(rest)
		return asked{words: squad}, ok
	}
	if takes == slackview.TakesDuty {
		a.duty, ok = h.readDuty(rest)
		return a, ok
	}
	if takes == slackview.TakesCategory {
		a.filter.Category = categoryOf(h.typed(ctx, rest), h.Form.Categories)
		return a, rest == "" || a.filter.Category != ""
	}
	a.number, rest = slackview.Number(rest)
	found := behind[takes].FindStringSubmatch(rest)
	if a.number == 0 || found == nil {
		return a, false
	}
	named := func(part string) string {
		if i := behind[takes].SubexpIndex(part); i >= 0 {
			return found[i]
		}
		return ""
	}
	a.person, a.words = named("person"), h.typed(ctx, named("words"))
	a.priority, _ = ticket.ParsePriority(named("priority")) // 0 if there is none
	a.original, _ = slackview.Number(named("original"))
	return a, true
}

// quoted matches a text between quotation marks, as people and telephones write them.
var quoted = regexp.MustCompile(`(?s)^["“”„](.+)["“”]$`)

// unquoted is a text without quotation marks around it, and whether there were any.
func unquoted(text string) (string, bool) {
	if found := quoted.FindStringSubmatch(text); found != nil {
		return strings.TrimSpace(found[1]), true
	}
	return text, false
}
