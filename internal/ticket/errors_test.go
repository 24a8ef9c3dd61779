package ticket_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"supporty/internal/ticket"
)

const general = "Something went wrong on our side. Nothing was changed; please try again in a minute."

func TestCodeAndSentenceThroughWrapping(t *testing.T) {
	t.Parallel()
	refusal := ticket.Errorf(ticket.Forbidden, "Only %s may do that.", "the owner")
	tests := map[string]struct {
		err      error
		code     ticket.Code
		sentence string
	}{
		"itself":  {refusal, ticket.Forbidden, "Only the owner may do that."},
		"wrapped": {fmt.Errorf("saving: %w", fmt.Errorf("deciding: %w", refusal)), ticket.Forbidden, "Only the owner may do that."},
		"joined":  {errors.Join(io.EOF, refusal), ticket.Forbidden, "Only the owner may do that."},
		"outermost of two": {
			ticket.Errorf(ticket.Unavailable, "Try again.").Because(fmt.Errorf("loading: %w", refusal)), ticket.Unavailable, "Try again.",
		},
		"of another kind": {io.EOF, "", general},
		"none":            {nil, "", general},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ticket.CodeOf(test.err); got != test.code {
				t.Errorf("CodeOf = %q, want %q", got, test.code)
			}
			if got := ticket.SentenceOf(test.err); got != test.sentence {
				t.Errorf("SentenceOf = %q, want %q", got, test.sentence)
			}
		})
	}
}

func TestErrorCopies(t *testing.T) {
	t.Parallel()
	original := ticket.Errorf(ticket.Invalid, "{name} is away.")
	got := original.At("assignee").About(bob).Because(io.EOF)
	want := ticket.Error{Code: ticket.Invalid, Sentence: "{name} is away.", Field: "assignee", Person: bob, Cause: io.EOF}
	if *got != want {
		t.Errorf("copy = %#v,\nwant %#v", *got, want)
	}
	if untouched := (ticket.Error{Code: ticket.Invalid, Sentence: "{name} is away."}); *original != untouched {
		t.Errorf("original = %#v,\nwant %#v", *original, untouched)
	}
}

func TestErrorIsForTheLog(t *testing.T) {
	t.Parallel()
	e := ticket.Errorf(ticket.Unavailable, "Our database is not answering.")
	if got, want := e.Error(), "unavailable: Our database is not answering."; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	if errors.Unwrap(e) != nil {
		t.Errorf("Unwrap() = %v, want none", errors.Unwrap(e))
	}
	caused := e.Because(fmt.Errorf("connecting: %w", io.EOF))
	if got, want := caused.Error(), "unavailable: Our database is not answering.: connecting: EOF"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	if !errors.Is(caused, io.EOF) {
		t.Error("the cause cannot be found in the chain")
	}
	if got := ticket.SentenceOf(caused); got != "Our database is not answering." {
		t.Errorf("SentenceOf = %q, which shows the cause", got)
	}
}

func TestSameIsNotMixedUp(t *testing.T) {
	t.Parallel()
	_, same := play(t, opened(), entry(ticket.Claimed, bob, minute(1))).Apply(entry(ticket.Claimed, bob, minute(2)))
	if !ticket.Same(same) || !ticket.Same(fmt.Errorf("claiming: %w", same)) {
		t.Errorf("Same(%v) = false", same)
	}
	for _, err := range []error{nil, io.EOF, ticket.Errorf(ticket.Conflict, "already so")} {
		if ticket.Same(err) {
			t.Errorf("Same(%v) = true", err)
		}
	}
}
