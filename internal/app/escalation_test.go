package app_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
	"supporty/internal/pager"
)

// escalates sets escalation steps. In its workspace Carol and Dana have ids that a
// settings file can contain.
func escalates(steps ...config.Escalation) choice {
	return func(c *config_, sim *simConfig) {
		sim.Workspace = slacksim.DefaultWorkspace()
		sim.Workspace.People[2].ID, sim.Workspace.People[3].ID = "U0CAROL", "U0DANA"
		c.Escalations = steps
	}
}

func step(percent int, to ...config.Recipient) config.Escalation {
	return config.Escalation{At: config.Offset{Percent: percent}, Notify: to, Most: 1}
}

func to(kind config.RecipientKind, name string) config.Recipient {
	return config.Recipient{Kind: kind, Name: name}
}

var siteIsDown = newTicket{priority: "P1", title: "Site is down", text: "500 everywhere.", category: "Product"}

func TestALateTicketIsEscalated(t *testing.T) {
	t.Parallel()
	later := step(100, to(config.ToPerson, "U0DANA"), to(config.ToPerson, "U0CAROL"), to(config.ToChannel, "support-digest"))
	later.At.After, later.Repeat, later.Most = 30*time.Minute, time.Hour, 2
	h := setup(t, escalates(step(100, to(config.ToGroup, "oncall")), later))
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(3*time.Hour + time.Second)
	late := h.reads("support", "@Bob, please tell Alice when to expect it. @oncall, please look at it with Bob.")
	if late.Broadcast || strings.Count(late.Text, "<@") != 1 {
		t.Errorf("broadcast %v: %s", late.Broadcast, late.Text)
	}
	h.advance(30 * time.Minute)
	called := h.reads("support", "@Dana, #1 Checkout fails (Alice) passed its 3 h target")
	if !strings.Contains(called.Rendered(), "and Bob has not answered.") || strings.Contains(called.Rendered(), "Carol") {
		t.Errorf("it reads: %s", called.Rendered())
	}
	h.as("carol").gets("P2 #1 Checkout fails (Alice) passed its 3 h target")
	elsewhere := h.reads("support-digest", "P2 #1 Checkout fails (Alice) passed its 3 h target")
	if !strings.Contains(elsewhere.Text, "/archives/") || strings.Contains(elsewhere.Text, "<@") {
		t.Errorf("the channel reads: %s", elsewhere.Text)
	}
	h.as("dana").clicks(called, "take_over")
	h.reads("support", "Dana has it")
	h.advance(2 * time.Hour)
	h.as("alice").opens(usual("Another one"))      // the earlier messages are posted
	if n := h.posted("has not answered"); n != 3 { // to Dana, to Carol and to the other channel
		t.Errorf("after an answer it was told again:\n%s", texts(h.thread(card)))
	}
}

func TestEscalationToNobodyInParticular(t *testing.T) {
	t.Parallel()
	h := setup(t, escalates(step(0, to(config.Duty, ""))))
	h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	told := h.reads("support", "#1 Site is down (Alice) is to be solved by")
	if !told.Broadcast || !strings.Contains(told.Text, "and has no owner.") || strings.Contains(told.Text, "<!subteam") {
		t.Errorf("broadcast %v: %s", told.Broadcast, told.Text)
	}
	h.as("bob").clicks(told, "claim")
	h.reads("support", "Bob has it")
}

// pagesTo names pages whose addresses lead to a local server. The server answers with the
// statuses of a page's path in turn, and then always with the last.
func pagesTo(t *testing.T, statuses map[string][]int) (choice, func(name string) []pager.Page) {
	t.Helper()
	var mu sync.Mutex
	calls := map[string][]pager.Page{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var p pager.Page
		name := strings.TrimPrefix(r.URL.Path, "/s3kr1t/")
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil {
			t.Errorf("the call of %s: %v", name, err)
		}
		calls[name] = append(calls[name], p)
		w.WriteHeader(statuses[name][min(len(calls[name]), len(statuses[name]))-1])
	}))
	t.Cleanup(s.Close)
	name := func(c *config_, _ *simConfig) {
		for _, name := range slices.Sorted(maps.Keys(statuses)) {
			c.Pages = append(c.Pages, config.Page{Name: name, URL: config.Secret(s.URL + "/s3kr1t/" + name)})
		}
	}
	return name, func(name string) []pager.Page {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(calls[name])
	}
}

