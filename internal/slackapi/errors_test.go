package slackapi

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// answers reads the errors that Slack documents for each method. Errors of every method are
// under "*".
func answers(t *testing.T) map[string][]string {
	t.Helper()
	file, err := os.ReadFile("testdata/errors.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(file)) {
		method, list, ok := strings.Cut(line, ":")
		if ok && !strings.HasPrefix(line, "#") {
			all[method] = strings.Fields(list)
		}
	}
	return all
}

// TestEveryDocumentedErrorHasAScope compares the table with the pages, and the pages with the
// methods that are called.
func TestEveryDocumentedErrorHasAScope(t *testing.T) {
	t.Parallel()
	pages := answers(t)
	for method, codes := range pages {
		for _, code := range codes {
			_, own := scopes[method][code]
			_, common := scopes[""][code]
			if !common && (method == "*" || !own) {
				t.Errorf("%s: nothing is said of %s", method, code)
			}
		}
	}
	for _, method := range called(t) {
		if _, ok := documented[method]; !ok || pages[method] == nil && method != "auth.test" {
			t.Errorf("%s is called, and not in the table or not among the pages", method)
		}
	}
	for method, scopes := range documented {
		listed := map[string]Scope{}
		for scope, codes := range scopes {
			for _, code := range strings.Fields(codes) {
				if other, twice := listed[code]; twice {
					t.Errorf("%s: %s is both %s and %s", method, code, scope, other)
				}
				listed[code] = scope
			}
		}
	}
}

// called are the methods named in the sources of this package.
func called(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	constant := regexp.MustCompile(`const method = "([a-zA-Z.]+)"`)
	var all []string
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range constant.FindAllSubmatch(source, -1) {
			all = append(all, string(m[1]))
		}
	}
	if len(all) < 10 {
		t.Fatalf("only %q are called", all)
	}
	return all
}

// TestScopes checks the scopes that other packages rely on.
func TestScopes(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	support := o.channel("support")
	for scope, list := range map[Scope]string{
		Workspace: "invalid_auth account_inactive token_revoked",
		Channel: "no_permission ekm_access_denied is_archived not_in_channel restricted_action restricted_action_read_only_channel " +
			"restricted_action_thread_locked restricted_action_thread_only_channel restricted_action_non_threadable_channel",
		Call:      "missing_scope not_allowed_token_type",
		Gone:      "message_not_found",
		Fixed:     "cant_update_message edit_window_closed",
		Refused:   "invalid_blocks msg_too_long",
		Limited:   "ratelimited",
		Unsure:    "internal_error fatal_error",
		Temporary: "brand_new_error team_added_to_org",
	} {
		for _, code := range strings.Fields(list) {
			o.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: code, Method: "chat.update", Count: 1})
			err := o.Update(t.Context(), nil, ticket.Message{Channel: support, TS: "1.1"}, slackformat.Message{Text: "x"})
			if ScopeOf(err) != scope || CodeOf(err) != code {
				t.Errorf("%s is %s (%v), not %s", code, ScopeOf(err), err, scope)
			}
			o.limits.until = map[string]time.Time{} // for the next case
		}
	}
}

func TestScopeOfNoAnswer(t *testing.T) {
	t.Parallel()
	dial := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	read := &net.OpError{Op: "read", Err: errors.New("connection reset")}
	for _, test := range []struct {
		err   error
		scope Scope
		code  string
		after time.Duration
	}{
		{&url.Error{Op: "Post", Err: dial}, Temporary, "not_reached", 0},
		{&url.Error{Op: "Post", Err: read}, Unsure, "no_answer", 0},
		{&url.Error{Op: "Post", Err: context.DeadlineExceeded}, Unsure, "no_answer", 0},
		{&url.Error{Op: "Post", Err: context.Canceled}, Unsure, "interrupted", 0},
		{errors.New("unexpected end of JSON input"), Unsure, "no_answer", 0},
		{slack.StatusCodeError{Code: 502}, Unsure, "http_502", 0},
		{slack.StatusCodeError{Code: 429}, Limited, "http_429", 5 * time.Second},
		{&slack.RateLimitedError{RetryAfter: 7 * time.Second}, Limited, "ratelimited", 7 * time.Second},
		{slack.SlackErrorResponse{Err: "ratelimited"}, Limited, "ratelimited", 5 * time.Second},
	} {
		t.Run(test.code, func(t *testing.T) {
			got := classify("chat.postMessage", fmt.Errorf("wrapped: %w", test.err))
			if got.Scope != test.scope || got.Code != test.code || got.RetryAfter != test.after {
				t.Errorf("%v is %s, %s, %v", test.err, got.Scope, got.Code, got.RetryAfter)
			}
			if !errors.Is(got, test.err) && !strings.Contains(got.Unwrap().Error(), test.err.Error()) {
				t.Errorf("%v has lost its cause", got)
			}
		})
	}
}

