//go:build unix

package e2e

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"

	"supporty/internal/dev/slacksim"
)

// What can be read from one message of the bot.

// outboxID is the identity of a message of the bot, which goes up with time; 0 if
// it has none.
func outboxID(m *slacksim.Message) int { return idIn(m.Metadata) }

func idIn(metadata []byte) int {
	var meta struct {
		Payload struct {
			ID string `json:"id"`
		} `json:"event_payload"`
	}
	if json.Unmarshal(metadata, &meta) != nil {
		return 0
	}
	n, _ := strconv.Atoi(meta.Payload.ID)
	return n
}

var hashNumber = regexp.MustCompile(`#(\d+)`)

func firstNumber(m *slacksim.Message) string {
	if found := hashNumber.FindStringSubmatch(m.Rendered()); found != nil {
		return found[1]
	}
	return ""
}

var dateToken = regexp.MustCompile(`<!date\^(\d+)\^`)

// deadlineIn is the moment that a message names; the zero time if none.
func deadlineIn(text string) time.Time {
	found := dateToken.FindStringSubmatch(text)
	if found == nil {
		return time.Time{}
	}
	n, _ := strconv.ParseInt(found[1], 10, 64)
	return time.Unix(n, 0)
}

// alertStep is which clock's step a message tells of; "" if none.
func alertStep(text string) string {
	clock := "resolve"
	if strings.Contains(text, "Whoever is free can take it over") {
		clock = "offer"
	}
	if strings.Contains(text, "still has no answer") {
		return "" // told up to three times
	}
	if strings.Contains(text, "has no answer yet") {
		clock = "respond"
	}
	switch {
	case strings.Contains(text, " passed its ") || strings.Contains(text, " was to be answered by ") || strings.Contains(text, " was expected to be solved by "):
		return clock + " late"
	case strings.Contains(text, " is to be solved by ") || strings.Contains(text, " is to be answered by "):
		return clock + " warn"
	}
	return ""
}

// at is when a message was posted.
func at(m *slacksim.Message) time.Time {
	seconds, micros, _ := strings.Cut(m.TS, ".")
	s, _ := strconv.ParseInt(seconds, 10, 64)
	u, _ := strconv.ParseInt(micros, 10, 64)
	return time.Unix(s, u*1000)
}

// promise is what a card says of its clock; due is zero while it shows no time.
type promise struct {
	isLate, stands bool
	due, expected  time.Time
}

func promiseOn(card *slacksim.Message) promise {
	said := unescaped(card)
	var p promise
	_, late, isLate := strings.Cut(said, "late since ")
	_, by, _ := strings.Cut(said, "solve by ")
	_, expected, _ := strings.Cut(late+by, "expected ")
	p.isLate, p.due, p.expected = isLate, deadlineIn(late+by), deadlineIn(expected)
	p.stands = strings.Contains(card.Text, " waits for ") || strings.HasSuffix(card.Text, " on hold")
	return p
}

// unescaped is what a message's blocks say, as it is written in mrkdwn.
func unescaped(m *slacksim.Message) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(m.Blocks))
}

// isPaused: of another time that the owner has given nothing is told meanwhile.
func (p promise) isPaused() bool { return p.stands && !p.expected.IsZero() }

// awaited is when somebody is told that it is late.
func (p promise) awaited() time.Time {
	if p.expected.IsZero() {
		return p.due
	}
	return p.expected
}
