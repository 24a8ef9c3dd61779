package blockkit

import (
	"encoding/json"
	"testing"

	"github.com/slack-go/slack"
)

// What the client library writes for blocks that are right must be accepted,
// property names and all.
func TestAcceptsWhatTheLibraryWrites(t *testing.T) {
	t.Parallel()
	label := slack.NewTextBlockObject(slack.PlainTextType, "Claim", true, false)
	body := slack.NewTextBlockObject(slack.MarkdownType, "*T-1* Card broken", false, false)
	choice := slack.NewOptionBlockObject("p3", label, label)
	button := slack.NewButtonBlockElement("claim", "T-1", label).WithStyle(slack.StylePrimary).
		WithConfirm(slack.NewConfirmationBlockObject(label, body, label, label))
	picker := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, label, "priority", choice).WithInitialOption(choice)
	menu := slack.NewOverflowBlockElement("more", choice)
	typed := slack.NewPlainTextInputBlockElement(label, "title").WithMaxLength(150)
	typed.FocusOnLoad = true
	people := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, label, "watchers")
	quote := slack.RichTextQuote{Type: slack.RTEQuote, Elements: []slack.RichTextSectionElement{
		slack.NewRichTextSectionTextElement("said", &slack.RichTextSectionTextStyle{Bold: true}),
		slack.NewRichTextSectionLinkElement("https://example.com", "here", nil),
		slack.NewRichTextSectionUserElement("U1", nil),
	}}
	common := []slack.Block{
		slack.NewHeaderBlock(label),
		slack.NewSectionBlock(body, []*slack.TextBlockObject{body, label}, slack.NewAccessory(menu)),
		slack.NewContextBlock("context", body, slack.NewImageBlockElement("https://example.com/i.png", "who")),
		slack.NewActionBlock("buttons", button, picker, slack.NewDatePickerBlockElement("due"), slack.NewDateTimePickerBlockElement("at")),
		slack.NewImageBlock("https://example.com/i.png", "chart", "image", label),
		slack.NewRichTextBlock("quote", &quote, slack.NewRichTextList(slack.RTEListBullet, 0,
			slack.NewRichTextSection(slack.NewRichTextSectionEmojiElement("ticket", 0, nil)))),
		slack.NewDividerBlock(),
	}
	inputs := []slack.Block{
		slack.NewInputBlock("title", label, label, typed),
		slack.NewInputBlock("priority", label, nil, slack.NewRadioButtonsBlockElement("p", choice)),
		slack.NewInputBlock("boxes", label, nil, slack.NewCheckboxGroupsBlockElement("c", choice)),
		slack.NewInputBlock("watchers", label, nil, people).WithOptional(true),
		slack.NewInputBlock("count", label, nil, slack.NewNumberInputBlockElement(label, "n", true)),
		slack.NewInputBlock("files", label, nil, slack.NewFileInputBlockElement("f").WithMaxFiles(3)),
	}
	modal := slack.ModalViewRequest{
		Type: slack.VTModal, Title: label, Submit: label, Close: label, CallbackID: "new", PrivateMetadata: "{}",
		NotifyOnClose: true, Blocks: slack.Blocks{BlockSet: append(inputs, common...)},
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: common}}

	accepted(t, "message", Message, append(common, slack.NewMarkdownBlock("md", "# Digest")))
	accepted(t, "modal", View, modal)
	accepted(t, "home", View, home)
}

func accepted(t *testing.T, name string, validate func(json.RawMessage) []string, value any) {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatalf("writing the %s: %v", name, err)
	}
	if problems := validate(raw); problems != nil {
		t.Errorf("%s: got %q, want it accepted\n%s", name, problems, raw)
	}
}
