package app_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/slacksim"
)

func TestFormShowsErrorsAtTheirFields(t *testing.T) {
	t.Parallel()
	h := setup(t)
	alice := h.as("alice")
	alice.ok(h.slack.As("alice").Command(h.ctx, "general", "/support", "From the command"))
	alice.seesForm()
	out := alice.sends(slacksim.FormValues{
		"priority": "P2", "title": " \t ", "text": "x", "category": "Payments",
	})
	if out.Closed || out.Errors["title"] == "" {
		t.Fatalf("a blank title: %+v", out)
	}
	out = alice.sends(slacksim.FormValues{"title": "Now it has one"})
	if !out.Closed {
		t.Fatalf("the mended form stayed open: %v", out.Errors)
	}
	h.reads("support", "Now it has one")
}

func TestHostileTextPingsNobody(t *testing.T) {
	t.Parallel()
	h := setup(t)
	hostile := []string{
		"<!channel> help", "@here @channel @everyone", "<!subteam^S12345|@oncall>", "<@U12345> hi",
		"```code``` `x` *b* _i_", "<http://evil.example|http://bank.example>", "مرحبا بالعالم", "\u202Eevil",
		"null\x00byte", strings.Repeat("&", 119), "🙂🙂 :tada:",
	}
	for _, title := range hostile {
		f := usual(title)
		f.text = title + "\n" + strings.Repeat("<&>@here ", 300)
		h.as("alice").ok(h.slack.As("alice").Command(h.ctx, "general", "/support", ""))
		h.as("alice").submits(f.values())
	}
	s := h.await("all cards", func(s slacksim.State) bool { return len(s.Channel("support").Roots()) == len(hostile) })
	for _, m := range s.Channel("support").Messages {
		for _, text := range []string{m.Text, mrkdwnOf(t, m.Blocks)} {
			for _, ping := range []string{"<!channel", "<!here", "<!everyone", "<!subteam", "<@U12345", "@here", "@channel", "@everyone"} {
				if strings.Contains(text, ping) {
					t.Errorf("%q survives in %q", ping, text)
				}
			}
		}
	}
}

