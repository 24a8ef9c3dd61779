package slackapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim"
	"supporty/internal/directory"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

func TestMessagesAreWrittenAsGiven(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	support := o.channel("support")
	block := slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, "*bold*", false, false), nil, nil)
	m := slackformat.Message{Text: "first &lt;", Blocks: []slack.Block{block}, Broadcast: true, Mark: slackformat.Mark{ID: "7", Version: 3}}
	root, err := o.Post(t.Context(), nil, support, "", m)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := o.Post(t.Context(), nil, support, root.TS, m)
	if err != nil {
		t.Fatal(err)
	}
	m.Text, m.Mark.Version = "second", 4
	if err := o.Update(t.Context(), nil, root, m); err != nil {
		t.Fatal(err)
	}
	if err := o.Ephemeral(t.Context(), nil, support, root.TS, o.person("bob"), slackformat.Message{Text: "psst"}); err != nil {
		t.Fatal(err)
	}
	state := o.sim.State()
	at, under := state.Channel(support).Message(root.TS), state.Channel(support).Message(reply.TS)
	if at.Text != "second" || !strings.Contains(string(at.Metadata), `"version":"4"`) || len(at.Blocks) == 0 || at.Broadcast {
		t.Errorf("the message is %+v", at)
	}
	if under.Text != "first &lt;" || under.ThreadTS != root.TS || !under.Broadcast {
		t.Errorf("the reply is %+v", under)
	}
	if heard := state.Ephemerals("bob"); len(heard) != 1 || heard[0].Text != "psst" || heard[0].ThreadTS != root.TS {
		t.Errorf("Bob hears %+v", heard)
	}
}

