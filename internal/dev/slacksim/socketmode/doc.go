// Package socketmode is how events, commands and interactions reach the bot: sockets,
// envelopes, acknowledgements and repetitions.
// https://docs.slack.dev/apis/events-api/using-socket-mode
package socketmode
