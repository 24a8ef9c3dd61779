// Package control is the control API under /sim/v1/, which API.md describes: it shows
// the state, streams what changes, and sets faults, toggles and the time.
package control
