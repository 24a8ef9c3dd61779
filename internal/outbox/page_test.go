package outbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"supporty/internal/outbox"
	"supporty/internal/pager"
	"supporty/internal/ticket"
)

const secretPath = "/hooks/s3kr1t"

// switchboard receives pages. It answers each call with the next of its statuses, and then
// always with the last.
type switchboard struct {
	*httptest.Server
	mu       sync.Mutex
	statuses []int
	calls    []pager.Page
}

func newSwitchboard(t *testing.T, statuses ...int) *switchboard {
	t.Helper()
	s := &switchboard{statuses: statuses}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *switchboard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var p pager.Page
	if err := json.NewDecoder(r.Body).Decode(&p); err != nil || r.URL.Path != secretPath {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	s.calls = append(s.calls, p)
	w.WriteHeader(s.statuses[min(len(s.calls), len(s.statuses))-1])
}

func (s *switchboard) received() []pager.Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]pager.Page(nil), s.calls...)
}

// pages are the options of a sender that calls the switchboard.
func (h *outboxHarness) pages(s *switchboard) outbox.Options {
	o := h.options("copy")
	o.Composer.Pages = pager.New(map[string]pager.Address{"ops": {URL: s.URL + secretPath}})
	return o
}

func (h *outboxHarness) escalates(n ticket.Number, to string) {
	h.t.Helper()
	h.must(h.Escalate(h.ctx, h.gesture("bob", n), []string{to}, "Production is down."))
}

func TestPage(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	s := newSwitchboard(t, http.StatusAccepted)
	n := h.files("alice", "Site <is> down")
	h.sends(h.pages(s))
	card := h.reads("Site <is> down")
	h.escalates(n, "page:ops")
	h.until(`SELECT posted = desired AND state = 'waiting' FROM outbox WHERE kind = 'page'`)
	calls := s.received()
	if len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	p := calls[0]
	if p.Ticket != 1 || p.Priority != "P2" || p.State != "open" || p.Category != "Billing" || p.Title != "Site <is> down" ||
		p.Reason != "Bob: Production is down." || p.DueAt.Sub(p.OpenedAt).Hours() != 3 || !strings.HasPrefix(p.DedupKey, "supporty-") {
		t.Errorf("it says %+v", p)
	}
	if want := "https://acme.slack.com/archives/" + card.Channel + "/p" + strings.ReplaceAll(card.TS, ".", ""); p.Link != want {
		t.Errorf("it leads to %s, want %s", p.Link, want)
	}
}

// A page that fails is sent five times, with one key. Then the thread is told of it, once.
func TestPageThatNeverGetsThrough(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	s := newSwitchboard(t, http.StatusInternalServerError)
	n := h.files("alice", "Site is down")
	h.sends(h.pages(s))
	h.reads("Site is down")
	h.escalates(n, "page:ops")
	for try := 1; try < 5; try++ {
		h.until(`SELECT state = 'waiting' AND attempts >= $1 AND not_before > clock_timestamp() OR attempts > $1 FROM outbox WHERE kind = 'page'`, try)
		if _, err := h.conn.Exec(h.ctx, `UPDATE outbox SET not_before = NULL WHERE kind = 'page' AND state = 'waiting'`); err != nil {
			t.Fatal(err)
		}
	}
	failed := h.reads("The page to ops did not get through: it answered 500.")
	if !failed.Broadcast {
		t.Error("nobody reads the thread")
	}
	h.until(`SELECT state = 'undeliverable' AND reason = 'it answered 500' FROM outbox WHERE kind = 'page'`)
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'page_failed'`)
	calls := s.received()
	keys := map[string]bool{}
	for _, c := range calls {
		keys[c.DedupKey] = true
	}
	if len(calls) != 5 || len(keys) != 1 {
		t.Errorf("%d calls with %d keys", len(calls), len(keys))
	}
	if log := h.log.String(); strings.Contains(log, "s3kr1t") || strings.Contains(log, "Production") || !strings.Contains(log, "a page did not get through") {
		t.Errorf("the log says:\n%s", log)
	}
}

// A page is sent even if Slack does not take the card. It is not sent if the ticket is
// solved meanwhile.
func TestPageWithoutACard(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	s := newSwitchboard(t, http.StatusOK)
	n, solved := h.files("alice", "Site is down"), h.files("alice", "Site was down")
	h.escalates(n, "page:ops")
	h.escalates(solved, "page:ops")
	h.must(h.Resolve(h.ctx, h.gesture("bob", solved), ticket.SolvedByData, ""))
	if _, err := h.conn.Exec(h.ctx, `UPDATE outbox SET not_before = clock_timestamp() + interval '1 hour' WHERE kind = 'card'`); err != nil {
		t.Fatal(err)
	}
	if _, err := h.conn.Exec(h.ctx, `UPDATE outbox SET due_at = due_at - interval '1 minute' WHERE kind = 'page'`); err != nil {
		t.Fatal(err)
	}
	h.sends(h.pages(s))
	h.until(`SELECT state = 'dropped' FROM outbox WHERE kind = 'page' AND ticket = $1`, solved)
	h.until(`SELECT posted = desired FROM outbox WHERE kind = 'page' AND ticket = $1`, n)
	if calls := s.received(); len(calls) != 1 || calls[0].Link != "" || calls[0].Ticket != int64(n) {
		t.Errorf("calls: %+v", calls)
	}
}

// A page that an earlier sender left unfinished is sent again, and the receiver recognises
// it.
func TestPageOfAnEarlierSender(t *testing.T) {
	t.Parallel()
	h := newOutboxHarness(t)
	s := newSwitchboard(t, http.StatusOK)
	n := h.files("alice", "Site is down")
	h.escalates(n, "page:gone")
	h.escalates(n, "page:ops")
	if _, err := h.conn.Exec(h.ctx, `UPDATE outbox SET state = 'sending', tried_at = clock_timestamp() - interval '1 hour' WHERE kind = 'page'`); err != nil {
		t.Fatal(err)
	}
	h.sends(h.pages(s))
	h.until(`SELECT posted = desired FROM outbox WHERE kind = 'page' AND recipient = 'ops'`)
	h.reads("The page to gone did not get through: it is not in the settings any more.")
}