// A message that stands is no failure, whatever Slack's answer shows of it.
func TestMessageInAnswerIsNotDecoded(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"ok":true,"channel":"C1","ts":"1.2","message":{"text":"first","blocks":[7]}}`)
	}))
	t.Cleanup(server.Close)
	client := New(Options{BotToken: "xoxb-1", APIURL: server.URL + "/api/"})
	want := ticket.Message{Channel: "C1", TS: "1.2"}
	at, err := client.Post(t.Context(), nil, "C1", "", slackformat.Message{Text: "first"})
	if err != nil || at != want {
		t.Errorf("posted at %v: %v", at, err)
	}
	if err := client.Update(t.Context(), nil, want, slackformat.Message{Text: "first"}); err != nil {
		t.Errorf("edited: %v", err)
	}
}

func TestDeletedTwiceIsNoError(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	at := o.post(o.channel("support"), "", "1")
	for range 2 {
		if err := o.Delete(t.Context(), at); err != nil {
			t.Errorf("deleting: %v", err)
		}
	}
	if err := o.Delete(t.Context(), ticket.Message{Channel: "C404", TS: at.TS}); ScopeOf(err) != Channel {
		t.Errorf("deleting in a channel that does not exist: %v", err)
	}
}

func TestFindReadsAllPages(t *testing.T) {
	t.Parallel()
	const others = 205 // a page holds 200
	o := newOffice(t)
	support, begun := o.channel("support"), time.Now()
	root := o.post(support, "", "root")
	for name, thread := range map[string]string{"channel": "", "thread": root.TS} {
		first := o.post(support, thread, name)
		var options []slacksim.SayOption
		if thread != "" {
			options = append(options, slacksim.InThread(thread))
		}
		for range others {
			if _, err := o.slack.As("bob").Say(t.Context(), "support", "chatter", options...); err != nil {
				t.Fatal(err)
			}
		}
		second := o.post(support, thread, name)
		for id, want := range map[string][]Found{name: {{first, 2}, {second, 2}}, "404": nil} {
			found, err := o.Find(t.Context(), id, support, thread, begun.Add(-time.Minute))
			if diff := cmp.Diff(want, found); diff != "" || err != nil {
				t.Errorf("%s, %s: %v (-want +got):\n%s", name, id, err, diff)
			}
		}
		if found, err := o.Find(t.Context(), name, support, thread, time.Now().Add(time.Hour)); len(found) != 0 || err != nil {
			t.Errorf("%s, since later: %v, %v", name, found, err)
		}
	}
	if n := o.calls("conversations.replies"); n != 5 {
		t.Errorf("the thread was read in %d calls, not in two pages twice and once in vain", n)
	}
}

func TestFindInDirectMessages(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	carol := o.person("carol")
	want := o.post(carol, "", "5")
	o.post(o.person("bob"), "", "5")
	found, err := o.Find(t.Context(), "5", carol, "", time.Now().Add(-time.Minute))
	if diff := cmp.Diff([]Found{{want, 2}}, found); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if !strings.HasPrefix(want.Channel, "D") {
		t.Errorf("it stands in %s", want.Channel)
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	var got map[string]any
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		w.WriteHeader(status)
		got = nil
		_ = json.NewDecoder(r.Body).Decode(&got)
	}))
	defer server.Close()
	c := New(Options{})
	if err := c.Answer(t.Context(), server.URL+"/200", "", slackformat.Message{Text: "hi"}, true); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"text": "hi", "response_type": "ephemeral", "replace_original": true}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s is %v", key, got[key])
		}
	}
	if _, sent := got["blocks"]; sent {
		t.Errorf("blocks are %v", got["blocks"])
	}
	for status, scope := range map[int]Scope{404: Unsure, 500: Unsure, 429: Limited} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			if err := c.Answer(t.Context(), fmt.Sprintf("%s/%d", server.URL, status), "", slackformat.Message{Text: "hi"}, false); ScopeOf(err) != scope {
				t.Errorf("%d: %v is %s", status, err, ScopeOf(err))
			}
		})
	}
}

func TestWhoAndWhereWeAre(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ctx := t.Context()
	who, err := o.Identify(ctx)
	if err != nil || who.UserID != o.sim.BotUserID() || who.BotID == "" || who.Team == "" || !strings.HasSuffix(who.URL, "/") {
		t.Errorf("Identify: %+v, %v", who, err)
	}
	if err := o.CanConnect(ctx); err != nil {
		t.Errorf("CanConnect: %v", err)
	}
	if granted, err := o.Scopes(ctx); err != nil || !granted["chat:write"] || granted["admin"] {
		t.Errorf("Scopes: %v, %v", granted, err)
	}
}

// The bot's own channels are found, however many there are, and no others.
func TestOwnChannels(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i := range 210 { // more than one page
		if _, err := o.slack.CreateChannel(t.Context(), slacksim.Channel{Name: fmt.Sprintf("room-%d", i), Members: []string{"supporty"}}); err != nil {
			t.Fatal(err)
		}
	}
	own, err := o.OwnChannels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []ChannelInfo{
		{ID: o.channel("support"), Name: "support", Member: true},
		{ID: o.channel("room-209"), Name: "room-209", Member: true},
	} {
		if !slices.Contains(own, want) {
			t.Errorf("%+v is not among %d", want, len(own))
		}
	}
	if slices.ContainsFunc(own, func(c ChannelInfo) bool { return c.Name == "general" }) {
		t.Error("a channel is there that the bot is not in")
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	oncall := o.sim.State().Usergroups[0].ID
	if _, err := o.slack.SetUsergroup(t.Context(), slacksim.Usergroup{Handle: "gone", Disabled: true}); err != nil {
		t.Fatal(err)
	}
	if got, err := o.Groups(t.Context()); err != nil || !slices.Equal(got, []GroupInfo{{ID: oncall, Handle: "oncall"}}) {
		t.Errorf("the groups: %+v, %v", got, err)
	}
	if people, err := o.GroupMembers(t.Context(), oncall); err != nil || !slices.Equal(people, []string{o.person("bob")}) {
		t.Errorf("the group's members: %v, %v", people, err)
	}
}

func TestMembersOfALargeChannel(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for i := range 230 { // more than one page
		name := fmt.Sprintf("person-%d", i)
		if _, err := o.slack.CreatePerson(t.Context(), slacksim.Person{Name: name}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.slack.As(name).Join(t.Context(), "support"); err != nil {
			t.Fatal(err)
		}
	}
	people, err := o.ChannelMembers(t.Context(), o.channel("support"))
	if diff := cmp.Diff(o.sim.State().Channel("support").Members, people); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	bob, erin := o.person("bob"), o.person("erin")
	for id, want := range map[string]directory.Profile{
		bob:  {ID: bob, Name: "Bob", Zone: "Europe/London"},
		erin: {ID: erin, Name: "Erin", Zone: "Europe/London", Guest: true},
	} {
		got, err := o.Profile(t.Context(), id)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
	}
	if got, err := o.Profile(t.Context(), "U404"); err != nil || !got.External || got.Name != "" {
		t.Errorf("somebody who does not exist: %+v, %v", got, err)
	}
	for want, names := range map[string][]string{"b": {" ", "b", "c"}, "": {"", "\t"}, "a": {" a "}} {
		t.Run(want, func(t *testing.T) {
			if got := slackformat.CalledName(names...); got != want {
				t.Errorf("%q are called %q", names, got)
			}
		})
	}
}
