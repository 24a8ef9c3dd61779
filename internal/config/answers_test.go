package config_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
)

func TestSavedAnswers(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"saved_answers: [{name: logs, text: 'Hello {requester}, {number}'}]":                          "",
		"saved_answers: [{name: logs, text: \"one\\ntwo {} { x }\"}]":                                 "",
		"saved_answers: [{name: logs}]":                                                               "saved_answers[0].text: is missing; write the answer",
		"saved_answers: [{text: x}]":                                                                  "saved_answers[0].name: is missing; write what the answer is called",
		"saved_answers: [{name: a, text: '{title} is it'}]":                                           "contains {title}; only {requester} and {number} are filled in",
		"saved_answers: [{name: a, text: ' // for us'}]":                                              "begins with //",
		"saved_answers: [{name: a, text: x}, {name: A, text: y}]":                                     "is already in the list",
		"saved_answers: [{name: a, text: x, squad: Checkout}]":                                        "has no \"Checkout\", which saved_answers[0] names",
		"squads: [{name: Checkout}]\nsaved_answers: [{name: a, text: x, squad: checkout}]":            "",
		"saved_answers: [{name: a, text: '" + strings.Repeat("x", 2001) + "'}]":                       "has 2001 characters; 2000 is the most",
		"saved_answers: logs":                                                                         "is not a group of settings",
		"issue_form: https://github.com/acme/shop/issues/new":                                         "issue_form: \"https://github.com/acme/shop/issues/new\" has no {title} behind its ?",
		"categories: [{name: a, issue_form: 'https://linear.app/new?title={title}&description={x}'}]": "contains {x}; only {title} and {text} are filled in",
		"issue_form: 'https://github.com/acme/shop/issues/new?title={title}&body={text}'":             "",
		"emoji: {claim: [ticket]}":                                                                    "emoji.ticket: \"ticket\" is also in emoji.claim",
	} {
		got := ""
		if _, err := config.Load(write(t, file), needed); err != nil {
			got = err.Error()
		}
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s:\n%s\nwant %q", file, got, want)
		}
	}
}
