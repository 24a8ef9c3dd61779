package postgres_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// A redaction leaves the words in no row: not in a message that was dropped, and not as the
// digest of a form. The old card is deleted, and a new one is the ticket's only card.
func TestRedaction(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	title := strings.Trim(b.text(`SELECT title FROM tickets`), `()"`)
	b.exec(`UPDATE outbox SET posted = desired, posted_in = 'C1', posted_ts = '1.1', posted_at = clock_timestamp() WHERE kind = 'card'`)
	b.exec(`UPDATE outbox SET state = 'dropped', details = details || jsonb_build_object('text', $1::text) WHERE kind = 'receipt'`, title)
	b.exec(`UPDATE tickets SET version = version + 1`)
	b.must(b.desk.Redact(t.Context(), b.gesture(n, "U1"), title, ""))
	for _, table := range []string{"tickets", "entries", "outbox", "inputs"} {
		if got := b.text(`SELECT count(*) FROM ` + table + ` AS r WHERE strpos(r::text, '` + title + `') > 0`); got != "(0)" {
			t.Errorf("%s rows of %s have it", got, table)
		}
	}
	if got := b.text(`SELECT count(*) FROM inputs WHERE content <> ''`); got != "(0)" {
		t.Errorf("%s digests are left", got)
	}
	if got, want := b.text(`SELECT string_agg(concat_ws(' ', kind, state, pending, details->>'gone'), '; ' ORDER BY id) FROM outbox WHERE kind IN ('card', 'erased')`),
		`("erased waiting t true; card waiting t")`; got != want {
		t.Errorf("the cards: %s, want %s", got, want)
	}
}

// open is a sealer that seals nothing; what it did not seal it cannot open.
type open struct{}

func (open) Seal(text string) []byte { return []byte("sealed " + text) }

func (open) Open(sealed []byte) (string, error) {
	text, ok := strings.CutPrefix(string(sealed), "sealed ")
	if !ok {
		return "", errors.New("sealed by another")
	}
	return text, nil
}

// A search for messages of people is stored with the redaction, also if nothing of ours has the
// words. It goes when it is done, when it failed for a day, or when nobody can read its words.
func TestDeletionSearches(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.exec(`INSERT INTO ticket_threads (channel, ts, ticket, current) VALUES ('C1', '1.1', $1, true)`, n)
	d := b.desk.Sealing(open{})
	search := func(now time.Time, want, gone int) desk.DeletionSearch {
		t.Helper()
		todo, dropped, err := d.DeletionSearches(t.Context(), now)
		if err != nil || len(todo) != want || dropped != gone {
			t.Fatalf("%d to do, %d dropped, %v; want %d and %d", len(todo), dropped, err, want, gone)
		}
		return append(todo, desk.DeletionSearch{})[0]
	}
	g := b.gesture(n, "U1")
	b.must(d.Redact(t.Context(), g, "only in Slack", ""))
	s := search(g.Now, 1, 0)
	if s.Words != "only in Slack" || len(s.Threads) != 1 || s.Ticket != n {
		t.Errorf("stored %+v", s)
	}
	theirs := desk.Theirs{Messages: []desk.Word{{Author: "U2", Message: ticket.Message{Channel: "C1", TS: "1.2"}}}}
	for range 2 { // as by two copies
		if err := d.AskToDelete(t.Context(), s, theirs, g.Now); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.text(`SELECT count(*) FROM outbox WHERE kind = 'delete_yours'`); got != "(1)" {
		t.Errorf("asked %s times", got)
	}
	search(g.Now, 0, 0)
	b.must(d.Redact(t.Context(), b.gesture(n, "U1"), "never found", ""))
	search(g.Now.Add(25*time.Hour), 0, 1)
	b.must(d.Redact(t.Context(), b.gesture(n, "U1"), "sealed by another", ""))
	b.exec(`UPDATE deletion_searches SET words = 'what'`)
	search(g.Now, 0, 1)
	search(g.Now, 0, 0)
}

// What is made private leaves the lists that were posted and Home of everybody who may have seen
// it there, and the channel of the flood that it began. All its threads are searched.
func TestMadePrivate(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n := b.open(ticket.P2, "U1")
	b.exec(`UPDATE outbox SET posted = desired, posted_in = 'C1', posted_ts = '1.1', posted_at = clock_timestamp() WHERE kind = 'card'`)
	b.exec(`INSERT INTO ticket_threads (channel, ts, ticket, current) VALUES ('C1', '1.0', $1, false), ('C1', '1.1', $1, true)`, n)
	b.exec(`INSERT INTO outbox (ordering_key, queue, kind, ticket, recipient, urgency, details, due_at, posted, desired, posted_in, posted_ts, posted_at)
		SELECT kind, 'support', kind, CASE WHEN kind = 'flood' THEN $1::bigint END, '', 7, '{}', at, 1, 1, 'C1', kind || at, at
		FROM unnest(ARRAY['flood', 'unowned', 'digest', 'breakdown']) AS kind, unnest(ARRAY['2020-01-01'::timestamptz, 'infinity'::timestamptz - interval '1 day']) AS at
		WHERE at > '2021-01-01' OR kind <> 'flood'`, n)
	b.exec(`INSERT INTO homes (person, opened_at, desired, published, responder) VALUES ('U2', '2020-01-01', 1, 1, true), ('U3', '2020-01-01', 1, 1, false)`)
	b.must(b.desk.Sealing(open{}).MakePrivate(t.Context(), b.gesture(n, "U1")))
	if got, want := b.text(`SELECT string_agg(kind || CASE WHEN details ? 'gone' THEN ' gone' ELSE '' END, ', ' ORDER BY kind) FROM outbox WHERE pending AND kind IN ('flood', 'unowned', 'digest', 'breakdown')`),
		`("breakdown, digest, flood gone, unowned")`; got != want {
		t.Errorf("shown anew: %s, want %s", got, want)
	}
	if got := b.text(`SELECT string_agg(person, ',') FROM homes WHERE desired > published AND opened_at > clock_timestamp() - interval '1 hour'`); got != "(U2)" {
		t.Errorf("Home is shown anew to %s", got)
	}
	if got := b.text(`SELECT jsonb_array_length(threads) FROM deletion_searches`); got != "(2)" {
		t.Errorf("%s threads are searched", got)
	}
	if got, want := b.text(`SELECT string_agg(kind || coalesce(details->>'left', ''), ', ' ORDER BY id) FROM outbox WHERE kind IN ('erased', 'room', 'card')`), `("erased{}, room, card")`; got != want {
		t.Errorf("the cards: %s, want %s", got, want)
	}
}
