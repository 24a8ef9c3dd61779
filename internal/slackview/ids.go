package slackview

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Names of actions: the request of a button, or of an option in a card's menu. Each has a
// row in ActionKinds.
const (
	ActionClaim        = "claim"
	ActionResolve      = "resolve"
	ActionHandOver     = "hand_over"
	ActionEdit         = "edit"
	ActionPriority     = "priority"
	ActionClose        = "close"
	ActionWait         = "wait"
	ActionHold         = "hold"
	ActionEscalate     = "escalate"
	ActionNote         = "note"
	ActionIncident     = "incident"
	ActionWork         = "work"
	ActionIssue        = "issue"
	ActionSay          = "say"
	ActionHoldUntil    = "hold_until"
	ActionResume       = "resume"
	ActionOnIt         = "on_it"
	ActionReach        = "reach"
	ActionExpect       = "expect"
	ActionTakeOver     = "take_over"
	ActionPutBack      = "put_back"
	ActionReopen       = "reopen"
	ActionShowText     = "show_text"
	ActionHow          = "how" // Argument is the ticket.Solution
	ActionJustAComment = "just_a_comment"
	ActionSolvedIt     = "solved_it"
	ActionWithdraw     = "withdraw"
	ActionNotATicket   = "not_a_ticket"
	ActionFollow       = "follow"
	ActionFoldIn       = "fold_in"
	ActionDifferent    = "different"
	ActionUnfollow     = "unfollow"
	ActionAgree        = "agree"
	ActionDecline      = "decline"
	ActionTakeBack     = "take_back" // Argument is the ts of the message
	ActionRedact       = "redact"
	ActionMakePrivate  = "make_private"
	ActionWhy          = "why"
	ActionWriteDown    = "write_down"
	ActionMore         = "more"
	ActionFixed        = "fixed"
	ActionStars        = "stars" // Argument is how many
	ActionRate         = "rate"
	ActionPassOn       = "pass_on"
)

// Ids of elements that contain several actions.
const (
	menuID    = "menu" // the option's value is "put_back:42"
	howPrefix = "how_" // the solution follows: "how_code"

	starsPrefix = "stars_" // their number follows: "stars_4"

	belongsPrefix = "belongs_" // a ticket's number follows, "new" or "nowhere"
)

// idOf is an id for a name from the settings, for use where Slack sends a value back. It
// stays the same when the settings change.
func idOf(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:6])
}

// Action is a button that was pressed, or an option that was chosen.
type Action struct {
	Name     string // one of the Action constants
	Ticket   ticket.Number
	Argument string // of ActionHow, ActionStars and ActionTakeBack; empty for every other
	Channel  string // where it was pressed; set by the receiver of the press

	Workspace string // the address of the workspace; set by the receiver, too
}

// Message is the message that ActionTakeBack is about.
func (a Action) Message() ticket.Message { return ticket.Message{Channel: a.Channel, TS: a.Argument} }

// ParseAction parses an element's action_id and its value, or those of the chosen option.
// It returns a ticket.Error with the code Invalid for input that this package cannot have
// made.
func ParseAction(actionID, value string) (Action, error) {
	a, known := Action{Name: actionID}, actionID != ActionHow && actionID != ActionStars
	solution, how := strings.CutPrefix(actionID, howPrefix)
	stars, rates := strings.CutPrefix(actionID, starsPrefix)
	switch {
	case actionID == menuID:
		a.Name, value, _ = strings.Cut(value, ":")
		known = ActionKindOf(a.Name).Offered != nil
	case how:
		a.Name, a.Argument, known = ActionHow, solution, ticket.Solution(solution).Valid()
	case rates:
		a.Name, a.Argument, known = ActionStars, stars, starsIn(stars) > 0
	case actionID == ActionTakeBack:
		value, a.Argument, known = strings.Cut(value, ":")
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if !known || ActionKindOf(a.Name).Name == "" || err != nil || n <= 0 {
		return Action{}, ticket.Errorf(ticket.Invalid, "This button is no longer in use.")
	}
	a.Ticket = ticket.Number(n)
	return a, nil
}

// ParseBelongs parses the action_id of a button of Where. It returns the choice, and the
// ticket if the choice is one. It returns false for every other button.
func ParseBelongs(actionID string) (desk.Belongs, ticket.Number, bool) {
	choice, ours := strings.CutPrefix(actionID, belongsPrefix)
	switch {
	case !ours:
		return "", 0, false
	case choice == string(desk.BelongsToNew), choice == string(desk.BelongsNowhere):
		return desk.Belongs(choice), 0, true
	}
	n, err := strconv.ParseInt(choice, 10, 64)
	return desk.BelongsToTicket, ticket.Number(n), err == nil && n > 0
}
