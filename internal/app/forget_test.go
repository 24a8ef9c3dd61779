package app_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/dev/slacksim"
)

// forgetting runs supporty forget about a person and returns what it prints.
func (h *harness) forgetting(person string, yes bool) string {
	h.t.Helper()
	var out bytes.Buffer
	f := app.Forgetting{Person: h.idOf(person), Yes: yes}
	if err := f.Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &out); err != nil {
		h.t.Fatal(err)
	}
	return out.String()
}

func (h *harness) idOf(person string) string {
	h.t.Helper()
	for _, p := range h.look().People {
		if p.Name == person {
			return p.ID
		}
	}
	h.t.Fatalf("nobody is called %s", person)
	return ""
}

// A person's words and name go from the database and from what the bot posted; the counts stay,
// and so does what others wrote. A second run finds nothing.
func TestForgettingAPerson(t *testing.T) {
	t.Parallel()
	const marked = "marked-text"
	h := newHarness(t, withFields)
	stop := h.startOne()
	carol, bob := h.as("carol"), h.as("bob")

	carol.types("/support " + marked + " in the title")
	carol.seesForm()
	carol.picks("Payments", orderField, true)
	carol.submits(slacksim.FormValues{"text": "And " + marked + " in the text.", idOf(orderField): marked, idOf(stepsField): marked + " again"})
	card := h.reads("support", marked+" in the title")
	receipt := carol.gets(marked + " in the title")
	bob.reacts(card, "eyes")
	carol.answers(receipt, "My "+marked+" reply.")
	h.reads("support", "Carol wrote:")
	bob.asks(card, "Which order, please?")
	carol.gets("Which order, please?")
	carol.types("/support note 1 a " + marked + " note")
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'noted'`)
	carol.answers(receipt, marked+" in the answer")
	h.reads("support", marked+" in the answer")
	bob.replies(card, "I wrote this, @Carol.")
	h.allPosted()
	stop()

	before := h.column(`SELECT (SELECT count(*) FROM tickets) || ' ' || (SELECT count(*) FROM cycles) || ' ' || (SELECT sum(replies) FROM tickets) || ' ' || (SELECT sum(people) FROM tickets)`)[0]
	listed := h.forgetting("carol", false)
	if !strings.Contains(listed, "#1") || !strings.Contains(listed, "Nothing is changed yet") {
		t.Errorf("the list says:\n%s", listed)
	}
	h.until(`SELECT count(*) = 1 FROM people WHERE name = 'Carol'`)
	h.until(`SELECT count(*) = 0 FROM entries WHERE kind = 'redacted'`)

	if said := h.forgetting("carol", true); !strings.Contains(said, "is forgotten. Tickets: 1.") {
		t.Errorf("it says:\n%s", said)
	}
	h.storedNowhere(marked)
	h.storedNowhere("Carol")
	h.passes(10 * time.Minute) // her direct messages, which still say it, are read again
	h.start()
	h.knowsAll()
	h.reads("support", "#1 · P3 · [redacted]")
	h.allPosted()
	for _, m := range h.fromTheBot() {
		if got := m.Rendered(); strings.Contains(got, marked) || strings.Contains(got, "Carol ") {
			t.Errorf("it stands still: %s", got)
		}
	}
	if after := h.column(`SELECT (SELECT count(*) FROM tickets) || ' ' || (SELECT count(*) FROM cycles) || ' ' || (SELECT sum(replies) FROM tickets) || ' ' || (SELECT sum(people) FROM tickets)`)[0]; after != before {
		t.Errorf("the counts were %s and are %s", before, after)
	}
	h.reads("support", "I wrote this") // what others wrote stays
	if got := h.forgetting("carol", false); !strings.Contains(got, "is left.") {
		t.Errorf("afterwards it lists:\n%s", got)
	}
	h.forgetting("carol", true)
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'redacted'`)

	// Slack tells the name with every event; it is not stored again.
	carol.types("/support mine")
	carol.hears("#1")
	h.until(`SELECT name = '' FROM people WHERE id = '` + h.idOf("carol") + `'`)
	carol.types("/support me")
	carol.hears("Nothing of your profile")
}

