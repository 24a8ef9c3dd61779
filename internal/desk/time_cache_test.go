package desk

import (
	"context"
	"testing"
	"time"

	"supporty/internal/ticket"
)

type counted struct {
	Store
	asked int
}

func (c *counted) Person(_ context.Context, id string) (Person, error) {
	c.asked++
	return Person{ID: id}, nil
}

func (c *counted) IsMember(context.Context, string, string) (bool, error) { return true, nil }

func (c *counted) Similar(_ context.Context, _, _ string, p ticket.Period) ([]Similar, error) {
	c.asked++
	return []Similar{{OpenedAt: p.From}}, nil
}

func TestASweepAsksOnce(t *testing.T) {
	t.Parallel()
	store, people := &counted{}, &counted{}
	d := New(store, people, nil, nil).withCache()
	start := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	for i := range 100 {
		at := start.Add(time.Duration(i) * time.Second)
		if _, err := d.floods.Similar(t.Context(), "Billing", "", ticket.Period{From: at, To: at.Add(time.Minute)}); err != nil {
			t.Fatal(err)
		}
		if p, err := d.people.Person(t.Context(), "U1"); err != nil || p.ID != "U1" {
			t.Fatal(p, err)
		}
	}
	if store.asked != 1 || people.asked != 1 {
		t.Errorf("asked %d and %d times", store.asked, people.asked)
	}
}
