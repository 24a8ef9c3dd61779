package slackview

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// Unfair tells somebody of a rota that one of them has carried more than the others, and which swap would
// mend it. Whose shift it is can ask for the swap.
func Unfair(n desk.Notice, s Scene) slackformat.Message {
	u, swap := *n.Unfair, *n.Swap
	whose := s.name(u.Person) + " has"
	if u.Person == n.To {
		whose = "you have"
	}
	text := fmt.Sprintf("In the rota of %s %s had %s in the last 90 days; the average of %s is %s.",
		slackformat.Escape(n.Squad), whose, measured(u.Measure, u.Has), many(u.People, "person", "people"), measured(u.Measure, u.Average))
	mends := fmt.Sprintf("This swap would make it more even: %s takes the shift %s.", s.name(swap.To), period(swap.Gives))
	if swap.Exchanges() {
		mends = fmt.Sprintf("This swap would make it more even: %s takes the shift %s, and gives the one %s.", s.name(swap.To), period(swap.Gives), period(swap.Takes))
	}
	if n.To != swap.Gives.Person {
		return say(sentences(text, mends, "Nothing changes unless both want it."))
	}
	return say(sentences(text, mends), slack.NewButtonBlockElement(AskProposedID, proposed(swap), plain("Ask for this swap")))
}

// measured is how much somebody has carried: "31 nights", "120 h of weekends and holidays".
func measured(m duty.Measure, n float64) string {
	switch m {
	case duty.OfNights:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") + " nights"
	case duty.OfWeekends:
		return fmt.Sprintf("%.0f h of weekends and holidays", n)
	default:
		return fmt.Sprintf("%.0f h", n)
	}
}

// ProposedAsked says that a proposed swap is asked for.
func ProposedAsked(swap desk.Swap, s Scene) slackformat.Message {
	return say(fmt.Sprintf("%s is asked to take your shift for %s, %s. Until they agree, nothing changes.", s.name(swap.To), squadOf(swap), period(swap.Gives)))
}

// proposed is a swap as the value of a button, which takes 2,000 characters.
// https://docs.slack.dev/reference/block-kit/block-elements/button-element
func proposed(s desk.Swap) string {
	b, _ := json.Marshal(s) // strings and times: cannot fail
	return string(b)
}

// ReadProposed reads the value of AskProposedID.
func ReadProposed(value string) (s desk.Swap, err error) {
	if err = json.Unmarshal([]byte(value), &s); err != nil || s.Squad == "" || s.Key == "" {
		return desk.Swap{}, ticket.Errorf(ticket.Invalid, "That button is no longer in use.").Because(err)
	}
	return s, nil
}
