package app_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// TestMetrics lets a ticket live with some faults, and reads the metrics as an operator's
// machine would.
func TestMetrics(t *testing.T) {
	t.Parallel()
	h := setup(t, func(c *config_, _ *simConfig) {
		c.HTTP.Addr = "127.0.0.1:0"
		c.Sweep.Interval = 5 * time.Minute
	})
	h.fault(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 1, Method: "chat.postMessage", Count: 1})
	card := h.as("alice").opens(usual("Seen"))
	h.as("bob").reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.fault(slacksim.Fault{Kind: slacksim.FaultError, Error: "invalid_blocks", Method: "chat.postMessage", Count: 4})
	h.as("bob").clicks(card, "resolve")
	h.as("bob").submits(slacksim.FormValues{"solution": "code", "note": "fixed"})
	h.until(`SELECT state = 'undeliverable' FROM outbox WHERE kind = 'resolved'`)
	second := h.as("alice")
	second.ok(h.slack.As("alice").Command(h.ctx, "general", "/support", ""))
	second.seesForm()
	h.fault(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 60, Method: "chat.postMessage", Count: 1})
	second.sends(usual("Not said yet").values())
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'card' AND reason = 'ratelimited'`)
	h.changes(fmt.Sprintf(`UPDATE tickets SET next_at = '%s' WHERE number = 2`, h.clock.Now().Add(-time.Minute).Format(time.RFC3339)))

	seen := h.scrape()
	for name, least := range map[string]float64{
		`supporty_envelope_handling_seconds_count{kind="interactive",outcome="ok"}`:             2,
		`supporty_acknowledgement_seconds_count{kind="events_api"}`:                             1,
		`supporty_slack_call_seconds_count{method="chat.postMessage",outcome="ok"}`:             1,
		`supporty_slack_call_seconds_count{method="chat.postMessage",outcome="ratelimited"}`:    2,
		`supporty_slack_call_seconds_count{method="chat.postMessage",outcome="invalid_blocks"}`: 2,
		`supporty_slack_limit_wait_seconds_total{method="chat.postMessage"}`:                    1e-9,
		`supporty_outbox_messages{urgency="4"}`:                                                 1,
		`supporty_outbox_oldest_seconds{urgency="4"}`:                                           0.001,
		`supporty_outbox_stuck_messages{state="undeliverable"}`:                                 1,
		`supporty_tickets{state="open"}`:                                                        1,
		`go_goroutines`:                                                                         1,
		`supporty_sweep_lateness_seconds`:                                                       59,
		`supporty_database_up`:                                                                  1,
		`supporty_slack_connections`:                                                            1,
	} {
		if got, ok := seen[name]; !ok || got < least {
			t.Errorf("%s is %v, want at least %v", name, got, least)
		}
	}
	for name := range seen {
		if strings.Contains(name, "hooks") || strings.Contains(name, h.cfg.Slack.BotToken.Reveal()) {
			t.Errorf("a secret is in %s", name)
		}
	}
	h.closeDatabase()
	if got := h.scrape()["supporty_database_up"]; got != 0 {
		t.Errorf("without a database, supporty_database_up is %v", got)
	}
}

var served = regexp.MustCompile(`health checks and metrics" addr=(\S+)`)

// scrape reads the values of all metrics, by name and labels.
func (h *harness) scrape() map[string]float64 {
	h.t.Helper()
	_, body := h.asks("/metrics")
	seen := map[string]float64{}
	for lines := bufio.NewScanner(strings.NewReader(body)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if f, err := strconv.ParseFloat(value, 64); err == nil {
			seen[name] = f
		}
	}
	return seen
}

// asks is the answer of the bot's HTTP server.
func (h *harness) asks(path string) (status int, body string) {
	h.t.Helper()
	return h.requests(http.MethodGet, path, "", nil)
}

// requests is the answer of the bot's HTTP server to a request.
func (h *harness) requests(method, path, body string, header http.Header) (status int, says string) {
	h.t.Helper()
	h.awaitLog("health checks and metrics")
	all := served.FindAllStringSubmatch(h.log.String(), -1)
	address := all[len(all)-1][1] // of the copy that started last
	request, err := http.NewRequestWithContext(h.ctx, method, "http://"+address+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if header != nil {
		request.Header = header
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return response.StatusCode, string(text)
}
