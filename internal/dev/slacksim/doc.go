// Package slacksim is a simulated Slack workspace: a real HTTP and WebSocket
// server that the real Slack client library talks to in tests, in the demo and
// in benchmarks. The bot under it cannot tell it from Slack.
//
// It knows how Slack behaves (Web API, Socket Mode, modals, limits, faults)
// and nothing of tickets: it imports nothing of the bot, and the bot's packages
// do not import it. People are driven through a control API under /sim/v1/
// (API.md) or through [Client], which is a thin cover over the same API.
//
// This package builds and connects the ones beneath it. Calls go one way: control has
// people act, people call the Web API and ask the bot over its sockets, and all of them
// read and change the workspace, whose one lock is taken in workspace.Store alone.
package slacksim
