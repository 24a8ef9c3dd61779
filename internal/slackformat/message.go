package slackformat

import "github.com/slack-go/slack"

// Message is a message as it is written. Text is shown in notifications and old clients; it
// is mrkdwn and escaped like the blocks.
type Message struct {
	Text      string
	Blocks    []slack.Block
	Broadcast bool // a reply that is shown in the channel as well
	Mark      Mark
}
