package slackview

import (
	"fmt"

	"supporty/internal/slackformat"
)

// FirstSteps tells who sets the desk up how to begin.
func FirstSteps(support string, s Scene) slackformat.Message {
	where := channelMention(support)
	return say(lines(
		fmt.Sprintf("I am connected, and post tickets in %s. Three steps to begin:", where),
		fmt.Sprintf("1. Open a ticket to try it: `%s`. *Withdraw* ends it.", s.Command),
		fmt.Sprintf("2. Invite who answers to %s: its members who are no guests can take tickets, unless the settings name a group.", where),
		fmt.Sprintf("3. Tell your colleagues of `%s`, and of my *Home* tab. Opening hours and categories are in the settings.", s.Command),
	))
}
