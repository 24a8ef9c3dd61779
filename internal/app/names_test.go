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

// However many channels a workspace has, the bot asks for its own, and once.
func TestManyChannelsCostNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, escalates(step(150, to(config.ToChannel, "support-digest"), to(config.ToGroup, "oncall"), to(config.ToGroup, "nobody"))), func(_ *config_, s *simConfig) {
		for i := range 500 {
			s.Workspace.Channels = append(s.Workspace.Channels, slacksim.Channel{Name: fmt.Sprintf("team-%d", i), Members: []string{"bob"}})
		}
	})
	w.start()
	calls := map[string]int{}
	entries, err := w.slack.Journal(w.ctx, 0)
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

// does is something that an administrator does in Slack.
func (w *world) does(a slacksim.Action) {
	w.t.Helper()
	a.As = "bob"
	if _, err := w.slack.Do(w.ctx, a); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) renames(channel, name string) {
	w.t.Helper()
	w.does(slacksim.Action{Do: "rename", Channel: channel, Name: name})
}

func (w *world) removes(channel string) {
	w.t.Helper()
	w.does(slacksim.Action{Do: "kick", Channel: channel, Person: "supporty"})
}

func (w *world) deactivates(person string) {
	w.t.Helper()
	if _, err := w.slack.Do(w.ctx, slacksim.Action{Do: "deactivate", As: person}); err != nil {
		w.t.Fatal(err)
	}
}

// sets changes a user group, or makes it.
func (w *world) sets(g slacksim.Usergroup) {
	w.t.Helper()
	if _, err := w.slack.SetUsergroup(w.ctx, g); err != nil {
		w.t.Fatal(err)
	}
}

// looksAgain is what the bot does every ten minutes.
func (w *world) looksAgain() {
	w.t.Helper()
	if err := w.bot.LookAgain(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// examined is the doctor's report, and whether all works by it.
func (w *world) examined() (report string, works bool) {
	w.t.Helper()
	var b strings.Builder
	works = app.Doctor(w.ctx, w.cfg, &b)
	return b.String(), works
}

// before has the bot run once with the settings, and then something happen in Slack.
func before(t *testing.T, happens func(*world), choices ...choice) *world {
	t.Helper()
	w := newWorld(t, append(choices, serves)...)
	w.startOne()()
	happens(w)
	return w
}

// serves lets the operator's machine ask.
func serves(c *config_, _ *simConfig) { c.HTTP.Addr = "127.0.0.1:0" }

// daily has a digest every day.
func daily(c *config_, _ *simConfig) { c.Digest.Schedule = "0 9 * * *" }

func (w *world) unresolved(setting, state string) {
	w.t.Helper()
	name := fmt.Sprintf(`supporty_settings_unresolved{setting=%q,state=%q}`, setting, state)
	if seen := w.scrape(); seen[name] != 1 {
		w.t.Errorf("%s is not served: %v", name, seen)
	}
}

// A channel keeps its id. Its old name in the settings is enough until another has it.
func TestARenamedSupportChannelIsFound(t *testing.T) {
	t.Parallel()
	w := before(t, func(w *world) { w.renames("support", "help") })
	stop := w.startOne()
	w.as("alice").files("Checkout fails")
	card := w.reads("help", "Checkout fails")
	says(t, w.log.String(), "#support is called #help now; change channels.support in the settings")
	w.unresolved("channels.support", "renamed")
	if report, works := w.examined(); !works || !strings.Contains(report, "warn  channels.support ") {
		t.Errorf("the doctor says\n%s", report)
	}
	if _, err := w.slack.CreateChannel(w.ctx, slacksim.Channel{Name: "support", Members: []string{"alice", "bob", "supporty"}}); err != nil {
		t.Fatal(err)
	}
	w.looksAgain() // a desk that runs stays where it is
	w.as("alice").files("Another one")
	w.reads("help", "Another one")
	stop()

	report, _ := w.examined()
	says(t, report, "warn  channels.support #support is another channel than before: that one is called #help now")
	w.start()
	w.as("alice").files("A third one")
	w.reads("support", "A third one")
	w.as("bob").reacts(card, "eyes")
	w.reads("help", "Bob has it") // what is there goes on there
}

// Only the support channel is essential.
func TestNoSupportChannelIsARefusal(t *testing.T) {
	t.Parallel()
	w := before(t, func(w *world) { w.renames("support", "help"); w.removes("help") })
	err := app.Run(w.ctx, w.cfg, app.Options{Log: slog.New(slog.DiscardHandler), Unpaced: true})
	if err == nil || err.Error() != `channels.support: the bot is in no channel "support"; invite it there with /invite, or write the name as it is now` {
		t.Errorf("it ended with %v", err)
	}
	if report, works := w.examined(); works || strings.Count(report, `"support"`) != 1 {
		t.Errorf("the doctor says\n%s", report)
	}
}

func TestADigestChannelThatIsNotThere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		happens func(*world)
		says    string
		state   string
		posted  string // where the digest is
	}{
		"renamed":  {func(w *world) { w.renames("support-digest", "weekly") }, "#support-digest is called #weekly now; change channels.digest in the settings", "renamed", "weekly"},
		"removed":  {func(w *world) { w.removes("support-digest") }, `the bot is in no channel \"support-digest\"`, "missing", "support"},
		"archived": {func(w *world) { w.does(slacksim.Action{Do: "archive", Channel: "support-digest"}) }, "#support-digest is archived; unarchive it, or name another", "missing", "support"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := before(t, test.happens, daily)
			w.start()
			says(t, w.log.String(), test.says)
			w.unresolved("channels.digest", test.state)
			w.advance(24 * time.Hour)
			w.reads(test.posted, ": no tickets")
		})
	}
}

