// Package slackview renders everything that people see: tickets, notices and answers as
// Slack's blocks, and forms as modals. It also parses the content of buttons and forms
// into plain values.
//
// Text that people wrote never reaches Slack as markup. It is shown literally, or escaped
// (see slackformat.Escape), so that nobody can ping @channel, @here or a group through the bot. A
// notice mentions only the person whom it is for.
//
// The package is pure. It may use no HTTP, SQL, configuration or clock: the present time
// and people's names are parameters. The table ActionKinds names the use case of each
// action; slackin calls it.
package slackview
