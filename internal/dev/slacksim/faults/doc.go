// Package faults has what goes wrong between Slack and the bot once it is set, for as
// often as is asked for.
package faults
