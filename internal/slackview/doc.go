// Package slackview is how everything looks: tickets, notices and answers as
// Slack's blocks, forms as modals, and what comes back from buttons and forms
// as plain values.
//
// What people wrote never reaches Slack as markup: it is shown literally, or
// escaped (see escape), so that nobody can ping @channel, @here or a group
// through the bot. Only the person whom a notice is for is mentioned.
//
// The package is pure. No HTTP, SQL, configuration or clock may enter: the
// present time and people's names are parameters. Which use case an action calls is
// named here (see ActionKinds), and called by the way in.
package slackview
