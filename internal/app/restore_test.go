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

// pgTool is the path of one of the programs that come with the server; without it the test
// is skipped, and says what to install.
func (w *world) pgTool(name string) string {
	w.t.Helper()
	var dir string
	w.ask(&dir, `SELECT setting FROM pg_config WHERE name = 'BINDIR'`)
	path := filepath.Join(dir, name)
	if _, err := os.Stat(path); err != nil {
		w.t.Skipf("SKIPPED, NOT CHECKED: what becomes of a restored backup; there is no %s beside the database's server in %s (Debian's package is postgresql-client)", name, dir)
	}
	return path
}

// ask reads the one value that a query yields.
func (w *world) ask(into any, query string) {
	w.t.Helper()
	conn, err := pgx.Connect(w.ctx, w.dbURL)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(w.ctx)) }()
	if err := conn.QueryRow(w.ctx, query).Scan(into); err != nil {
		w.t.Fatalf("%s: %v", query, err)
	}
}

// backup is a file with all that is in the database.
func (w *world) backup() string {
	w.t.Helper()
	file := filepath.Join(w.t.TempDir(), "supporty.dump")
	w.tool("pg_dump", "--format=custom", "--file="+file, w.dbURL)
	return file
}

// restore puts a backup into an empty database, does what docs/operating.md says, and has
// the bot use that from its next start on.
func (w *world) restore(file string) {
	w.t.Helper()
	tool := w.pgTool("pg_restore")
	w.dbURL = pgtest.New(w.t, nil)
	w.cfg.Database.URL, w.cfg.Database.Migrate = config.Secret(w.dbURL), true
	w.runs(tool, "--no-owner", "--dbname="+w.dbURL, file)
	for _, statement := range afterRestoring(w.t) {
		w.changes(statement)
	}
}

func (w *world) tool(name string, args ...string) { w.t.Helper(); w.runs(w.pgTool(name), args...) }

func (w *world) runs(tool string, args ...string) {
	w.t.Helper()
	if out, err := exec.CommandContext(w.ctx, tool, args...).CombinedOutput(); err != nil {
		w.t.Fatalf("%s: %v\n%s", tool, err, out)
	}
}

var sqlBlock = regexp.MustCompile("(?s)```sql\n(.*?)```")

// afterRestoring are the statements that operators are told to run.
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

// A backup is older than what stands in Slack. What can be read there is made up for, in
// the threads that the backup knows; nothing that is filed from then on takes the number,
// or the identity, of what it does not know.
func TestRestoringABackup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, forgetful)
	stop := w.startOne()
	alice, bob := w.as("alice"), w.as("bob")
	resolved, pressed := alice.opens(usual("Checkout fails")), alice.opens(usual("Login loops"))
	bob.reacts(resolved, "eyes")
	w.reads("support", "Bob has it")
	w.saidAll()
	w.trouble(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 2, Method: "chat.postMessage", Count: 1})
	alice.files("Search is slow")
	w.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND reason = 'ratelimited'`)
	file := w.backup() // with a card on its way

	w.reads("support", "Search is slow")
	alice.replies(resolved, "It concerns all of Spain.")
	bob.reacts(resolved, "white_check_mark")
	w.reads("support", "@Alice, Bob resolved #1")
	bob.clicks(pressed, "claim")
	w.until(`SELECT state = 'claimed' FROM tickets WHERE number = 2`)
	unknown := alice.opens(usual("Export is empty"))
	w.saidAll()
	stop()
	w.forgets()
	w.restore(file)
	t.Cleanup(w.startOne())
	w.knowsAll()
	w.saidAll()

	w.until(`SELECT state = 'resolved' AND replies = 1 FROM tickets WHERE number = 1`)
	w.until(`SELECT state = 'open' FROM tickets WHERE number = 2`) // a press leaves nothing to be read
	w.until(`SELECT count(*) = 3 FROM tickets`)
	says(t, w.asItIs(resolved).Rendered(), "Bob resolved it")
	for _, title := range []string{"Checkout fails", "Login loops", "Search is slow", "Export is empty"} {
		if n := w.posted("P2 · " + title); n != 1 {
			t.Errorf("the card of %q was posted %d times", title, n)
		}
	}
	if n := w.posted("@Alice, Bob resolved #1"); n != 2 {
		t.Errorf("that it is resolved was told %d times; docs/operating.md says twice", n)
	}

	bob.reacts(unknown, "eyes")
	bob.reacts(pressed, "eyes")
	w.reads("support", "Bob has it")
	dana := w.as("dana")
	dana.makesTicketOf("support", unknown.TS, usual("Export is empty, again").values())
	again := w.reads("support", "Export is empty, again")
	if strings.HasPrefix(again.Text, "#4 ") {
		t.Errorf("its number is that of another: %s", again.Text)
	}
	w.saidAll()
	if strings.Contains(w.asItIs(unknown).Rendered(), "Bob has it") {
		t.Error("a card that the backup does not know was changed")
	}
}
