// Package wire has the JSON objects of which Slack's payloads are made, and random ids.
package wire
