package app_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// The bot lists only its own channels, and once, however many a workspace has.
func TestManyChannelsCostNothing(t *testing.T) {
	t.Parallel()
	h := newHarness(t, escalates(step(150, to(config.ToChannel, "support-digest"), to(config.ToGroup, "oncall"), to(config.ToGroup, "nobody"))), func(_ *config_, s *simConfig) {
		for i := range 500 {
			s.Workspace.Channels = append(s.Workspace.Channels, slacksim.Channel{Name: fmt.Sprintf("team-%d", i), Members: []string{"bob"}})
		}
	})
	h.start()
	calls := map[string]int{}
	entries, err := h.slack.Journal(h.ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Kind == slacksim.KindCall {
			calls[e.Method]++
		}
	}
	if calls["users.conversations"] != 1 || calls["usergroups.list"] != 1 || calls["conversations.list"] != 0 {
		t.Errorf("Slack was asked: %v", calls)
	}
}

// does makes an administrator do something in Slack.
func (h *harness) does(a slacksim.Action) {
	h.t.Helper()
	a.As = "bob"
	if _, err := h.slack.Do(h.ctx, a); err != nil {
		h.t.Fatal(err)
	}
}

func (h *harness) renames(channel, name string) {
	h.t.Helper()
	h.does(slacksim.Action{Do: "rename", Channel: channel, Name: name})
}

func (h *harness) removes(channel string) {
	h.t.Helper()
	h.does(slacksim.Action{Do: "kick", Channel: channel, Person: "supporty"})
}

func (h *harness) deactivates(person string) {
	h.t.Helper()
	if _, err := h.slack.Do(h.ctx, slacksim.Action{Do: "deactivate", As: person}); err != nil {
		h.t.Fatal(err)
	}
}

// sets changes a user group, or creates it.
func (h *harness) sets(g slacksim.Usergroup) {
	h.t.Helper()
	if _, err := h.slack.SetUsergroup(h.ctx, g); err != nil {
		h.t.Fatal(err)
	}
}

// looksAgain does what the bot does every ten minutes.
func (h *harness) looksAgain() {
	h.t.Helper()
	if err := h.bot.LookAgain(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}

// examined is the doctor's report, and whether everything works.
func (h *harness) examined() (report string, works bool) {
	h.t.Helper()
	var b strings.Builder
	works = app.Doctor(h.ctx, h.cfg, &b)
	return b.String(), works
}

// before runs the bot once with the settings. Then something happens in Slack.
func before(t *testing.T, happens func(*harness), choices ...choice) *harness {
	t.Helper()
	h := newHarness(t, append(choices, serves)...)
	h.startOne()()
	happens(h)
	return h
}

// serves gives the bot an HTTP server.
func serves(c *config_, _ *simConfig) { c.HTTP.Addr = "127.0.0.1:0" }

// daily sets a daily digest.
func daily(c *config_, _ *simConfig) { c.Digest.Schedule = "0 9 * * *" }

func (h *harness) unresolved(setting, state string) {
	h.t.Helper()
	name := fmt.Sprintf(`supporty_settings_unresolved{setting=%q,state=%q}`, setting, state)
	if seen := h.scrape(); seen[name] != 1 {
		h.t.Errorf("%s is not served: %v", name, seen)
	}
}

// A renamed channel keeps its id. Its old name in the settings is enough until another
// channel has that name.
func TestARenamedSupportChannelIsFound(t *testing.T) {
	t.Parallel()
	h := before(t, func(h *harness) { h.renames("support", "help") })
	stop := h.startOne()
	h.as("alice").files("Checkout fails")
	card := h.reads("help", "Checkout fails")
	says(t, h.log.String(), "#support is called #help now; change channels.support in the settings")
	h.unresolved("channels.support", "renamed")
	if report, works := h.examined(); !works || !strings.Contains(report, "warn  channels.support ") {
		t.Errorf("the doctor says\n%s", report)
	}
	if _, err := h.slack.CreateChannel(h.ctx, slacksim.Channel{Name: "support", Members: []string{"alice", "bob", "supporty"}}); err != nil {
		t.Fatal(err)
	}
	h.looksAgain() // a running desk stays in its channel
	h.as("alice").files("Another one")
	h.reads("help", "Another one")
	stop()

	report, _ := h.examined()
	says(t, report, "warn  channels.support #support is another channel than before: that one is called #help now")
	h.start()
	h.as("alice").files("A third one")
	h.reads("support", "A third one")
	h.as("bob").reacts(card, "eyes")
	h.reads("help", "Bob has it") // old tickets go on in their channel
}

// Only the support channel is essential.
func TestNoSupportChannelIsARefusal(t *testing.T) {
	t.Parallel()
	h := before(t, func(h *harness) { h.renames("support", "help"); h.removes("help") })
	err := app.Run(h.ctx, h.cfg, app.Options{Log: slog.New(slog.DiscardHandler), Unpaced: true})
	if err == nil || err.Error() != `channels.support: the bot is in no channel "support"; invite it there with /invite, or write the name as it is now` {
		t.Errorf("it ended with %v", err)
	}
	if report, works := h.examined(); works || strings.Count(report, `"support"`) != 1 {
		t.Errorf("the doctor says\n%s", report)
	}
}

func TestMissingDigestChannel(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		happens func(*harness)
		says    string
		state   string
		posted  string // the channel of the digest
	}{
		"renamed":  {func(h *harness) { h.renames("support-digest", "weekly") }, "#support-digest is called #weekly now; change channels.digest in the settings", "renamed", "weekly"},
		"removed":  {func(h *harness) { h.removes("support-digest") }, `the bot is in no channel \"support-digest\"`, "missing", "support"},
		"archived": {func(h *harness) { h.does(slacksim.Action{Do: "archive", Channel: "support-digest"}) }, "#support-digest is archived; unarchive it, or name another", "missing", "support"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := before(t, test.happens, daily)
			h.start()
			says(t, h.log.String(), test.says)
			h.unresolved("channels.digest", test.state)
			h.advance(24 * time.Hour)
			h.reads(test.posted, ": no tickets")
		})
	}
}

