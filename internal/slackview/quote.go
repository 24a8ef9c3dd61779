package slackview

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/slack-go/slack"
)

// quote shows what a person wrote, literally: Slack looks for no markup, no
// mention and no emoji in these elements. Addresses of web pages are links to
// what they say.
func quote(text string) slack.Block {
	return slack.NewRichTextBlock("", &slack.RichTextQuote{Type: slack.RTEQuote, Elements: literally(text)})
}

// address is a web address with a host that needs no second look: one malformed
// link, and Slack would refuse the whole message.
var address = regexp.MustCompile(`https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?([/?#][^\s<>"]*)?`)

func literally(text string) []slack.RichTextSectionElement {
	var elements []slack.RichTextSectionElement
	add := func(text string) {
		if text != "" {
			elements = append(elements, slack.NewRichTextSectionTextElement(text, nil))
		}
	}
	end := 0
	for _, found := range address.FindAllStringIndex(text, -1) {
		link := strings.TrimRight(text[found[0]:found[1]], ".,;:!?'*_)]}")
		if _, err := url.Parse(link); err != nil {
			continue
		}
		add(text[end:found[0]])
		elements = append(elements, slack.NewRichTextSectionLinkElement(link, "", nil))
		end = found[0] + len(link)
	}
	add(text[end:])
	return elements
}
