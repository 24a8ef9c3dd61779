package postgres_test

import (
	"fmt"
	"slices"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Each shelf has its tickets and no others, in its order, page by page.
func TestShelves(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	ctx := t.Context()
	const me, other = "U1", "U2"
	open := func(p ticket.Priority, requester string) ticket.Number { return b.open(p, requester) }
	unowned, urgent := open(ticket.P2, other), open(ticket.P1, other)
	mine, paused, theirs := open(ticket.P2, other), open(ticket.P2, other), open(ticket.P2, me)
	asksMe, solved := open(ticket.P3, me), open(ticket.P3, me)
	for n, owner := range map[ticket.Number]string{mine: me, paused: me, theirs: other, asksMe: other, solved: other} {
		b.must(b.desk.Claim(ctx, b.gesture(n, owner)))
	}
	b.must(b.desk.Hold(ctx, b.gesture(paused, me), "the bank", at(72)))
	b.must(b.desk.Wait(ctx, b.gesture(asksMe, other), "Which?"))
	b.must(b.desk.Resolve(ctx, b.gesture(solved, other), "", ""))

	want := map[desk.ShelfName][]ticket.Number{
		desk.ShelfOwned: {mine}, desk.ShelfAsksMe: {asksMe}, desk.ShelfUnowned: {urgent, unowned},
		desk.ShelfPaused: {paused, asksMe}, desk.ShelfAsked: {asksMe, theirs, solved},
	}
	for name, numbers := range want {
		query := desk.ShelfQuery{Name: name, Reader: me, Now: at(1), Limit: 10}
		b.shelfHas(query, numbers, len(numbers))
		query.Limit, query.From = 1, len(numbers)-1
		b.shelfHas(query, numbers[len(numbers)-1:], len(numbers))
		query.From++
		b.shelfHas(query, nil, 0)
	}
	b.shelfHas(desk.ShelfQuery{Name: desk.ShelfAsked, Reader: me, Now: at(8 * 24), Limit: 10}, []ticket.Number{asksMe, theirs}, 2)

	figures, err := b.db.Figures(ctx, at(2))
	b.must(nil, err)
	if want := (desk.Figures{Open: 6, Unowned: 2, Late: 1, Paused: 2}); figures != want {
		t.Errorf("the figures are %+v, want %+v", figures, want)
	}
}

func (b *postgresHarness) shelfHas(q desk.ShelfQuery, numbers []ticket.Number, total int) {
	b.t.Helper()
	found, err := b.db.Shelves(b.t.Context(), []desk.ShelfQuery{q})
	b.must(nil, err)
	if !slices.Equal(found[0].Numbers, numbers) || found[0].Total != total {
		b.t.Errorf("%s from %d: %v of %d, want %v of %d", q.Name, q.From, found[0].Numbers, found[0].Total, numbers, total)
	}
}

func TestHomeChoiceIsKept(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	for _, from := range []int{10, 0, 20} {
		b.must(nil, b.desk.TurnHome(t.Context(), "U1", desk.ShelfUnowned, from))
		choice, err := b.db.HomeChoice(t.Context(), "U1")
		b.must(nil, err)
		if choice.From[desk.ShelfUnowned] != from {
			t.Errorf("the choice is %s, want %d", fmt.Sprint(choice), from)
		}
	}
}