// Whom an escalation cannot reach is not told in silence: who is on duty is, or the channel.
func TestAnEscalationToWhoIsNotThere(t *testing.T) {
	t.Parallel()
	for recipient, happens := range map[config.Recipient]func(*world){
		to(config.ToGroup, "oncall"):           func(w *world) { w.sets(slacksim.Usergroup{Handle: "oncall", Disabled: true}) },
		to(config.ToGroup, "nobody"):           func(*world) {},
		to(config.ToChannel, "support-digest"): func(w *world) { w.removes("support-digest") },
		to(config.ToChannel, "engineering"):    func(*world) {},
		to(config.ToPerson, "U0CAROL"):         func(w *world) { w.deactivates("carol") },
	} {
		t.Run(recipient.String(), func(t *testing.T) {
			t.Parallel()
			w := before(t, happens, escalates(step(0, recipient), step(50, to(config.ToPerson, "U0DANA"))))
			if report, works := w.examined(); works || !strings.Contains(report, "FAIL  escalations[0].notify[0] ") || !strings.Contains(report, "ok    escalations[1].notify[0] Dana") {
				t.Errorf("the doctor says\n%s", report)
			}
			w.start()
			says(t, w.log.String(), `setting=escalations[0].notify[0]`, "its steps tell the channel in its place")
			w.unresolved("escalations[0].notify[0]", "missing")
			card := w.as("alice").opens(siteIsDown)
			w.advance(time.Second)
			told := w.reads("support", "#1 Site is down (Alice) is to be solved by")
			if !told.Broadcast || !strings.Contains(told.Text, "and has no owner.") || strings.Contains(told.Text, "<!subteam") {
				t.Errorf("broadcast %v: %s", told.Broadcast, told.Text)
			}
			w.advance(31 * time.Minute)
			w.reads("support", "@Dana, please see that somebody takes it.")
			w.as("bob").chooses(card, "escalate:1")
			if form, err := w.as("bob").actor.View(w.ctx); err != nil || strings.Contains(string(form.Body), recipient.Name) {
				t.Errorf("it is offered (%v):\n%s", err, form.Body)
			}
		})
	}
}

// The policy names a group by its id, and keeps it while the group is out of use. It counts
// again without a start.
func TestAGroupThatComesBackIsCalled(t *testing.T) {
	t.Parallel()
	off := slacksim.Usergroup{Handle: "oncall", Members: []string{"bob"}, Disabled: true}
	w := before(t, func(w *world) { w.sets(off) }, escalates(step(0, to(config.ToGroup, "oncall"))), func(c *config_, _ *simConfig) { c.Alerts.Group = "oncall" })
	w.start()
	w.as("alice").opens(siteIsDown)
	w.advance(time.Second)
	if told := w.reads("support", "#1 Site is down (Alice) is to be solved by"); !told.Broadcast || strings.Contains(told.Text, "<!subteam") {
		t.Errorf("broadcast %v: %s", told.Broadcast, told.Text)
	}
	off.Disabled = false
	w.sets(off)
	w.looksAgain()
	w.awaitLog("a setting is in order again")
	w.as("alice").opens(filing{priority: "P1", title: "Login is down", text: "500 again.", category: "Access"})
	w.advance(time.Second)
	if told := w.reads("support", "#2 Login is down (Alice) is to be solved by"); told.Broadcast || !strings.Contains(told.Text, "<!subteam") {
		t.Errorf("broadcast %v: %s", told.Broadcast, told.Text)
	}
	w.until(`SELECT count(*) = 1 FROM policies`)
	w.until(`SELECT count(*) = 0 FROM entries WHERE kind = 'repromised'`)
}

// A group that was never there is called as soon as it is: no time of a ticket changes, and
// nothing is told again.
func TestAGroupThatIsMadeLaterIsCalled(t *testing.T) {
	t.Parallel()
	again := step(0, to(config.ToGroup, "heroes"))
	again.Most, again.Repeat = 2, 10*time.Minute
	w := setup(t, escalates(again))
	card := w.as("alice").opens(siteIsDown)
	w.advance(time.Second)
	w.reads("support", "#1 Site is down (Alice) is to be solved by")
	w.sets(slacksim.Usergroup{Handle: "heroes", Members: []string{"dana"}})
	w.looksAgain()
	w.advance(10 * time.Minute)
	w.reads("support", "@heroes, ")
	if n := count(w.thread(card), "is to be solved by"); n != 2 {
		t.Errorf("told %d times:\n%s", n, texts(w.thread(card)))
	}
	w.until(`SELECT count(*) = 1 FROM policies`)
	w.until(`SELECT count(*) = 0 FROM entries WHERE kind = 'repromised'`)
}

