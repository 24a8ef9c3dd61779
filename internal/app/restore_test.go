package app_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"supporty/internal/config"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// pgTool is the path of one of the programs that come with Postgres. Without it the test
// is skipped, with a message about what to install.
func (h *harness) pgTool(name string) string {
	h.t.Helper()
	var dir string
	h.ask(&dir, `SELECT setting FROM pg_config WHERE name = 'BINDIR'`)
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		h.t.Skipf("SKIPPED, NOT CHECKED: what becomes of a restored backup; there is no %s beside the database's server in %s (Debian's package is postgresql-client)", name, dir)
	}
	return path
}

// ask reads the one value that a query yields.
func (h *harness) ask(into any, query string) {
	h.t.Helper()
	conn, err := pgx.Connect(h.ctx, h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(h.ctx)) }()
	if err := conn.QueryRow(h.ctx, query).Scan(into); err != nil {
		h.t.Fatalf("%s: %v", query, err)
	}
}

// backup is a file with a dump of the database.
func (h *harness) backup() string {
	h.t.Helper()
	file := filepath.Join(h.t.TempDir(), "supporty.dump")
	h.tool("pg_dump", "--format=custom", "--file="+file, h.dbURL)
	return file
}

// restore loads a backup into an empty database, follows docs/operating.md, and makes the
// bot use that database from its next start on.
func (h *harness) restore(file string) {
	h.t.Helper()
	tool := h.pgTool("pg_restore")
	h.dbURL = pgtest.New(h.t, nil)
	h.cfg.Database.URL, h.cfg.Database.Migrate = config.Secret(h.dbURL), true
	h.runs(tool, "--no-owner", "--dbname="+h.dbURL, file)
	for _, statement := range afterRestoring(h.t) {
		h.changes(statement)
	}
}

func (h *harness) tool(name string, args ...string) { h.t.Helper(); h.runs(h.pgTool(name), args...) }

func (h *harness) runs(tool string, args ...string) {
	h.t.Helper()
	if out, err := exec.CommandContext(h.ctx, tool, args...).CombinedOutput(); err != nil {
		h.t.Fatalf("%s: %v\n%s", tool, err, out)
	}
}

var sqlBlock = regexp.MustCompile("(?s)```sql\n(.*?)```")

// afterRestoring are the statements from docs/operating.md for operators to run.
func afterRestoring(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range sqlBlock.FindAllStringSubmatch(string(text), -1) {
		if strings.Contains(block[1], "ticket_numbers") {
			return strings.Split(strings.TrimSuffix(strings.TrimSpace(block[1]), ";"), ";\n")
		}
	}
	t.Fatal("docs/operating.md does not say what to do after restoring")
	return nil
}

// A backup is older than what stands in Slack. In threads that the backup knows, the bot
// reads what it missed. New tickets and messages must not reuse a number or an id of
// those that the backup does not know.
func TestRestoringABackup(t *testing.T) {
	t.Parallel()
	h := newHarness(t, forgetful)
	stop := h.startOne()
	alice, bob := h.as("alice"), h.as("bob")
	resolved, pressed := alice.opens(usual("Checkout fails")), alice.opens(usual("Login loops"))
	bob.reacts(resolved, "eyes")
	h.reads("support", "Bob has it")
	h.allPosted()
	h.fault(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 2, Method: "chat.postMessage", Count: 1})
	alice.files("Search is slow")
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND reason = 'ratelimited'`)
	file := h.backup() // while a card is being posted

	h.reads("support", "Search is slow")
	alice.replies(resolved, "It concerns all of Spain.")
	bob.reacts(resolved, "white_check_mark")
	h.reads("support", "@Alice, Bob resolved #1")
	bob.clicks(pressed, "claim")
	h.until(`SELECT state = 'claimed' FROM tickets WHERE number = 2`)
	unknown := alice.opens(usual("Export is empty"))
	h.allPosted()
	stop()
	h.forgets()
	h.restore(file)
	t.Cleanup(h.startOne())
	h.knowsAll()
	h.allPosted()

	h.until(`SELECT state = 'resolved' AND replies = 1 FROM tickets WHERE number = 1`)
	h.until(`SELECT state = 'open' FROM tickets WHERE number = 2`) // a pressed button leaves nothing to read in Slack
	h.until(`SELECT count(*) = 3 FROM tickets`)
	says(t, h.asItIs(resolved).Rendered(), "Bob resolved it")
	for _, title := range []string{"Checkout fails", "Login loops", "Search is slow", "Export is empty"} {
		if n := h.posted("P2 · " + title); n != 1 {
			t.Errorf("the card of %q was posted %d times", title, n)
		}
	}
	if n := h.posted("@Alice, Bob resolved #1"); n != 2 {
		t.Errorf("that it is resolved was told %d times; docs/operating.md says twice", n)
	}

	bob.reacts(unknown, "eyes")
	bob.reacts(pressed, "eyes")
	h.reads("support", "Bob has it")
	dana := h.as("dana")
	dana.makesTicketOf("support", unknown.TS, usual("Export is empty, again").values())
	again := h.reads("support", "Export is empty, again")
	if strings.HasPrefix(again.Text, "#4 ") {
		t.Errorf("its number is that of another: %s", again.Text)
	}
	h.allPosted()
	if strings.Contains(h.asItIs(unknown).Rendered(), "Bob has it") {
		t.Error("a card that the backup does not know was changed")
	}
}
