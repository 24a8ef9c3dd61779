// Package slackin is the way in: it receives what people do in Slack, decodes
// it, hands it to the desk and acknowledges it when it is safe.
//
// A reader per socket only stamps what arrives and queues it; workers do the
// rest. What is acknowledged when is the heart of the package (see Handler).
// Rules about tickets may not enter, nor anything that is said later: that is
// the outbox's way.
package slackin
