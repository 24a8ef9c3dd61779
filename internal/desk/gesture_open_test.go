package desk_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

func TestOpen(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	f := h.newTicket(ticket.P2)
	f.Source = ticket.Message{Channel: "CRANDOM", TS: "1700000000.000100"}
	r, err := h.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	want := ticket.Ticket{
		Number: r.Ticket.Number, Title: "Cards fail", Text: "In the US.", Category: "Billing", Priority: ticket.P2,
		State: ticket.StateOpen, Requester: rita, Source: f.Source, Cycle: 1, OpenedAt: nine, StartedAt: nine,
	}
	if diff := gocmp.Diff(want, h.find(r.Ticket.Number).Ticket); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	if diff := gocmp.Diff(want, r.Ticket); diff != "" {
		t.Errorf("returned (-want +got):\n%s", diff)
	}
	if got := r.Clock(sla.Resolve).DueAt; !got.Equal(minutes(180)) {
		t.Errorf("due at %v, want three hours after nine", got)
	}
}

func TestFieldsOfANewTicket(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	const noTitle = "Give it a title, so that people see what it is about."
	for name, test := range map[string]struct {
		change   func(*desk.NewTicket)
		field    string
		sentence string
	}{
		"no priority":        {func(f *desk.NewTicket) { f.Priority = 0 }, desk.FieldPriority, "Choose one of P1, P2 and P3."},
		"priority 4":         {func(f *desk.NewTicket) { f.Priority = 4 }, desk.FieldPriority, "Choose one of P1, P2 and P3."},
		"no title":           {func(f *desk.NewTicket) { f.Title = "" }, desk.FieldTitle, noTitle},
		"white title":        {func(f *desk.NewTicket) { f.Title = " \t\n\u00a0\u2003" }, desk.FieldTitle, noTitle},
		"title of nulls":     {func(f *desk.NewTicket) { f.Title = "\x00\x00\x1b" }, desk.FieldTitle, noTitle},
		"invisible title":    {func(f *desk.NewTicket) { f.Title = "\u200b\u200d\ufeff" }, desk.FieldTitle, noTitle},
		"title of overrides": {func(f *desk.NewTicket) { f.Title = "\u202e\u2066" }, desk.FieldTitle, noTitle},
		"long title": {func(f *desk.NewTicket) { f.Title = strings.Repeat("é", desk.MaxTitle+1) },
			desk.FieldTitle, "Please keep the title under 120 characters."},
		"30,000 characters": {func(f *desk.NewTicket) { f.Title = strings.Repeat("a", 30_000) },
			desk.FieldTitle, "Please keep the title under 120 characters."},
		"long text": {func(f *desk.NewTicket) { f.Text = strings.Repeat("é", desk.MaxText+1) },
			desk.FieldText, "Please keep the text under 3000 characters, or attach the rest in the thread."},
		"no category":      {func(f *desk.NewTicket) { f.Category = "" }, desk.FieldCategory, "Choose a category from the list."},
		"unknown category": {func(f *desk.NewTicket) { f.Category = "Fun" }, desk.FieldCategory, "Choose a category from the list."},
	} {
		t.Run(name, func(t *testing.T) {
			f := h.newTicket(ticket.P3)
			test.change(&f)
			_, err := h.Open(t.Context(), f)
			got, _ := errors.AsType[*ticket.Error](err)
			if errors.Is(err, desk.ErrOutdated) == (test.field == desk.FieldCategory) && got != nil {
				got = got.Because(nil) // a category that is not known is one of other settings
			}
			if diff := gocmp.Diff(refusal(ticket.Invalid, test.field, test.sentence), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
	if n := h.number(`SELECT (SELECT count(*) FROM tickets) + (SELECT count(*) FROM inputs)`); n != 0 {
		t.Errorf("%d rows are left by what was refused", n)
	}
}

func TestHostileWords(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, test := range map[string]struct{ title, text, wantTitle, wantText string }{
		"null bytes":         {"a\x00b", "c\x00\nd", "ab", "c\nd"},
		"invalid UTF-8":      {"a\xffb", "c\xc3(", "a\uFFFDb", "c\uFFFD("},
		"overrides":          {"pay \u202egnp.exe\u202c now", "a\u202eb", "pay gnp.exe now", "a\u202eb"},
		"right to left":      {"שלום", "مرحبا", "שלום", "مرحبا"},
		"white space":        {"  two\n lines\t here ", "\r\n a\r\n\tb \n", "two lines here", "a\n\tb"},
		"escapes":            {"\x1b[31mred\x07", "\u0085x", "[31mred", "x"},
		"mentions":           {"<!channel> & <@U1>", "@here", "<!channel> & <@U1>", "@here"},
		"quotes and percent": {`'; DROP TABLE tickets; --`, `%s {"a": "\u0000"}`, `'; DROP TABLE tickets; --`, `%s {"a": "\u0000"}`},
		"longest":            {strings.Repeat("é", desk.MaxTitle), strings.Repeat("é", desk.MaxText), strings.Repeat("é", desk.MaxTitle), strings.Repeat("é", desk.MaxText)},
		"family emoji":       {"👩‍👩‍👧", "", "👩‍👩‍👧", ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := h.newTicket(ticket.P3)
			f.Title, f.Text, f.Category = test.title, test.text, "BILLING"
			r, err := h.Open(t.Context(), f)
			if err != nil {
				t.Errorf("%v", err)
				return
			}
			got := h.find(r.Ticket.Number).Ticket
			if got.Title != test.wantTitle || got.Text != test.wantText || got.Category != "Billing" {
				t.Errorf("%s is stored as %q, %q in %s", name, got.Title, got.Text, got.Category)
			}
		})
	}
}

// Whatever is typed is either refused at its field or stored and read again.
func FuzzOpen(f *testing.F) {
	h := newHarness(f)
	f.Add("title", "text")
	f.Add("\x00", "\xff\xfe")
	f.Add("\u202e \u2066", "\ud7ff\U0010ffff")
	f.Fuzz(func(t *testing.T, title, text string) {
		in := h.newTicket(ticket.P3)
		in.Title, in.Text = title, text
		r, err := h.Open(t.Context(), in)
		if err != nil {
			if ticket.CodeOf(err) != ticket.Invalid {
				t.Fatal(err)
			}
			return
		}
		found, err := h.Find(t.Context(), r.Ticket.Number)
		if err != nil {
			t.Fatal(err)
		}
		got := found.Ticket
		if got.Title != r.Ticket.Title || got.Text != r.Ticket.Text {
			t.Errorf("stored %q, %q; returned %q, %q", got.Title, got.Text, r.Ticket.Title, r.Ticket.Text)
		}
		if got.Title == "" || utf8.RuneCountInString(got.Title) > desk.MaxTitle || strings.ContainsAny(got.Title, "\n\x00") {
			t.Errorf("title %q", got.Title)
		}
	})
}

func TestFormSentAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		between gesture // nil for nothing
		change  func(*desk.NewTicket)
		want    desk.Content
		entries int
		card    int64 // versions it has
	}{
		"the same": {nil, func(*desk.NewTicket) {},
			desk.Content{Priority: 2, Title: "Cards fail", Text: "In the US.", Category: "Billing"}, 1, 1},
		"but for white space": {nil, func(f *desk.NewTicket) { f.Title = " Cards  fail\n" },
			desk.Content{Priority: 2, Title: "Cards fail", Text: "In the US.", Category: "Billing"}, 1, 1},
		"other words": {nil, func(f *desk.NewTicket) { f.Title, f.Text = "All fail", "Everywhere." },
			desk.Content{Priority: 2, Title: "All fail", Text: "Everywhere.", Category: "Billing"}, 2, 2},
		"another priority": {nil, func(f *desk.NewTicket) { f.Priority = 1 },
			desk.Content{Priority: 1, Title: "Cards fail", Text: "In the US.", Category: "Billing"}, 2, 2},
		"a lower one, in other words": {nil, func(f *desk.NewTicket) { f.Title, f.Priority = "One fails", 3 },
			desk.Content{Priority: 3, Title: "One fails", Text: "In the US.", Category: "Billing"}, 3, 3},
		"the same, when it was edited": {edit(rita, "Mended", 1), func(*desk.NewTicket) {},
			desk.Content{Priority: 2, Title: "Mended", Text: "In the US.", Category: "Access"}, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			f := h.newTicket(ticket.P2)
			first, err := h.Open(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			if test.between != nil {
				h.do(first.Ticket.Number, test.between)
			}
			test.change(&f)
			f.At, f.Now = minutes(2), minutes(2)
			for range 2 { // and again
				again, err := h.Open(t.Context(), f)
				if err != nil || again.Ticket.Number != first.Ticket.Number {
					t.Fatalf("again: %v, %v; want %v", again.Ticket.Number, err, first.Ticket.Number)
				}
			}
			r := h.find(first.Ticket.Number)
			got := desk.Content{Priority: r.Ticket.Priority, Title: r.Ticket.Title, Text: r.Ticket.Text, Category: r.Ticket.Category}
			if diff := gocmp.Diff(test.want, got); diff != "" || len(r.Timeline) != test.entries {
				t.Errorf("%d entries, want %d; content (-want +got):\n%s", len(r.Timeline), test.entries, diff)
			}
			if n := h.number(`SELECT desired FROM outbox WHERE kind = 'card'`); n != test.card {
				t.Errorf("%d versions of the card, want %d", n, test.card)
			}
		})
	}
}

// A priority that was set since is not set back by what comes late.
func TestOldFormDoesNotUndoAPriority(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	f := h.newTicket(ticket.P2)
	r, err := h.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	f.Priority = ticket.P1
	if _, err := h.Open(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	h.do(r.Ticket.Number, reprioritise(ann, ticket.P3, "A detail.", 5))
	again, err := h.Open(t.Context(), f)
	if err != nil || again.Ticket.Priority != ticket.P3 || h.find(r.Ticket.Number).Ticket.Priority != ticket.P3 {
		t.Errorf("again: %v, %v; want P3", again.Ticket.Priority, err)
	}
	h.do(r.Ticket.Number, tick(ann, 6))
	f.Priority = ticket.P2
	f.Title, f.At, f.Now = "Other", minutes(7), minutes(7)
	if _, err := h.Open(t.Context(), f); ticket.CodeOf(err) != ticket.Conflict {
		t.Errorf("another priority for what has ended: %v, want a conflict", err)
	}
}

// Who sends a form three times, and at last as they did at first, wants it so.
func TestFormSentBackToWhatItSaidAtFirst(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	f := h.newTicket(ticket.P2)
	n := ticket.Number(0)
	for i, c := range []desk.Content{
		{Priority: 2, Title: "Cards fail", Text: "In the US.", Category: "Billing"},
		{Priority: 1, Title: "All fails", Text: "Everywhere.", Category: "Access"},
		{Priority: 2, Title: "Cards fail", Text: "In the US.", Category: "Billing"},
	} {
		f.Content, f.At, f.Now = c, minutes(float64(i)), minutes(float64(i))
		r, err := h.Open(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		n = r.Ticket.Number
		got := h.find(n).Ticket
		if diff := gocmp.Diff(c, desk.Content{Priority: got.Priority, Title: got.Title, Text: got.Text, Category: got.Category}); diff != "" {
			t.Errorf("sending %d (-want +got):\n%s", i+1, diff)
		}
	}
	if got := len(h.find(n).Timeline); got != 5 {
		t.Errorf("%d entries, want the opening and two corrections in two entries each", got)
	}
}

func TestOneMessageMakesOneTicket(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	f := h.newTicket(ticket.P2)
	f.Source = ticket.Message{Channel: "CRANDOM", TS: "1700000000.000100"}
	first, err := h.Open(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.Open(t.Context(), f)
	if err != nil || again.Ticket.Number != first.Ticket.Number {
		t.Errorf("the same form again: %v, %v", again.Ticket.Number, err)
	}
	other := f
	other.Key = h.key()
	_, err = h.Open(t.Context(), other)
	got, _ := errors.AsType[*ticket.Error](err)
	want := refusal(ticket.Conflict, desk.FieldTitle, "This message already has a ticket: "+first.Ticket.Number.String()+". Copy what you wrote into its thread, or use the shortcut again to follow it.")
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("another form from the message (-want +got):\n%s", diff)
	}
	if n := h.number(`SELECT count(*) FROM tickets`); n != 1 {
		t.Errorf("%d tickets, want 1", n)
	}
	if n := h.number(`SELECT count(*) FROM inputs WHERE key = $1`, other.Key); n != 0 {
		t.Error("the key of the refused form is kept")
	}
}

func TestNewTicketsAtOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		key, source string // shared, if not empty
		conflicts   int
	}{
		"one form, sent by impatient hands": {"form:V1", "", 0},
		"one message, taken up by several":  {"", "1700000000.000100", 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHarness(t)
			errs := make([]error, 4)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() {
					f := h.newTicket(ticket.P2)
					if test.key != "" {
						f.Key = test.key
					}
					if test.source != "" {
						f.Source = ticket.Message{Channel: "CRANDOM", TS: test.source}
					}
					_, errs[i] = h.Open(t.Context(), f)
				})
			}
			wg.Wait()
			conflicts := 0
			for _, err := range errs {
				if ticket.CodeOf(err) == ticket.Conflict {
					conflicts++
				} else if err != nil {
					t.Error(err)
				}
			}
			if n := h.number(`SELECT count(*) FROM tickets`); n != 1 || conflicts != test.conflicts {
				t.Errorf("%d tickets and %d conflicts, want 1 and %d", n, conflicts, test.conflicts)
			}
		})
	}
}
