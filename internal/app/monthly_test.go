package app_test

import (
	"testing"
	"time"
)

// The digest comes monthly as well, with the same lines about its own days; the weekly one stays.
func TestMonthlyDigest(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.Digest.Monthly = "0 9 1 * *" })
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, tick)
	h.reads("support", "Bob resolved #1")
	h.advance(time.Minute)
	h.until(`SELECT count(*) = 1 FROM schedules WHERE name = 'digest_monthly' AND next_at = '2026-12-01T09:00:00Z'`)
	h.advance(7 * 24 * time.Hour)
	h.reads("support-digest", "Week 47, 16 Nov to 23 Nov")
	h.advance(8 * 24 * time.Hour)
	h.reads("support-digest", "1 Nov to 1 Dec")
	h.until(`SELECT count(*) = 2 FROM outbox WHERE kind = 'digest'`)
}
