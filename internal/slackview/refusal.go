package slackview

import (
	"errors"
	"strings"

	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Refusal is the sentence of ticket.SentenceOf as mrkdwn, with the name of the person
// that the error mentions.
func Refusal(err error, names slackformat.Names) string {
	return sentence(err, Scene{Names: names}.name)
}

// FieldErrors are the errors of a refused form, for response_action errors. There is one:
// at the field that the error names, or else at the form's first field. Fields show plain
// text, so unlike in Refusal nothing is escaped.
// https://docs.slack.dev/surfaces/modals#displaying_errors
func FieldErrors(err error, form string, names slackformat.Names) map[string]string {
	field := FirstField(form)
	if e, ok := errors.AsType[*ticket.Error](err); ok && e.Field != "" {
		field = e.Field
	}
	return map[string]string{field: sentence(err, names)}
}

func sentence(err error, name slackformat.Names) string {
	s := ticket.SentenceOf(err)
	if e, ok := errors.AsType[*ticket.Error](err); ok && e.Person != "" {
		return strings.ReplaceAll(s, "{name}", name(e.Person))
	}
	return s
}