func TestErrorSaysWhatSlackSays(t *testing.T) {
	t.Parallel()
	answer := slack.SlackErrorResponse{Err: "invalid_blocks"}
	answer.ResponseMetadata.Messages = []string{"must be shorter [json-pointer:/blocks/0]", "and fewer"}
	err := fmt.Errorf("posting: %w", classify("chat.postMessage", answer))
	want := "posting: slack chat.postMessage: invalid_blocks (must be shorter [json-pointer:/blocks/0]; and fewer)"
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	other := errors.New("another")
	if ScopeOf(other) != Temporary || CodeOf(other) != "" {
		t.Errorf("an error of others is %s, %q", ScopeOf(other), CodeOf(other))
	}
}

// TestFailuresThatReachUs has the failures that need a misbehaving server.
func TestFailuresThatReachUs(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault slacksim.Fault
		scope Scope
		code  string
	}{
		"error page": {slacksim.Fault{Kind: slacksim.FaultHTTP, Status: 503}, Unsure, "http_503"},
		"cut":        {slacksim.Fault{Kind: slacksim.FaultCut}, Unsure, "no_answer"},
		"too fast":   {slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 9}, Limited, "ratelimited"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			o.trouble(test.fault)
			_, err := o.Post(t.Context(), nil, o.channel("support"), "", slackformat.Message{Text: "x"})
			if ScopeOf(err) != test.scope || CodeOf(err) != test.code {
				t.Errorf("%v is %s", err, ScopeOf(err))
			}
		})
	}
}

// TestCallThatWasNotWritten: Slack cannot have taken the call, so nobody has to look for the
// message.
func TestCallThatWasNotWritten(t *testing.T) {
	t.Parallel()
	hangsUp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hangsUp.Close()
	go func() {
		for conn, err := hangsUp.Accept(); err == nil; conn, err = hangsUp.Accept() {
			_ = conn.Close() // before the TLS handshake is complete
		}
	}()
	for _, url := range []string{"https://" + hangsUp.Addr().String() + "/api/", "http://127.0.0.1:1/api/"} {
		c := New(Options{BotToken: "xoxb-1", APIURL: url, Unlimited: true})
		if _, err := c.Post(t.Context(), nil, "C1", "", slackformat.Message{Text: "x"}); ScopeOf(err) != Temporary || CodeOf(err) != "not_reached" {
			t.Errorf("%s: %v is %s", url, err, ScopeOf(err))
		}
	}
}

// TestCallThatHasBegunIsNotCut: Slack may have taken the call.
func TestCallThatHasBegunIsNotCut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	guard := func(*slackformat.Message) error { cancel(); return nil }
	at, err := o.Post(ctx, guard, o.channel("support"), "", slackformat.Message{Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Delete(ctx, at); ScopeOf(err) != Temporary || CodeOf(err) != "not_called" || !errors.Is(err, context.Canceled) {
		t.Errorf("a call that has not begun: %v", err)
	}
}

// TestErrorsHoldNoSecrets reads whole chains, because a cause may be printed too.
func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	for _, apiURL := range []string{"http://127.0.0.1:1/api/", "http://127.0.0.1:-1/api/"} {
		c := New(Options{BotToken: "xoxb-" + secret, AppToken: "xapp-" + secret, APIURL: apiURL, Unlimited: true})
		ctx, m := t.Context(), slackformat.Message{Text: secret}
		_, identify := c.Identify(ctx)
		_, scopes := c.Scopes(ctx)
		_, post := c.Post(ctx, nil, "C1", "", m)
		_, find := c.Find(ctx, "1", "U1", "", time.Now())
		_, profile := c.Profile(ctx, "U1")
		_, _, open := c.OpenView(ctx, secret, slack.ModalViewRequest{})
		for name, err := range map[string]error{
			"Identify": identify, "Scopes": scopes, "Post": post, "Find": find, "Profile": profile,
			"CanConnect": c.CanConnect(ctx), "Update": c.Update(ctx, nil, ticket.Message{Channel: "C1", TS: "1.1"}, m),
			"Ephemeral": c.Ephemeral(ctx, nil, "C1", "", "U1", m), "Delete": c.Delete(ctx, ticket.Message{Channel: "C1", TS: "1.1"}),
			"OpenView":                 open,
			"Answer":                   c.Answer(ctx, "http://127.0.0.1:1/hooks/"+secret, "", m, false),
			"Answer, a broken address": c.Answer(ctx, "http://[::1/hooks/"+secret, "", m, false),
			"Answer, no address":       c.Answer(ctx, "hooks/"+secret, "", m, false),
		} {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
			for ; err != nil; err = errors.Unwrap(err) {
				if strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
					t.Errorf("%s: %+v", name, err)
				}
			}
		}
	}
}
