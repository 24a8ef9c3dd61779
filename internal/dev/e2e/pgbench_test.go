//go:build unix

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/pgtest"
)

// pgbench runs the statements of a life, and returns how many lives a second it
// comes to.
func (m *machine) pgbench(l life, lives int) float64 {
	m.t.Helper()
	file := filepath.Join(m.t.TempDir(), "life.sql")
	m.must(os.WriteFile(file, []byte(l.script), 0o600))
	best := 0.0
	for _, clients := range []int{8, 20} {
		perSecond := m.playedBy(clients, lives/clients, file, l.holder)
		m.t.Logf("pgbench with %d clients: %.1f lives a second", clients, perSecond)
		best = max(best, perSecond)
	}
	return round(best, 10)
}

func (m *machine) playedBy(clients, each int, file, holder string) float64 {
	m.t.Helper()
	url := m.newDatabase()
	m.must(pgtest.Migrate(m.ctx, url))
	conn, err := pgx.Connect(m.ctx, url)
	m.must(err)
	defer conn.Close(m.ctx)
	_, err = conn.Exec(m.ctx, `INSERT INTO leases VALUES ('sender', $1, 1, 'infinity')`, holder)
	m.must(err)
	_, err = conn.Exec(m.ctx, numberInRows)
	m.must(err)
	out, err := exec.CommandContext(m.ctx, "pgbench", "--no-vacuum", "--verbose-errors", "--protocol=prepared", "--file="+file,
		"--client="+strconv.Itoa(clients), "--jobs=2", "--transactions="+strconv.Itoa(each), url).CombinedOutput()
	if err != nil {
		m.t.Fatalf("pgbench: %v\n%.2000s", err, out)
	}
	perSecond, err := livesOf(string(out))
	if err != nil {
		m.t.Fatalf("%v\n%.2000s", err, out)
	}
	var cards int
	m.must(conn.QueryRow(m.ctx, `SELECT count(*) FROM outbox WHERE kind = 'card' AND posted = desired`).Scan(&cards))
	// What another client has locked is left out of a record, and the script does not try again:
	// so pgbench does a little less than the program.
	played := clients * each
	m.t.Logf("of %d cards pgbench recorded %d", played, cards)
	if cards < played/2 {
		m.t.Error("it did not do what the program does")
	}
	return perSecond
}

var (
	perSecondOf = regexp.MustCompile(`tps = ([\d.]+)`)
	gaveUp      = regexp.MustCompile(`client \d+ (script|aborted|got an error)`)
)

func livesOf(out string) (float64, error) {
	found := perSecondOf.FindStringSubmatch(out)
	if found == nil || gaveUp.MatchString(out) {
		return 0, fmt.Errorf("pgbench could not play all lives")
	}
	return strconv.ParseFloat(found[1], 64)
}

// own is what belongs to one ticket's life, as the log has it.
type own struct {
	ticket string
	person string // who filed it
	outbox int    // the number of the newest message before this life
	holder string // of the sender's lease
}

// beginLife takes numbers for what a life inserts. The sequences give each client numbers in
// a row: see numberInRows.
const beginLife = `SELECT nextval('ticket_numbers') + 1 AS ticket, nextval('outbox_id_seq') AS outbox \gset` + "\n"

// numberInRows lets what a client inserts be numbered one by one, whatever other clients do.
const numberInRows = `ALTER SEQUENCE ticket_numbers CACHE 100000; ALTER SEQUENCE outbox_id_seq CACHE 100000`

// scriptOf writes the statements of one ticket's life as a script for pgbench, in the same
// transactions. What was this ticket's own becomes that of a new one; it does not
// matter which client takes a message: they find out together what is to be taken.
func scriptOf(units []unit, o own) string {
	var b strings.Builder
	b.WriteString(beginLife)
	w := writer{own: o}
	for _, u := range units {
		u = slices.DeleteFunc(slices.Clone(u), statement.isLease) // whose epoch would go up
		if len(u) > 1 {
			b.WriteString("\\startpipeline\n")
		}
		for _, s := range u {
			b.WriteString(strings.TrimSpace(w.fill(s)) + ";\n")
		}
		if len(u) > 1 {
			b.WriteString("\\endpipeline\n")
		}
	}
	return b.String()
}

// writer puts expressions in the place of parameters.
type writer struct {
	own
	stamps []string // Slack's, in the order in which they were met
}

var (
	placeholder = regexp.MustCompile(`\$(\d+)`)
	ownValue    = regexp.MustCompile(`\d{10}\.\d{6}|\bV[A-Z0-9]{6,}\b|\b582\d{4}\b|\b731\d{4}\b|\bU[A-Z0-9]{6,}\b`)
	numbers     = regexp.MustCompile(`^'\{[\d.,]+\}'$`)
	ownNumber   = regexp.MustCompile(`^'(582|731)\d{4}'$`)
	variable    = regexp.MustCompile(`:([A-Za-z_])`) // what pgbench would take for one of its own
)

// What a message was taken with is another here. So whoever took it may record it.
var takenWith = strings.NewReplacer("outbox.epoch = outcome.epoch", "true", "outbox.epoch = r.epoch", "true")

var takenAt = regexp.MustCompile(`\b(tried_at|epoch) = \$\d+`)

func (w *writer) fill(s statement) string {
	sql := takenAt.ReplaceAllString(takenWith.Replace(s.sql), "$1 = $1")
	return placeholder.ReplaceAllStringFunc(sql, func(p string) string {
		n, err := strconv.Atoi(p[1:])
		if err != nil || n > len(s.params) {
			return p
		}
		return w.expression(s.params[n-1])
	})
}

func (w *writer) expression(literal string) string {
	if ownNumber.MatchString(literal) {
		return w.substitute(strings.Trim(literal, "'"))
	}
	filled := ownValue.ReplaceAllStringFunc(variable.ReplaceAllString(literal, ":' || '$1"), func(v string) string {
		if value := w.substitute(v); value != v {
			return "' || " + value + "::text || '"
		}
		return v
	})
	switch {
	case filled == literal:
		return literal
	case strings.HasPrefix(literal, "'{\""):
		return "(" + filled + ")::jsonb"
	case numbers.MatchString(literal):
		return "(" + filled + ")::bigint[]"
	case strings.HasPrefix(literal, "'{"):
		return "(" + filled + ")::text[]"
	}
	return "(" + filled + ")"
}

// substitute is the expression for a value; itself for one that is not this life's own.
func (w *writer) substitute(v string) string {
	switch {
	case v == w.ticket, v[0] == 'V':
		return ":ticket"
	case v == w.person:
		return "('U' || :ticket::text)"
	case strings.HasPrefix(v, "582"):
		n, _ := strconv.Atoi(v)
		return fmt.Sprintf("(:outbox::bigint + %d)", n-w.outbox)
	case v[0] == 'U', strings.HasPrefix(v, "731"):
		return v
	}
	n := slices.Index(w.stamps, v)
	if n < 0 {
		n = len(w.stamps)
		w.stamps = append(w.stamps, v)
	}
	return fmt.Sprintf("(:ticket::bigint * 100 + %d)", n)
}
