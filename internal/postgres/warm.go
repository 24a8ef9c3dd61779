package postgres

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
)

// hot are the statements of gestures and of the sender, as pgx sends them.
var hot = sent(
	claimInput, claimSource, touchOpened,
	insertTicket, updateTicket, insertEntry, insertCycle, upsertCycle,
	insertFirstCard, insertFirstNotice, insertNotice, bumpNotices, rewordNotice,
	selectVersions, selectEntries, selectAlerts, selectPosted, selectByCard, selectCard,
	selectPerson, selectMembers,
	takeNext, recordPosted, cardsStand, acquireLease, returnUntried, overwrittenIfFree,
)

// sent are statements with their named arguments numbered.
func sent(statements ...string) []string {
	for i, sql := range statements {
		statements[i], _, _ = pgx.NamedArgs{}.RewriteQuery(context.Background(), nil, sql, nil) // names cannot be wrong
	}
	return statements
}

// Warm opens the pool's connections and prepares the hot statements on each, and on those
// that are opened later, so that the first gestures need no more round trips than any other.
// It comes after the migrations. A connection that cannot be opened is opened by who needs it.
func (db *DB) Warm(ctx context.Context) {
	cfg := db.pool.Config()
	db.hot.Store(keepsStatements(cfg.ConnConfig.DefaultQueryExecMode))
	var opened, released sync.WaitGroup
	n := int(min(cfg.MaxConns, maxConns))
	opened.Add(n)
	for range n {
		released.Go(func() {
			conn, err := db.pool.Acquire(ctx)
			if err == nil {
				defer conn.Release()
				_ = db.prepareNew(ctx, conn.Conn())
			}
			opened.Done()
			opened.Wait() // nobody gets a connection that is warm
		})
	}
	released.Wait()
}

// keepsStatements reports whether a session that prepared a statement also runs it. Behind a
// pooler in transaction mode it may be another one.
func keepsStatements(mode pgx.QueryExecMode) bool { return mode == pgx.QueryExecModeCacheStatement }

// prepareNew is called for every new connection of the pool.
func (db *DB) prepareNew(ctx context.Context, conn *pgx.Conn) error {
	if !db.hot.Load() {
		return nil
	}
	return prepareHot(ctx, conn)
}

// prepareHot prepares statements by their text: then pgx takes them when it is given it. The
// server plans each once, which reads all that it has to know of the tables, but runs none.
func prepareHot(ctx context.Context, conn *pgx.Conn) error {
	var plans strings.Builder
	for _, sql := range hot {
		prepared, err := conn.Prepare(ctx, sql, sql)
		if err != nil {
			return fmt.Errorf("preparing a statement: %w", err)
		}
		plans.WriteString("EXPLAIN EXECUTE " + prepared.Name)
		if n := len(prepared.ParamOIDs); n > 0 {
			plans.WriteString("(NULL" + strings.Repeat(", NULL", n-1) + ")")
		}
		plans.WriteString(";")
	}
	return conn.PgConn().Exec(ctx, plans.String()).Close()
}