// If the recipient of an escalation does not exist, the group on duty or the channel is
// told instead.
func TestEscalationToAMissingRecipient(t *testing.T) {
	t.Parallel()
	for recipient, happens := range map[config.Recipient]func(*harness){
		to(config.ToGroup, "oncall"):           func(h *harness) { h.sets(slacksim.Usergroup{Handle: "oncall", Disabled: true}) },
		to(config.ToGroup, "nobody"):           func(*harness) {},
		to(config.ToChannel, "support-digest"): func(h *harness) { h.removes("support-digest") },
		to(config.ToChannel, "engineering"):    func(*harness) {},
		to(config.ToPerson, "U0CAROL"):         func(h *harness) { h.deactivates("carol") },
	} {
		t.Run(recipient.String(), func(t *testing.T) {
			t.Parallel()
			h := before(t, happens, escalates(step(0, recipient), step(50, to(config.ToPerson, "U0DANA"))))
			if report, works := h.examined(); works || !strings.Contains(report, "FAIL  escalations[0].notify[0] ") || !strings.Contains(report, "ok    escalations[1].notify[0] Dana") {
				t.Errorf("the doctor says\n%s", report)
			}
			h.start()
			says(t, h.log.String(), `setting=escalations[0].notify[0]`, "its steps tell the channel in its place")
			h.unresolved("escalations[0].notify[0]", "missing")
			card := h.as("alice").opens(siteIsDown)
			h.advance(time.Second)
			told := h.reads("support", "#1 Site is down (Alice) is to be solved by")
			if !told.Broadcast || !strings.Contains(told.Text, "and has no owner.") || strings.Contains(told.Text, "<!subteam") {
				t.Errorf("broadcast %v: %s", told.Broadcast, told.Text)
			}
			h.advance(31 * time.Minute)
			h.reads("support", "@Dana, please see that somebody takes it.")
			h.as("bob").chooses(card, "escalate:1")
			if form, err := h.as("bob").actor.View(h.ctx); err != nil || strings.Contains(string(form.Body), recipient.Name) {
				t.Errorf("it is offered (%v):\n%s", err, form.Body)
			}
		})
	}
}

// The policy has the id of a group and keeps it while the group is disabled. Once the
// group is enabled it is mentioned again, without a restart.
func TestAGroupThatComesBackIsCalled(t *testing.T) {
	t.Parallel()
	off := slacksim.Usergroup{Handle: "oncall", Members: []string{"bob"}, Disabled: true}
	h := before(t, func(h *harness) { h.sets(off) }, escalates(step(0, to(config.ToGroup, "oncall"))), func(c *config_, _ *simConfig) { c.Alerts.Group = "oncall" })
	h.start()
	h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	if told := h.reads("support", "#1 Site is down (Alice) is to be solved by"); !told.Broadcast || strings.Contains(told.Text, "<!subteam") {
		t.Errorf("broadcast %v: %s", told.Broadcast, told.Text)
	}
	off.Disabled = false
	h.sets(off)
	h.looksAgain()
	h.awaitLog("a setting is in order again")
	h.as("alice").opens(newTicket{priority: "P1", title: "Login is down", text: "500 again.", category: "Access"})
	h.advance(time.Second)
	if told := h.reads("support", "#2 Login is down (Alice) is to be solved by"); told.Broadcast || !strings.Contains(told.Text, "<!subteam") {
		t.Errorf("broadcast %v: %s", told.Broadcast, told.Text)
	}
	h.until(`SELECT count(*) = 1 FROM policies`)
	h.until(`SELECT count(*) = 0 FROM entries WHERE kind = 'retargeted'`)
}

// A group that did not exist is mentioned as soon as it does. No ticket's times change,
// and no alert is repeated.
func TestAGroupCreatedLaterIsCalled(t *testing.T) {
	t.Parallel()
	again := step(0, to(config.ToGroup, "heroes"))
	again.Most, again.Repeat = 2, 10*time.Minute
	h := setup(t, escalates(again))
	card := h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	h.reads("support", "#1 Site is down (Alice) is to be solved by")
	h.sets(slacksim.Usergroup{Handle: "heroes", Members: []string{"dana"}})
	h.looksAgain()
	h.advance(10 * time.Minute)
	h.reads("support", "@heroes, ")
	if n := count(h.thread(card), "is to be solved by"); n != 2 {
		t.Errorf("told %d times:\n%s", n, texts(h.thread(card)))
	}
	h.until(`SELECT count(*) = 1 FROM policies`)
	h.until(`SELECT count(*) = 0 FROM entries WHERE kind = 'retargeted'`)
}