func TestAP1IsPagedForAtOnce(t *testing.T) {
	t.Parallel()
	urgent := step(0, to(config.ToPage, "ops"), to(config.ToPage, "broken"))
	urgent.Priorities = []string{"P1"}
	pages, calls := pagesTo(t, map[string][]int{"ops": {500, 202}, "broken": {404}})
	h := setup(t, escalates(urgent), pages)
	card := h.as("alice").opens(siteIsDown)
	h.as("alice").opens(usual("Checkout fails"))
	h.advance(time.Second)
	h.reads("support", "The page to broken did not get through: it answered 404.")
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'page' AND recipient = 'ops' AND posted = desired`)
	tries := calls("ops")
	if len(tries) != 2 || tries[0].DedupKey != tries[1].DedupKey || len(calls("broken")) != 1 {
		t.Fatalf("ops was called with %+v, broken %d times", tries, len(calls("broken")))
	}
	p := tries[1]
	if p.Ticket != 1 || p.Priority != "P1" || p.Title != "Site is down" || p.Reason != "It has no owner." || p.DueAt.Sub(p.OpenedAt) != time.Hour || !strings.HasPrefix(p.Link, "http") {
		t.Errorf("the page says %+v", p)
	}
	h.advance(time.Hour)
	h.reads("support", "#1 Site is down (Alice) passed its 1 h target")
	if n := count(h.thread(card), "did not get through"); n != 1 || len(calls("ops")) != 2 {
		t.Errorf("the failure is told %d times, and %d calls were made", n, len(calls("ops")))
	}
	h.until(`SELECT count(*) = 0 FROM (SELECT body::text AS kept FROM policies UNION ALL SELECT details::text || reason FROM outbox) AS everything
		WHERE kept LIKE '%s3kr1t%'`)
	if strings.Contains(h.log.String(), "s3kr1t") {
		t.Error("the log holds an address")
	}
}

func TestEscalatingFromTheMenu(t *testing.T) {
	t.Parallel()
	pages, calls := pagesTo(t, map[string][]int{"ops": {200}})
	h := setup(t, escalates(step(150, to(config.ToChannel, "support-digest"))), pages)
	card := h.as("alice").opens(usual("Checkout fails"))
	bob := h.as("bob")
	bob.chooses(card, "escalate:1")
	bob.seesIn("#support-digest")
	if out := bob.sends(slacksim.FormValues{"reason": "Money is lost"}); out.Errors["person"] != "Choose who should look at it." {
		t.Errorf("escalated to nobody: %+v", out)
	}
	bob.submits(slacksim.FormValues{"person": "dana", "recipient": "Page ops", "reason": "Money is lost"})
	called := h.reads("support", "@Dana, Bob escalates #1 Checkout fails (Alice): Money is lost.")
	h.until(`SELECT posted = desired FROM outbox WHERE kind = 'page'`)
	if got := calls("ops"); len(got) != 1 || got[0].Reason != "Bob: Money is lost" {
		t.Errorf("paged: %+v", got)
	}
	h.as("dana").clicks(called, "claim")
	h.reads("support", "Dana has it")
	h.as("alice").chooses(card, "escalate:1") // the requester may escalate as well
	h.as("alice").submits(slacksim.FormValues{"person": "carol", "reason": "You know this"})
	h.as("carol").gets("P2 #1 Checkout fails (Alice): You know this.")
	bob.types("/support show 1")
	bob.hears("escalated it to Dana and the page ops: Money is lost.")
}
