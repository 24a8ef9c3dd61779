package slackout

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/slacksim"
)

// codes is what each of Slack's errors means to us.
var codes = map[Scope]string{
	Gone: "message_not_found thread_not_found cant_update_message cannot_reply_to_message " +
		"file_not_found file_deleted file_not_visible",
	Refused: "edit_window_closed invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long no_text invalid_attachments " +
		"metadata_too_large invalid_arguments user_not_in_channel user_not_found user_disabled messages_tab_disabled " +
		"cannot_dm_bot user_not_visible expired_trigger_id exchanged_trigger_id invalid_trigger_id " +
		"file_upload_size_restricted file_uploads_disabled storage_limit_reached cant_delete_file",
	Channel: "channel_not_found not_in_channel is_archived restricted_action is_inactive",
	Workspace: "invalid_auth not_authed account_inactive token_revoked token_expired no_permission missing_scope " +
		"not_allowed_token_type team_access_not_granted org_login_required ekm_access_denied",
	Limited:   "ratelimited rate_limited",
	Unsure:    "internal_error fatal_error request_timeout service_unavailable",
	Temporary: "brand_new_error team_added_to_org",
}

func TestScopeOfEveryCode(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	support := o.channel("support")
	classified := 0
	for scope, list := range codes {
		for _, code := range strings.Fields(list) {
			if _, known := scopes[code]; known {
				classified++
			}
			o.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: code, Method: "chat.update", Count: 1})
			err := o.Update(t.Context(), nil, Sent{Channel: support, TS: "1.1"}, Message{Text: "x"})
			if ScopeOf(err) != scope || CodeOf(err) != code {
				t.Errorf("%s is %s (%v), not %s", code, ScopeOf(err), err, scope)
			}
			o.limits.until = map[string]time.Time{} // for the next one
		}
	}
	if classified != len(scopes) {
		t.Errorf("%d codes are tested, %d are classified", classified, len(scopes))
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
		got := classify("chat.postMessage", fmt.Errorf("wrapped: %w", test.err))
		if got.Scope != test.scope || got.Code != test.code || got.RetryAfter != test.after {
			t.Errorf("%v is %s, %s, %v", test.err, got.Scope, got.Code, got.RetryAfter)
		}
		if !errors.Is(got, test.err) && !strings.Contains(got.Unwrap().Error(), test.err.Error()) {
			t.Errorf("%v has lost its cause", got)
		}
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

// TestFailuresThatReachUs are those that need a server that misbehaves.
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
			_, err := o.Post(t.Context(), nil, o.channel("support"), "", Message{Text: "x"})
			if ScopeOf(err) != test.scope || CodeOf(err) != test.code {
				t.Errorf("%v is %s", err, ScopeOf(err))
			}
		})
	}
}

// TestCallThatHasBegunIsNotCut: Slack may have taken it.
func TestCallThatHasBegunIsNotCut(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	guard := func(*Message) error { cancel(); return nil }
	at, err := o.Post(ctx, guard, o.channel("support"), "", Message{Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Delete(ctx, at); ScopeOf(err) != Temporary || CodeOf(err) != "not_called" || !errors.Is(err, context.Canceled) {
		t.Errorf("a call that has not begun: %v", err)
	}
}

// TestErrorsHoldNoSecrets looks at whole chains: somebody may print a cause.
func TestErrorsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = "s3cr3t"
	for _, apiURL := range []string{"http://127.0.0.1:1/api/", "http://127.0.0.1:-1/api/"} {
		c := New(Options{BotToken: "xoxb-" + secret, AppToken: "xapp-" + secret, APIURL: apiURL, Unlimited: true})
		ctx, m := t.Context(), Message{Text: secret}
		_, identify := c.Identify(ctx)
		_, scopes := c.Scopes(ctx)
		_, post := c.Post(ctx, nil, "C1", "", m)
		_, find := c.Find(ctx, "1", "U1", "", time.Now())
		_, profile := c.Profile(ctx, "U1")
		_, open := c.OpenView(ctx, secret, slack.ModalViewRequest{})
		for name, err := range map[string]error{
			"Identify": identify, "Scopes": scopes, "Post": post, "Find": find, "Profile": profile,
			"CanConnect": c.CanConnect(ctx), "Update": c.Update(ctx, nil, Sent{"C1", "1.1"}, m),
			"Ephemeral": c.Ephemeral(ctx, nil, "C1", "", "U1", m), "Delete": c.Delete(ctx, Sent{"C1", "1.1"}),
			"OpenView":                 open,
			"Answer":                   c.Answer(ctx, "http://127.0.0.1:1/hooks/"+secret, m, false),
			"Answer, a broken address": c.Answer(ctx, "http://[::1/hooks/"+secret, m, false),
			"Answer, no address":       c.Answer(ctx, "hooks/"+secret, m, false),
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
