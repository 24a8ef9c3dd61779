package postgres_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Tickets are listed, counted and compared by the channel in which they live. Who asked for a
// ticket, or has it, finds it wherever it lives.
func TestTicketsByChannel(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	here := b.open(ticket.P1, "U1")
	opened, err := b.desk.Open(ctx, desk.NewTicket{
		Content: desk.Content{Priority: ticket.P2, Title: "There", Category: "Billing"}, Channel: "C2",
		Requester: "U2", Gesture: ticket.ByForm, Key: "form:there", At: monday, Now: monday,
	})
	if err != nil {
		t.Fatal(err)
	}
	there := opened.Ticket.Number
	content := desk.Content{Priority: ticket.P2, Title: "Over there", Category: "Billing"}
	b.must(b.desk.Edit(ctx, b.gesture(there, "U2"), content)) // a change keeps the channel
	for name, test := range map[string]struct {
		readable *desk.Readable
		want     []ticket.Number
	}{
		"any":                       {nil, []ticket.Number{here, there}},
		"the support channel":       {&desk.Readable{Channels: []string{""}}, []ticket.Number{here}},
		"another":                   {&desk.Readable{Channels: []string{"C2"}, Reader: "U3"}, []ticket.Number{there}},
		"both":                      {&desk.Readable{Channels: []string{"", "C2"}}, []ticket.Number{here, there}},
		"what the reader asked for": {&desk.Readable{Channels: []string{"C2"}, Reader: "U1"}, []ticket.Number{here, there}},
		"a third":                   {&desk.Readable{Channels: []string{"C3"}, Reader: "U3"}, nil},
	} {
		filter := desk.Filter{Readable: test.readable}
		list, total, err := b.db.List(ctx, filter)
		found, foundErr := b.db.Summaries(ctx, []ticket.Number{here, there}, filter)
		if diff := gocmp.Diff(test.want, numbersOf(list)) + gocmp.Diff(test.want, numbersOf(found)); diff != "" || total != len(test.want) || err != nil || foundErr != nil {
			t.Errorf("%s: %d, %v, %v (-want +got):\n%s", name, total, err, foundErr, diff)
		}
	}
	for channel, want := range map[string]ticket.Number{"": here, "C2": there} {
		similar, err := b.db.Similar(ctx, "Billing", channel, ticket.Period{From: monday, To: monday})
		if err != nil || len(similar) != 1 || similar[0].Number != want {
			t.Errorf("similar in %q: %+v, %v", channel, similar, err)
		}
		figures, err := b.db.Figures(ctx, desk.HomeFilter{Channels: []string{channel}}, at(0))
		if err != nil || figures.Open != 1 {
			t.Errorf("figures of %q: %+v, %v", channel, figures, err)
		}
	}
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfUnowned, Now: at(0), Limit: 10, HomeFilter: desk.HomeFilter{Channels: []string{""}}}, []ticket.Number{here}, 1)
}

func numbersOf(list []desk.Summary) (numbers []ticket.Number) {
	for _, s := range list {
		numbers = append(numbers, s.Number)
	}
	return numbers
}

// A channel that was a squad's home stays known.
func TestHomeChannels(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for _, test := range []struct{ now, want []string }{
		{nil, nil}, {[]string{"C2", "C1", "C2"}, []string{"C1", "C2"}}, {[]string{"C3", "C2"}, []string{"C1", "C2", "C3"}}, {nil, []string{"C1", "C2", "C3"}},
	} {
		got, err := b.db.HomeChannels(t.Context(), test.now)
		if diff := gocmp.Diff(test.want, got); err != nil || diff != "" && len(got)+len(test.want) > 0 {
			t.Errorf("with %v: %v (-want +got):\n%s", test.now, err, diff)
		}
	}
}