// mrkdwnOf is the text of blocks in which Slack looks for codes.
func mrkdwnOf(t *testing.T, blocks json.RawMessage) string {
	t.Helper()
	var any_ any
	if err := json.Unmarshal(blocks, &any_); err != nil {
		t.Fatal(err)
	}
	var all []string
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			if v["type"] == "mrkdwn" {
				all = append(all, v["text"].(string))
			}
			if kind, _ := v["type"].(string); kind == "broadcast" || kind == "user" || kind == "usergroup" {
				all = append(all, "<!channel") // such an element would ping
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(any_)
	return strings.Join(all, "\n")
}

func TestLongMessagesAreClipped(t *testing.T) {
	t.Parallel()
	h := setup(t)
	// It is Bob's own message, because for another author's the bot would first ask the
	// author.
	out := h.as("bob").ok(h.slack.As("bob").Say(h.ctx, "engineering", "Log:\n"+strings.Repeat("line of a log <b> & more\n", 1200)))
	h.as("bob").ok(h.slack.As("bob").MessageShortcut(h.ctx, "engineering", out.TS, "ticket_from_message"))
	h.as("bob").seesForm()
	sent := h.as("bob").sends(slacksim.FormValues{"priority": "P3", "category": "Data"})
	if !sent.Closed {
		t.Fatalf("the form stayed open: %v", sent.Errors)
	}
	h.reads("support", "#1 · P3")
}

// pressesForAnAddress opens a form from a card's menu, and returns the response_url of
// that press.
func (p *person) pressesForAnAddress(card *slacksim.Message) (address string) {
	p.h.t.Helper()
	p.ok(p.actor.Choose(p.h.ctx, card.Channel, card.TS, "menu", "more:1"))
	entries, err := p.h.slack.Journal(p.h.ctx, 0)
	if err != nil {
		p.h.t.Fatal(err)
	}
	for _, e := range entries {
		var pressed struct {
			Address string `json:"response_url"`
		}
		if e.Kind == slacksim.KindEnvelope && json.Unmarshal(e.Payload, &pressed) == nil && pressed.Address != "" {
			address = pressed.Address
		}
	}
	return address
}

func TestTamperedInput(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Fine"))
	inject := func(envelope map[string]any) {
		raw, err := json.Marshal(envelope["payload"])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.slack.Fault(h.ctx, slacksim.Fault{Kind: slacksim.FaultInject, Event: envelope["type"].(string), Payload: raw}); err != nil {
			t.Fatal(err)
		}
	}
	bob := h.look().Person("bob").ID
	action := func(id, value string) map[string]any {
		return map[string]any{
			"type": "block_actions", "user": map[string]any{"id": bob}, "trigger_id": "1.2.3",
			"container": map[string]any{"type": "message", "channel_id": card.Channel, "message_ts": card.TS},
			"channel":   map[string]any{"id": card.Channel},
			"actions":   []any{map[string]any{"type": "button", "action_id": id, "block_id": "b", "action_ts": "1700000000.000100", "value": value}},
		}
	}
	answerable := action("claim", "4711")
	answerable["response_url"] = h.as("bob").pressesForAnAddress(card)
	for _, payload := range []map[string]any{
		action("claim", "-1"), action("claim", "99999999999999999999"), action("claim", "1; DROP TABLE tickets"),
		action("no_such_action", "1"), action("menu", "put_back:9223372036854775807"), answerable,
	} {
		inject(map[string]any{"type": "interactive", "payload": payload})
	}
	submission := func(values map[string]any) map[string]any {
		return map[string]any{"type": "interactive", "payload": map[string]any{
			"type": "view_submission", "user": map[string]any{"id": bob},
			"view": map[string]any{"id": "V1", "callback_id": "form_new", "private_metadata": "{", "state": map[string]any{"values": values}},
		}}
	}
	inject(submission(nil))
	inject(submission(map[string]any{"priority": map[string]any{"priority_input": map[string]any{"selected_option": map[string]any{"value": "P9"}}}}))
	inject(map[string]any{"type": "events_api", "payload": map[string]any{"type": "event_callback", "event": map[string]any{"type": "brand_new_event", "user": 7}}})
	inject(map[string]any{"type": "events_api", "payload": map[string]any{"type": "event_callback", "event": map[string]any{"type": "message", "channel": card.Channel, "ts": "x", "thread_ts": card.TS}}})
	inject(map[string]any{"type": "events_api", "payload": map[string]any{"type": "event_callback", "event": map[string]any{"type": "reaction_added", "reaction": "eyes", "user": bob, "item": map[string]any{"type": "file", "file": "F1"}}}})
	inject(map[string]any{"type": "something_else", "payload": []any{1, 2}})

	h.as("bob").hears("There is no ticket #4711.")
	h.as("bob").reacts(card, "eyes") // the desk goes on
	h.reads("support", "Bob has it")
	if strings.Contains(h.log.String(), "panic") {
		t.Errorf("a panic:\n%s", h.log)
	}
}

func TestBotsExternalsAndGuests(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for _, p := range []slacksim.Person{
		{Name: "partner", RealName: "Pat Partner", TeamID: "T0STRANGER"},
		{Name: "buildbot", RealName: "Build Bot", Bot: true},
	} {
		if _, err := h.slack.CreatePerson(h.ctx, p); err != nil {
			t.Fatal(err)
		}
		h.as("bob").ok(h.slack.As("bob").Invite(h.ctx, "support", p.Name))
	}
	h.start()
	card := h.as("alice").opens(usual("Shared channel"))
	for _, name := range []string{"partner", "erin"} {
		h.as(name).reacts(card, "eyes")
		h.as(name).hears("Only people who answer in the support channel can take a ticket.")
	}
	h.as("partner").replies(card, "We see it as well.")
	h.awaitReplies(1, 1)
	h.as("buildbot").replies(card, "Build 17 is green.")
	h.as("bob").replies(card, "Thank you both.")
	h.awaitReplies(1, 2) // the bot's message does not count
	h.until(`SELECT responded_at IS NOT NULL FROM cycles`)
	h.until(`SELECT count(*) = 2 FROM entries WHERE kind = 'replied'`)
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
}

func TestArchivedChannelParksAndResumes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	card := h.as("alice").opens(usual("Before"))
	h.as("bob").ok(h.slack.As("bob").Archive(h.ctx, "support"))
	alice := h.as("alice")
	alice.ok(h.slack.As("alice").Command(h.ctx, "general", "/support", ""))
	alice.submits(usual("While archived").values())
	h.until(`SELECT count(*) = 1 FROM outbox WHERE state = 'parked'`)
	h.as("bob").ok(h.slack.As("bob").Unarchive(h.ctx, "support"))
	h.reads("support", "While archived")
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
}

