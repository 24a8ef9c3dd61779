package ticket

import (
	"errors"
	"fmt"
)

// Code classifies an error for the package that answers the person.
type Code string

// The codes of errors that a person may be shown.
const (
	Invalid     Code = "invalid"     // the input cannot be right
	Forbidden   Code = "forbidden"   // this person may not do that
	Conflict    Code = "conflict"    // the ticket's state does not allow it
	Unknown     Code = "unknown"     // there is no such ticket
	Unavailable Code = "unavailable" // something that we need does not answer; another try may help
)

// ErrLongEnded is the cause if a ticket cannot be reopened because ReopenWindow has passed. A
// new ticket that follows it is the better record.
var ErrLongEnded = errors.New("it ended too long ago")

// Error is an error with a sentence for the person who caused it. Its cause, if there is one,
// is for the log only.
type Error struct {
	Code     Code
	Sentence string
	Field    string // the field of the form; empty for the whole form
	Person   string // the person that "{name}" in the sentence stands for; see About
	Cause    error
}

// Errorf returns an Error with a sentence for people.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Sentence: fmt.Sprintf(format, args...)}
}

// At returns a copy of e that is about one field of a form.
func (e *Error) At(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// About returns a copy of e whose sentence names a person. "{name}" in it is to be replaced
// with the person's name, because the domain knows only ids.
func (e *Error) About(person string) *Error {
	c := *e
	c.Person = person
	return &c
}

// Because returns a copy of e that carries its cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

// Error returns code, sentence and cause. It is for logs; people read Sentence.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Sentence, e.Cause)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Sentence)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// CodeOf returns the code of the first Error in err's chain, or "" if there is
// none.
func CodeOf(err error) Code {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return ""
}

// SentenceOf returns the sentence of the first Error in err's chain, or else a general one, so
// that a person always gets an answer.
func SentenceOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Sentence
	}
	return "Something went wrong on our side. Nothing was changed; please try again in a minute."
}
