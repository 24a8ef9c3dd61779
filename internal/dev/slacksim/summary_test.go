package slacksim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/wire"
)

// fetch reads one answer of the control API.
func fetch[T any](t *testing.T, srv *Server, path string, query url.Values) T {
	t.Helper()
	var into T
	response, err := oneShot().Get(srv.URL() + "/sim/v1/" + path + "?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if err := readReply(response, path, &into); err != nil {
		t.Fatal(err)
	}
	return into
}

func summaryOf(t *testing.T, srv *Server, as string) map[string]ChannelSummary {
	t.Helper()
	g := fetch[Summary](t, srv, "state", url.Values{"light": {"1"}, "as": {as}})
	channels := map[string]ChannelSummary{}
	for _, c := range g.Channels {
		channels[c.Name] = c
	}
	return channels
}

func TestUnread(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	alice, bob := b.client.As("alice"), b.client.As("bob")
	if _, err := alice.Say(ctx, "support", "before anybody looked"); err != nil {
		t.Fatal(err)
	}
	summaryOf(t, b.srv, "bob")
	root, err := alice.Say(ctx, "support", "new")
	if err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		name             string
		do               func() error
		unread, mentions int
	}{
		{"what was there at the first look is read", func() error { return nil }, 1, 0},
		{"who writes has read", func() error { _, err := bob.Say(ctx, "support", "mine"); return err }, 0, 0},
		{"a mention", func() error { _, err := alice.Say(ctx, "support", "hello @bob"); return err }, 1, 1},
		{"a mention of a group", func() error { _, err := alice.Say(ctx, "support", "hello @oncall"); return err }, 2, 2},
		{"a reply in a thread of others", func() error {
			_, err := alice.Say(ctx, "support", "to myself", InThread(root.TS))
			return err
		}, 2, 2},
		{"a reply that is also in the channel", func() error {
			_, err := alice.Say(ctx, "support", "loud", InThread(root.TS), Broadcast())
			return err
		}, 3, 2},
		{"a reply in a thread one is in", func() error {
			if _, err := bob.Say(ctx, "support", "me too", InThread(root.TS)); err != nil {
				return err
			}
			_, err := alice.Say(ctx, "support", "thanks", InThread(root.TS))
			return err
		}, 1, 1},
		{"somebody comes", func() error { _, err := b.client.As("carol").Join(ctx, "support"); return err }, 1, 1},
		{"read", func() error {
			_, err := b.client.Do(ctx, Action{Do: "read", As: "bob", Channel: "support"})
			return err
		}, 0, 0},
	}
	for _, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		got := summaryOf(t, b.srv, "bob")["support"]
		if got.Unread != step.unread || got.Mentions != step.mentions {
			t.Errorf("%s: %d unread, %d mentions; want %d, %d", step.name, got.Unread, got.Mentions, step.unread, step.mentions)
		}
	}
	if got := summaryOf(t, b.srv, "carol")["engineering"]; got.Unread != 0 {
		t.Errorf("a channel that carol is not in has %d unread", got.Unread)
	}
}

func TestSummaryShowsViewsOfTheViewerOnly(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, func(b *simHarness, r received) any {
		if r.Type == socketmode.TypeCommands {
			b.open(t, wire.Text(r.Payload, "trigger_id"), everything)
		}
		return nil
	})
	if out, err := b.client.As("alice").Command(ctx, "general", "/support", ""); err != nil || !out.Acked {
		t.Fatal(out, err)
	}
	if _, err := b.client.As("alice").View(ctx); err != nil {
		t.Fatal(err)
	}
	for as, want := range map[string]int{"alice": 1, "bob": 0, "": 0} {
		t.Run(as, func(t *testing.T) {
			g := fetch[Summary](t, b.srv, "state", url.Values{"light": {"1"}, "as": {as}})
			open := 0
			for _, p := range g.People {
				open += len(p.Modals)
			}
			if open != want {
				t.Errorf("%q sees %d open modals, want %d", as, open, want)
			}
			for _, c := range g.Channels {
				if c.Messages != nil || c.Ephemerals != nil {
					t.Errorf("the light state has messages of %s", c.Name)
				}
			}
		})
	}
}

func TestMessagePages(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	alice := b.client.As("alice")
	var stamps []string
	for i := range 7 {
		out, err := alice.Say(ctx, "support", fmt.Sprint("message ", i))
		if err != nil {
			t.Fatal(err)
		}
		stamps = append(stamps, out.TS)
	}
	if _, err := alice.Say(ctx, "support", "a reply", InThread(stamps[5])); err != nil {
		t.Fatal(err)
	}
	if _, err := b.api.PostEphemeralContext(ctx, b.srv.State().Channel("support").ID, b.srv.State().Person("bob").ID, words("for one")); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name  string
		query url.Values
		want  []string
		more  bool
	}{
		{"the newest", url.Values{"limit": {"3"}}, []string{"message 4", "message 5", "message 6"}, true},
		{"before", url.Values{"limit": {"3"}, "before": {stamps[4]}}, []string{"message 1", "message 2", "message 3"}, true},
		{"the oldest", url.Values{"limit": {"3"}, "before": {stamps[1]}}, []string{"message 0"}, false},
		{"around", url.Values{"limit": {"1"}, "around": {stamps[3]}}, []string{"message 3", "message 4", "message 5", "message 6"}, true},
		{"a thread", url.Values{"thread": {stamps[5]}}, []string{"message 5", "a reply"}, false},
		{"with what one alone was told", url.Values{"limit": {"1"}, "as": {"bob"}}, []string{"message 6", "for one"}, true},
		{"not what another was told", url.Values{"limit": {"1"}, "as": {"alice"}}, []string{"message 6"}, true},
		{"a direct message nobody began", url.Values{"channel": {"@dana"}, "as": {"alice"}}, nil, false},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if tc.query.Get("channel") == "" {
				tc.query.Set("channel", "support")
			}
			page := fetch[Page](t, b.srv, "messages", tc.query)
			var got []string
			for _, m := range page.Messages {
				got = append(got, m.Text)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if page.More != tc.more {
				t.Errorf("more is %v, want %v", page.More, tc.more)
			}
		})
	}
}

func TestOtherSitesMayNotAct(t *testing.T) {
	t.Parallel()
	_, b := setup(t, Config{}, nil)
	body, _ := json.Marshal(Action{Do: "say", As: "alice", Channel: "support", Text: "from afar"})
	request, err := http.NewRequest(http.MethodPost, b.srv.URL()+"/sim/v1/actions", strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://evil.example")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := oneShot().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusForbidden || len(b.srv.State().Channel("support").Messages) != 0 {
		t.Errorf("another site's page was answered %d", response.StatusCode)
	}
}
