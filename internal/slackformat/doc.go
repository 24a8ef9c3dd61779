// Package slackformat is how Slack writes things down: messages and the marks in them, text
// and its escapes, timestamps, files, addresses of messages. It calls nobody, and knows
// nothing of tickets but ticket.Message, which is where a message stands.
package slackformat