// The card of a ticket that ended long ago goes, and none takes its place. What comes there later
// is dropped.
func TestForgettingInAnOldTicket(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	stop := h.startOne()
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(usual("Old-words in the title"))
	bob.types("/support resolve 1 done with it")
	h.reads("support", "done with it")
	h.allPosted()
	h.advance(30 * 24 * time.Hour)
	h.allPosted()
	stop()
	h.forgetting("alice", true)
	h.start()
	h.await("the card to go", func(s slacksim.State) bool {
		return first(s.Channel("support").Messages, "Old-words") == nil
	})
	h.allPosted()
	h.until(`SELECT count(*) = 0 FROM ticket_threads WHERE current`)
	h.storedNowhere("Old-words")
	bob.replies(card, "Somebody writes here still.")
	bob.types("/support note 1 something")
	h.until(`SELECT count(*) = 1 FROM entries WHERE kind = 'noted'`)
	h.allPosted()
	bob.types("/support show 1")
	bob.hears("What somebody had written was removed")
	if m := first(h.channel("support"), "#1 · P2"); m != nil {
		t.Errorf("the ticket has a card: %s", m.Rendered())
	}
	h.until(`SELECT count(*) = 0 FROM outbox WHERE state IN ('undeliverable', 'parked') OR pending`)
}

// A person's id that is none is refused, and nothing is asked of the database.
func TestForgettingNobody(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"", "carol", "@carol", "U", "u0123456789", "U01'; DROP"} {
		err := app.Forgetting{Person: id, Yes: true}.Run(t.Context(), config_{}, slog.New(slog.DiscardHandler), &bytes.Buffer{})
		if err == nil || !strings.Contains(err.Error(), "is not the id of a person") {
			t.Errorf("%q: %v", id, err)
		}
	}
}

// While a copy runs, forgetting waits until it cannot know the name any more, and says so. Without
// one it waits for nothing.
func TestForgettingWaitsForRunningCopies(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	stop := h.startOne()
	h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	ctx, cancel := context.WithCancel(h.ctx)
	out := &cancels{when: "A copy of the bot runs", cancel: cancel}
	f := app.Forgetting{Person: h.idOf("alice"), Yes: true, Settle: time.Hour}
	if err := f.Run(ctx, h.cfg, slog.New(slog.DiscardHandler), out); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, after %q", err, out.said.String())
	}
	stop()
	h.changes(`DELETE FROM connected_copies`)
	h.changes(`DELETE FROM leases`)
	var said bytes.Buffer
	if err := f.Run(h.ctx, h.cfg, slog.New(slog.DiscardHandler), &said); err != nil || !strings.Contains(said.String(), "is forgotten") {
		t.Errorf("%v, it says %q", err, said.String())
	}
}

// cancels cancels once a text is written.
type cancels struct {
	said   bytes.Buffer
	when   string
	cancel func()
}

func (c *cancels) Write(p []byte) (int, error) {
	if strings.Contains(string(p), c.when) {
		c.cancel()
	}
	return c.said.Write(p)
}

// How somebody solved a ticket goes from answers in other tickets, too: who answered with it stays.
func TestForgettingWhoSolvedItWhereItIsRepeated(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	stop := h.startOne()
	h.solved(1, "Checkout fails for US cards", "The old-words rule for cards is lifted.")
	h.as("alice").opens(usual("Checkout fails for my cards"))
	dana := h.as("dana")
	dana.types("/support say 2")
	dana.seesIn("#1: The old-words rule")
	dana.submits(slacksim.FormValues{"answer": "#1"})
	h.reads("support", "As in #1: The old-words rule")
	h.allPosted()
	stop()
	h.forgetting("bob", true)
	h.storedNowhere("old-words")
	h.start()
	h.await("his words to go", func(s slacksim.State) bool {
		return first(s.Channel("support").Messages, "old-words") == nil
	})
	h.reads("support", "As in #1: [redacted]")
	h.allPosted()
	h.until(`SELECT count(*) = 0 FROM outbox WHERE state IN ('undeliverable', 'parked') OR pending`)
}