// Without the group of those who answer, those do who were in it; if it was never there, all
// members of the channel.
func TestTheRespondersGroupIsNotThere(t *testing.T) {
	t.Parallel()
	responders := func(handle string) choice {
		return func(c *config_, _ *simConfig) { c.Responders.Group = handle }
	}
	t.Run("any more", func(t *testing.T) {
		t.Parallel()
		w := before(t, func(w *world) { w.sets(slacksim.Usergroup{Handle: "oncall", Members: []string{"bob"}, Disabled: true}) }, responders("oncall"))
		w.start()
		says(t, w.log.String(), "setting=responders.group", "those who were in it last answer tickets")
		card := w.as("alice").opens(usual("Checkout fails"))
		w.as("dana").reacts(card, "eyes")
		w.as("dana").hears("Only people who answer")
		w.as("bob").reacts(card, "eyes")
		w.reads("support", "Bob has it")
	})
	t.Run("ever", func(t *testing.T) {
		t.Parallel()
		w := setup(t, responders("nobody"))
		says(t, w.log.String(), "setting=responders.group", "all members of the support channel who are not guests answer tickets")
		card := w.as("alice").opens(usual("Checkout fails"))
		w.as("dana").reacts(card, "eyes")
		w.reads("support", "Dana has it")
	})
	t.Run("by that name", func(t *testing.T) {
		t.Parallel()
		w := before(t, func(w *world) {
			w.sets(slacksim.Usergroup{ID: w.look().Usergroups[0].ID, Handle: "on-call", Members: []string{"dana"}})
		}, responders("oncall"))
		w.start()
		says(t, w.log.String(), "@oncall is called @on-call now; change responders.group in the settings")
		card := w.as("alice").opens(usual("Checkout fails"))
		w.as("dana").reacts(card, "eyes")
		w.reads("support", "Dana has it")
	})
}

// Of the operators, those are told who are here; the doctor looks for all of them.
func TestAnOperatorHasLeft(t *testing.T) {
	t.Parallel()
	w := before(t, func(w *world) { w.deactivates("carol") }, escalates(), func(c *config_, _ *simConfig) { c.Operators = []string{"U0CAROL", "U0DANA"} })
	report, _ := w.examined()
	says(t, report, `FAIL  operators[0]     "U0CAROL" (Carol) is not here any more`, "ok    operators[1]     Dana")
	w.start()
	w.unresolved("operators[0]", "missing")
	w.inSupport("kick")
	w.as("alice").files("Cards fail")
	w.as("dana").gets("I cannot write in #support")
	w.until(`SELECT count(*) = 1 FROM outbox WHERE kind = 'unreachable'`)
}

// Who follows the advice of a warning sees at once that it helped.
func TestTheBotIsInvitedToTheDigestChannel(t *testing.T) {
	t.Parallel()
	w := setup(t, daily)
	w.removes("support-digest")
	w.awaitLog(`the bot is in no channel \"support-digest\"`)
	w.does(slacksim.Action{Do: "invite", Channel: "support-digest", Person: "supporty"})
	w.awaitLog("a setting is in order again")
	w.advance(24 * time.Hour)
	w.reads("support-digest", ": no tickets")
}

// What the settings name is no reason to refuse the rest of them.
func TestChangedSettingsNameWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := setup(t, serves, func(c *config_, _ *simConfig) { c.Alerts.Group = "oncall" })
	w.reconfigures(readAgain, func(c *config.Config) { c.Alerts.Group, c.Emoji["claim"] = "heroes", []string{"hand"} })
	says(t, w.log.String(), `no user group \"heroes\" is in use; switch it on, or write its handle as it is now`)
	w.unresolved("alerts.group", "missing")
	card := w.as("alice").opens(usual("Checkout fails"))
	w.as("bob").reacts(card, "raised_hand")
	w.reads("support", "Bob has it")
}

// A desk that runs is not ended by what happens to its channel, private or not.
func TestARunningDeskLosesItsChannel(t *testing.T) {
	t.Parallel()
	for name, private := range map[string]bool{"public": false, "private": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, serves, escalates(), func(_ *config_, s *simConfig) {
				for i := range s.Workspace.Channels {
					c := &s.Workspace.Channels[i]
					c.Private = c.Private || private && c.Name == "support"
				}
			})
			w.inSupport("kick")
			w.awaitLog("what is to be said there waits")
			w.unresolved("channels.support", "missing")
			w.as("alice").files("Checkout fails")
			w.as("alice").gets("#1 is filed. Its card waits")
			w.toldOfParking()
			w.inSupport("invite")
			w.awaitLog("a setting is in order again")
			w.reads("support", "Checkout fails")
		})
	}
}