// Slack sends the event that the channel is unarchived again until it is stored.
func TestUnarchivedWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	h := setup(t, func(_ *config_, s *simConfig) {
		s.RetryDelays = slices.Repeat([]time.Duration{100 * time.Millisecond}, 50)
	})
	h.as("bob").ok(h.slack.As("bob").Archive(h.ctx, "support"))
	alice := h.as("alice")
	alice.ok(h.slack.As("alice").Command(h.ctx, "general", "/support", ""))
	alice.submits(usual("While archived").values())
	h.until(`SELECT count(*) = 1 FROM outbox WHERE state = 'parked'`)
	h.closeDatabase()
	h.as("bob").ok(h.slack.As("bob").Unarchive(h.ctx, "support"))
	h.awaitLog("resuming parked messages")
	h.openDatabase()
	h.reads("support", "While archived")
}

func TestDatabaseAwayKeepsTheForm(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(c *config_, _ *simConfig) { c.UrgentLine = "Urgent? Call 555." })
	h.start()
	alice := h.as("alice")
	alice.ok(h.slack.As("alice").Command(h.ctx, "general", "/support", "Everything is slow"))
	alice.seesForm()
	h.closeDatabase()
	out, err := h.slack.As("alice").Submit(h.ctx, slacksim.FormValues{"priority": "P2", "text": "Since noon.", "category": "Product"})
	if err != nil {
		t.Fatal(err)
	}
	said := out.Errors["priority"]
	notFiled := strings.Contains(said, "Not filed yet: our database is not answering. Your text is kept here.") && strings.Contains(said, "Urgent? Call 555.")
	// A pooler takes the work and its commit in one, and cannot tell what became of them.
	unsure := pooled() && strings.Contains(said, "Still saving.")
	if out.Closed || !notFiled && !unsure {
		t.Fatalf("the form says: %+v", out)
	}
	h.openDatabase()
	if out := alice.ok(h.slack.As("alice").Resubmit(h.ctx)); !out.Closed {
		t.Fatalf("pressed again: %v", out.Errors)
	}
	h.reads("support", "Everything is slow")
}

// closeDatabase refuses connections to the test's database and ends the existing ones.
// openDatabase allows them again.
func (h *harness) closeDatabase() {
	h.t.Helper()
	h.admin(`ALTER DATABASE %s ALLOW_CONNECTIONS false`)
	h.admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '%s'`)
}

func (h *harness) openDatabase() {
	h.t.Helper()
	h.admin(`ALTER DATABASE %s ALLOW_CONNECTIONS true`)
	h.poll("the database to be there for the bot", func() bool { // through a pooler it takes longer
		conn, err := pgx.Connect(h.ctx, strings.TrimSuffix(h.cfg.Database.URL.Reveal(), fewConnections))
		if err != nil {
			return false
		}
		defer func() { _ = conn.Close(h.ctx) }()
		return conn.Ping(h.ctx) == nil
	})
}

func (h *harness) admin(sql string) {
	h.t.Helper()
	cfg, err := pgx.ParseConfig(h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	name := cfg.Database
	cfg.Database = "postgres"
	ctx, cancel := context.WithTimeout(h.ctx, patience)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, strings.ReplaceAll(sql, "%s", name)); err != nil {
		h.t.Fatal(err)
	}
}

// until waits until a query about the bot's state returns true. Use it only if the
// workspace cannot show the state, such as a message that was not posted.
func (h *harness) until(query string) {
	h.t.Helper()
	conn, err := pgx.Connect(h.ctx, h.dbURL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(h.ctx)) }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		var yes bool
		if err := conn.QueryRow(h.ctx, query).Scan(&yes); err != nil {
			h.t.Fatalf("%s: %v\n%s", query, err, h.log)
		}
		if yes {
			return
		}
		select {
		case <-tick.C:
		case <-h.ctx.Done():
			h.t.Fatalf("waiting for %s\n%s", query, h.log)
		}
	}
}
