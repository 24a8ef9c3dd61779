// Package slackformat has the formats of Slack: messages and the marks in them, text and its
// escapes, timestamps, files, links to messages. It makes no calls. Of tickets it knows only
// ticket.Message, the place where a message stands.
package slackformat
