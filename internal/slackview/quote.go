package slackview

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/slack-go/slack"
)

// quote shows a person's text literally: Slack looks for no markup, no mention and no
// emoji in these elements. Addresses of web pages become links with the address as their
// label. Text between two fences of ``` is shown as code within the quote.
func quote(text string) slack.Block {
	var elements []slack.RichTextElement
	for _, p := range passages(text) {
		if p.code {
			elements = append(elements, preformatted(p.text))
		} else {
			elements = append(elements, &slack.RichTextQuote{Type: slack.RTEQuote, Elements: literally(p.text)})
		}
	}
	return slack.NewRichTextBlock("", elements...)
}

// preformatted is code within the quote, with the quote's border beside it. Slack keeps
// all its space as it is.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block#rich_text_preformatted
func preformatted(code string) slack.RichTextElement {
	text := slack.NewRichTextSectionTextElement(code, nil)
	return &slack.RichTextPreformatted{Type: slack.RTEPreformatted, Elements: []slack.RichTextSectionElement{text}, Border: 1}
}

const fence = "```"

// passage is a part of a text: code, or anything else.
type passage struct {
	text string
	code bool
}

// passages takes a text apart at its fences. Code without an end, such as in a text that
// was clipped, goes to the end of the text. Where there is nothing between fences, they go.
func passages(text string) []passage {
	var all []passage
	for i, part := range strings.Split(text, fence) {
		if strings.TrimSpace(part) != "" {
			all = append(all, passage{strings.Trim(part, "\n"), i%2 == 1})
		}
	}
	if len(all) == 0 || !strings.Contains(text, fence) {
		return []passage{{text: text}}
	}
	return all
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
