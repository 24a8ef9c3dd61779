package desk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// files opens a ticket with a title, m minutes after nine.
func (h *deskHarness) files(who, title, category string, m float64) ticket.Number {
	h.t.Helper()
	n := h.newTicket(ticket.P2)
	n.Requester, n.Title, n.Category, n.At, n.Now = who, title, category, minutes(m), minutes(m)
	r, err := h.Open(h.t.Context(), n)
	if err != nil {
		h.t.Fatal(err)
	}
	return r.Ticket.Number
}

// alike is what is shown to who types a title, in a line: "!#1 4 people; #2 3 people; #3 Restarted.".
func (h *deskHarness) alike(who, title, category string, m float64) string {
	h.t.Helper()
	a, err := h.Alike(h.t.Context(), who, desk.Typed{Words: strings.Fields(title), Category: category}, minutes(m))
	if err != nil {
		h.t.Fatal(err)
	}
	var all []string
	for i, t := range append(append(a.Open, a.Solved...), led(a)...) {
		mark, what := "", fmt.Sprintf("%d people", t.People)
		if i >= len(a.Open)+len(a.Solved) {
			mark = "!"
		}
		if t.Theirs {
			what = "theirs"
		}
		if t.Solution != "" {
			what = t.Solution
		}
		all = append(all, mark+t.Number.String()+" "+what)
	}
	return strings.Join(all, "; ")
}

func led(a desk.Alike) []desk.AlikeTicket {
	if a.Flood == nil {
		return nil
	}
	return []desk.AlikeTicket{*a.Flood}
}

func TestAlike(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.Desk = h.KeepingPrivate([]string{"Access"})
	old := h.files(rita, "Invoice export hangs", "Billing", 0)
	h.do(old, resolve(ann, ticket.SolvedByCode, "Restarted the exporter.", 1))
	mute := h.files(rita, "Invoice export hangs", "Billing", 2)
	h.do(mute, resolve(ann, ticket.SolvedByCode, "", 3))
	joined := h.files(rita, "Invoice export fails", "Billing", 4)
	h.do(joined, follow(bob, 5))
	withheld := h.files(rita, "Invoice export is secret", "Billing", 6)
	h.do(withheld, post, withhold(7))
	h.files(rita, "Invoice export of salaries", "Access", 8)
	for _, m := range []float64{20, 40, 60} {
		h.files(rita, "Invoice export is slow", "Billing", m)
	}
	if _, err := h.db.ReadWords(t.Context()); err != nil { // for words that are not finished
		t.Fatal(err)
	}
	for _, test := range []struct{ name, who, title, want string }{
		{"the newest that are open, and a solution", ann, "invoice exports", "#8 1 people; #7 1 people; #1 Restarted the exporter."},
		{"the last word is not finished", ann, "invoice export fai", "#3 2 people"},
		{"who follows it", bob, "invoice export fails", "#3 theirs"},
		{"who asked for it, from outside", rita, "invoice export fails", "#3 theirs"},
		{"nobody else's, from outside", olga, "invoice export fails", ""},
		{"what is withheld", ann, "secret", ""},
		{"what is private, to who may read it", rita, "salaries", ""},
		{"other words", ann, "printer jams", ""},
		{"no words", ann, "", ""},
	} {
		if diff := cmp.Diff(test.want, h.alike(test.who, test.title, "", 90)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// In a flood the first ticket leads that is open: of those that say the same, or of the category.
func TestAlikeInAFlood(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	titles := []string{"Cannot pay", "Cards fail", "Checkout broken", "Payment hangs", "Cards fail again"}
	for i, title := range titles[:4] {
		h.files([]string{rita, olga, zoe, ann}[i], title, "Billing", float64(i))
	}
	if got := h.alike(bob, "", "Billing", 5); got != "" {
		t.Errorf("four are a flood: %s", got)
	}
	h.files(ann, titles[4], "Billing", 4)
	for _, test := range []struct {
		name, who, title, category string
		at                         float64
		want                       string
	}{
		{"of the category", bob, "", "Billing", 5, "!#1 4 people"},
		{"beside what is alike", bob, "cards fail", "Billing", 5, "#5 1 people; #2 1 people; !#1 4 people"},
		{"it is not said twice", bob, "cannot pay", "Billing", 5, "!#1 4 people"},
		{"of another category", bob, "", "Access", 5, ""},
		{"to who may not read it", olga, "", "Billing", 5, ""},
		{"it is over", bob, "", "Billing", 20, ""},
	} {
		if diff := cmp.Diff(test.want, h.alike(test.who, test.title, test.category, test.at)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	h.do(1, resolve(ann, ticket.SolvedByCode, "", 6))
	if got := h.alike(bob, "", "Billing", 6); got != "!#2 4 people" {
		t.Errorf("the first that is open: %s", got)
	}
	for i := range 5 {
		h.files(rita, fmt.Sprintf("The printer on floor %d jams", i), []string{"Billing", "Access"}[i%2], 60+float64(i))
	}
	if got := h.alike(bob, "printer jams", "", 65); got != "#10 1 people; #9 1 people; !#6 1 people" {
		t.Errorf("of the same words: %s", got)
	}
}

// A database that is too slow ends the search, and keeps the connection.
func TestAlikeEndsInTime(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.files(rita, "Invoice export hangs", "Billing", 0)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	a, err := h.Alike(ctx, ann, desk.Typed{Words: []string{"invoice"}}, minutes(1))
	if err != nil || len(a.Open) != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	h.exec(`SET lock_timeout = 0; BEGIN; LOCK TABLE ticket_words`)
	defer h.exec(`ROLLBACK`)
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := h.Alike(short, ann, desk.Typed{Words: []string{"invoice"}}, minutes(1)); ticket.CodeOf(err) != ticket.Unavailable {
		t.Errorf("while it is locked: %v", err)
	}
}

// A form that was not needed counts once, and says of nobody that it was theirs.
func TestAvoided(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.files(rita, "Invoice export hangs", "Billing", 0)
	for range 2 {
		if _, err := h.Avoided(t.Context(), ann, n, "V1", minutes(1)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.Avoided(t.Context(), olga, n, "V2", minutes(1)); ticket.CodeOf(err) != ticket.Forbidden {
		t.Errorf("by who may not see it: %v", err)
	}
	if got := h.number(`SELECT count(*) FROM avoided_tickets WHERE ticket = $1 AND form = 'V1'`, n); got != 1 {
		t.Errorf("%d rows", got)
	}
}
