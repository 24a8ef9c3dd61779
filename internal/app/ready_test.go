package app_test

import (
	"net/http"
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

// TestReady takes the program's dependencies away one after the other.
func TestReady(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) { c.HTTP.Addr = "127.0.0.1:0" })
	h.isReady()
	for _, missing := range []struct {
		says       string
		take, give func()
	}{
		{"the database's schema", func() { h.changes(`UPDATE goose_db_version SET is_applied = false`) },
			func() { h.changes(`UPDATE goose_db_version SET is_applied = true`) }},
		{"the database's schema", func() { h.changes(`ALTER TABLE goose_db_version RENAME TO gone`) },
			func() { h.changes(`ALTER TABLE gone RENAME TO goose_db_version`) }},
		{"asking the database", h.closeDatabase, h.openDatabase},
		{"not connected to Slack", func() {
			h.fault(slacksim.Fault{Kind: slacksim.FaultHandshake})
			h.fault(slacksim.Fault{Kind: slacksim.FaultCutSockets})
		}, func() {
			if err := h.slack.ClearFaults(h.ctx); err != nil {
				t.Error(err)
			}
		}},
	} {
		missing.take()
		h.poll("not to be ready: "+missing.says, func() bool {
			status, body := h.asks("/readyz")
			return status == http.StatusServiceUnavailable && strings.Contains(body, missing.says)
		})
		if status, body := h.asks("/healthz"); status != http.StatusOK {
			t.Errorf("not alive: %s", body)
		}
		missing.give()
		h.isReady()
	}
	// The schema of the next version is there already, and the program goes on.
	h.changes(`INSERT INTO goose_db_version (version_id, is_applied) SELECT max(version_id) + 1, true FROM goose_db_version`)
	h.isReady()
}

// TestOldSchemaIsAnError: a copy that cannot store anything must not take events that
// Slack could send to another copy.
func TestOldSchemaIsAnError(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	h.cfg.Database.URL = config.Secret(pgtest.New(t, nil))
	leave, _, ended := h.begin()
	t.Cleanup(leave)
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "run supporty migrate, or set database.migrate") {
			t.Errorf("it ended with %v", err)
		}
	case <-h.ctx.Done():
		t.Fatalf("it did not end\n%s", h.log)
	}
}

// TestAliveWhileItStarts: a copy that waits for Slack is alive, so that it is not
// restarted.
func TestAliveWhileItStarts(t *testing.T) {
	t.Parallel()
	h := newHarness(t, func(c *config_, _ *simConfig) { c.HTTP.Addr = "127.0.0.1:0" })
	h.fault(slacksim.Fault{Kind: slacksim.FaultHTTP, Method: "auth.test"})
	leave, connected, ended := h.begin()
	h.awaitLog("Slack does not answer; asking again")
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/metrics": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		if status, body := h.asks(path); status != want || path == "/readyz" && !strings.Contains(body, "starting") {
			t.Errorf("%s is answered %d %s", path, status, body)
		}
	}
	if err := h.slack.ClearFaults(h.ctx); err != nil {
		t.Fatal(err)
	}
	<-connected
	h.isReady()
	leave()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	h.awaitLog("asked to end")
}

func (h *harness) isReady() {
	h.t.Helper()
	h.poll("to be ready", func() bool {
		status, _ := h.asks("/readyz")
		return status == http.StatusOK
	})
}
