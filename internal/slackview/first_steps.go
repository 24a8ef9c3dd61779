package slackview

import (
	"fmt"

	"supporty/internal/slackformat"
)

// FirstSteps tells who sets the desk up how to begin.
// asleep says that the P1s of some categories call people whom they cannot wake.
func FirstSteps(support string, asleep bool, s Scene) slackformat.Message {
	where := channelMention(support)
	var note string
	if asleep {
		note = "While the desk is closed, P1s call people by message, and wake nobody: no page reaches them, and an app cannot break Slack's do-not-disturb. Add `pages` with their `people` to the settings."
	}
	return say(lines(
		fmt.Sprintf("I am connected, and post tickets in %s. Three steps to begin:", where),
		fmt.Sprintf("1. Open a ticket to try it: `%s`. *Withdraw* ends it.", s.Command),
		fmt.Sprintf("2. Invite who answers to %s: its members who are no guests can take tickets, unless the settings name a group.", where),
		fmt.Sprintf("3. Tell your colleagues of `%s`, and of my *Home* tab. Opening hours and categories are in the settings.", s.Command),
		note,
	))
}
