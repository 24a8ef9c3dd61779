package outbox_test

import (
	"cmp"
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// overtaken has another sender take a message over after it was posted, and before that is
// recorded. The other one looks for it, and records after that where it stands.
type overtaken struct {
	outbox.Store
	other *pgx.Conn // of the other sender; used by one message only
	finds string    // the ts that the other records; empty for that of the message
	own   ticket.Message
	asked int
}

func (q *overtaken) Exchange(ctx context.Context, e outbox.Exchange) (outbox.Exchanged, error) {
	for _, p := range e.Posted {
		q.own = p.At
		if _, err := q.other.Exec(ctx, `UPDATE outbox SET epoch = epoch + 1`); err != nil {
			return outbox.Exchanged{}, err
		}
	}
	return q.Store.Exchange(ctx, e)
}

func (q *overtaken) Where(ctx context.Context, id string) (ticket.Message, error) {
	at, err := q.Store.Where(ctx, id)
	if q.asked++; q.asked == 1 && err == nil {
		_, err = q.other.Exec(ctx, `UPDATE outbox SET posted = desired, state = 'waiting', posted_in = $1, posted_ts = $2`,
			q.own.Channel, cmp.Or(q.finds, q.own.TS))
	}
	return at, err
}

// A sender that was overtaken keeps its message while the other one looks for it: that may have
// found this very message, and not recorded it yet. If the other has posted its own, this one is
// deleted.
func TestOvertakenWhileTheOtherLooks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		finds  string
		stands int
	}{
		"it finds this one":     {"", 1},
		"it has posted its own": {"1.9", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newOutboxHarness(t)
			conn, err := pgx.Connect(h.ctx, h.conn.Config().ConnString())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(h.ctx)) })
			o := h.options("copy")
			q := &overtaken{Store: o.Store, other: conn, finds: test.finds}
			o.Store = q
			h.files("alice", "Cards fail")
			stop := h.sends(o)
			h.until(`SELECT posted_ts <> '' FROM outbox`)
			stop() // returns when the sender has handled its message
			if n := h.standing("Cards fail"); n != test.stands || q.asked < 2 {
				t.Errorf("it stands %d times, want %d; asked %d times", n, test.stands, q.asked)
			}
		})
	}
}