// If the responders' group no longer exists, its last members are the responders. If it
// never existed, all members of the channel are.
func TestMissingRespondersGroup(t *testing.T) {
	t.Parallel()
	responders := func(handle string) choice {
		return func(c *config_, _ *simConfig) { c.Responders.Group = handle }
	}
	t.Run("any more", func(t *testing.T) {
		t.Parallel()
		h := before(t, func(h *harness) {
			h.sets(slacksim.Usergroup{Handle: "oncall", Members: []string{"bob"}, Disabled: true})
		}, responders("oncall"))
		h.start()
		says(t, h.log.String(), "setting=responders.group", "those who were in it last answer tickets")
		card := h.as("alice").opens(usual("Checkout fails"))
		h.as("dana").reacts(card, "eyes")
		h.as("dana").hears("Only people who answer")
		h.as("bob").reacts(card, "eyes")
		h.reads("support", "Bob has it")
	})
	t.Run("ever", func(t *testing.T) {
		t.Parallel()
		h := setup(t, responders("nobody"))
		says(t, h.log.String(), "setting=responders.group", "all members of the support channel who are not guests answer tickets")
		card := h.as("alice").opens(usual("Checkout fails"))
		h.as("dana").reacts(card, "eyes")
		h.reads("support", "Dana has it")
	})
	t.Run("by that name", func(t *testing.T) {
		t.Parallel()
		h := before(t, func(h *harness) {
			h.sets(slacksim.Usergroup{ID: h.look().Usergroups[0].ID, Handle: "on-call", Members: []string{"dana"}})
		}, responders("oncall"))
		h.start()
		says(t, h.log.String(), "@oncall is called @on-call now; change responders.group in the settings")
		card := h.as("alice").opens(usual("Checkout fails"))
		h.as("dana").reacts(card, "eyes")
		h.reads("support", "Dana has it")
	})
}

// Operators who are still in the workspace are told; the doctor looks for all of them.
func TestAnOperatorHasLeft(t *testing.T) {
	t.Parallel()
	h := before(t, func(h *harness) { h.deactivates("carol") }, escalates(), func(c *config_, _ *simConfig) { c.Operators = []string{"U0CAROL", "U0DANA"} })
	report, _ := h.examined()
	says(t, report, `FAIL  operators[0]     "U0CAROL" (Carol) is not here any more`, "ok    operators[1]     Dana")
	h.start()
	h.unresolved("operators[0]", "missing")
	h.inSupport("kick")
	h.as("alice").files("Cards fail")
	h.as("dana").gets("I cannot write in #support")
	h.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'unreachable'`)
}

// An operator who follows the advice of a warning sees its success at once.
func TestTheBotIsInvitedToTheDigestChannel(t *testing.T) {
	t.Parallel()
	h := setup(t, daily)
	h.removes("support-digest")
	h.awaitLog(`the bot is in no channel \"support-digest\"`)
	h.does(slacksim.Action{Do: "invite", Channel: "support-digest", Person: "supporty"})
	h.awaitLog("a setting is in order again")
	h.advance(24 * time.Hour)
	h.reads("support-digest", ": no tickets")
}

// A name that does not exist in Slack does not make new settings invalid.
func TestChangedSettingsWithMissingNames(t *testing.T) {
	t.Parallel()
	h := setup(t, serves, func(c *config_, _ *simConfig) { c.Alerts.Group = "oncall" })
	h.reconfigures(readAgain, func(c *config.Config) { c.Alerts.Group, c.Emoji["claim"] = "heroes", []string{"hand"} })
	says(t, h.log.String(), `no user group \"heroes\" is in use; switch it on, or write its handle as it is now`)
	h.unresolved("alerts.group", "missing")
	card := h.as("alice").opens(usual("Checkout fails"))
	h.as("bob").reacts(card, "raised_hand")
	h.reads("support", "Bob has it")
}

// A running desk goes on whatever happens to its channel, private or not.
func TestARunningDeskLosesItsChannel(t *testing.T) {
	t.Parallel()
	for name, private := range map[string]bool{"public": false, "private": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t, serves, escalates(), func(_ *config_, s *simConfig) {
				for i := range s.Workspace.Channels {
					c := &s.Workspace.Channels[i]
					c.Private = c.Private || private && c.Name == "support"
				}
			})
			h.inSupport("kick")
			h.awaitLog("what is to be said there waits")
			h.unresolved("channels.support", "missing")
			h.as("alice").files("Checkout fails")
			h.as("alice").gets("#1 is filed. Its card waits")
			h.toldOfParking()
			h.inSupport("invite")
			h.awaitLog("a setting is in order again")
			h.reads("support", "Checkout fails")
		})
	}
}
