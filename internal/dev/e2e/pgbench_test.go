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
func (m *machine) pgbench(l life) float64 {
	m.t.Helper()
	url := m.newDatabase()
	m.must(pgtest.Migrate(m.ctx, url))
	conn, err := pgx.Connect(m.ctx, url)
	m.must(err)
	defer conn.Close(m.ctx)
	_, err = conn.Exec(m.ctx, `INSERT INTO leases VALUES ('sender', 'pgbench', 1, 'infinity')`)
	m.must(err)
	file := filepath.Join(m.t.TempDir(), "life.sql")
	m.must(os.WriteFile(file, []byte(l.script), 0o600))
	best := 0.0
	for _, clients := range []int{8, 20} {
		out, err := exec.CommandContext(m.ctx, "pgbench", "--no-vacuum", "--protocol=prepared", "--file="+file,
			"--client="+strconv.Itoa(clients), "--jobs=2", "--time=15", url).CombinedOutput()
		if err != nil {
			m.t.Fatalf("pgbench: %v\n%s\n%s", err, out, l.script)
		}
		perSecond, err := livesOf(string(out))
		if err != nil {
			m.t.Fatalf("%v\n%s\n%s", err, out, l.script)
		}
		m.t.Logf("pgbench with %d clients: %.1f lives a second", clients, perSecond)
		best = max(best, perSecond)
	}
	return round(best, 10)
}

var (
	perSecondOf = regexp.MustCompile(`tps = ([\d.]+)`)
	gaveUp      = regexp.MustCompile(`client \d+ (script|aborted)`)
)

func livesOf(out string) (float64, error) {
	found := perSecondOf.FindStringSubmatch(out)
	if found == nil || gaveUp.MatchString(out) {
		return 0, fmt.Errorf("pgbench could not play all lives")
	}
	return strconv.ParseFloat(found[1], 64)
}

// scriptOf writes the statements of one ticket's life as a script for pgbench, in
// the same transactions. What was this ticket's own becomes that of a new one;
// every client has a place of its own to write to, so that none takes another's
// message.
func scriptOf(units []unit, ticket int) string {
	var b strings.Builder
	b.WriteString("\\set run random(1, 9000000000000000)\n")
	taking := takers(units)
	w := writer{ticket: strconv.Itoa(ticket)}
	for i, u := range units {
		answered := slices.IndexFunc(u, func(s statement) bool { return taking[i] || strings.Contains(s.sql, "nextval('ticket_numbers')") })
		for n, s := range u {
			if n == answered+1 && len(u)-n > 1 {
				b.WriteString("\\startpipeline\n")
			}
			end := ";\n"
			if n == answered {
				end = " \\gset\n"
			}
			b.WriteString(strings.TrimSpace(w.fill(s)) + end)
			if n == len(u)-1 && n > answered+1 {
				b.WriteString("\\endpipeline\n")
			}
		}
	}
	return b.String()
}

// takers are the units in which the sender took a message: of those in which it
// asked, the first after the message was enqueued. The others found nothing.
func takers(units []unit) map[int]bool {
	taking := map[int]bool{}
	from := -1
	for i, u := range units {
		switch {
		case u.has("INSERT INTO outbox"), u.has("SET desired = desired + 1"):
			from = i
		case u.has("WHERE id = $") && u.has("UPDATE outbox SET"):
			for next := from + 1; next < i; next++ {
				if units[next].has("UPDATE outbox o") && slices.Contains(units[next][0].params, "'support'") {
					taking[next] = true
					break
				}
			}
			from = i
		}
	}
	return taking
}

func (u unit) has(part string) bool {
	return slices.ContainsFunc(u, func(s statement) bool { return strings.Contains(s.sql, part) })
}

// writer puts expressions in the place of parameters.
type writer struct {
	ticket string
	stamps []string // Slack's, in the order in which they were met
}

var (
	placeholder  = regexp.MustCompile(`\$(\d+)`)
	own          = regexp.MustCompile(`\d{10}\.\d{6}|\bV[A-Z0-9]{6,}\b|\b582\d{4}\b|\b731\d{4}\b`)
	outboxNumber = regexp.MustCompile(`^'582\d{4}'$`)
	variable     = regexp.MustCompile(`:([A-Za-z_])`) // what pgbench would take for one of its own
	taken        = regexp.MustCompile(`tried_at = \$\d+`)
)

func (w *writer) fill(s statement) string {
	sql := taken.ReplaceAllString(s.sql, "tried_at = :tried_at") // when it was taken here
	return placeholder.ReplaceAllStringFunc(sql, func(p string) string {
		n, err := strconv.Atoi(p[1:])
		if err != nil || n > len(s.params) {
			return p
		}
		return w.expression(s.params[n-1])
	})
}

func (w *writer) expression(literal string) string {
	if literal == "'support'" {
		return "('place' || :client_id::text)"
	}
	filled := own.ReplaceAllStringFunc(variable.ReplaceAllString(literal, ":' || '$1"), func(v string) string {
		return "' || " + w.substitute(v) + "::text || '"
	})
	switch literal {
	case filled:
		return literal
	case "'" + w.ticket + "'":
		return ":ticket"
	}
	if outboxNumber.MatchString(literal) {
		return ":id"
	}
	switch {
	case strings.HasPrefix(literal, "'{\""):
		return "(" + filled + ")::jsonb"
	case strings.HasPrefix(literal, "'{"):
		return "(" + filled + ")::bigint[]"
	}
	return "(" + filled + ")"
}

func (w *writer) substitute(v string) string {
	switch {
	case v == w.ticket:
		return ":ticket"
	case v[0] == 'V':
		return ":run"
	case strings.HasPrefix(v, "582"):
		return ":id"
	}
	n := slices.Index(w.stamps, v)
	if n < 0 {
		n = len(w.stamps)
		w.stamps = append(w.stamps, v)
	}
	return fmt.Sprintf("(:ticket::bigint * 100 + %d)", n)
}
