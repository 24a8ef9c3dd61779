package app_test

import (
	"testing"

	"supporty/internal/dev/slacksim"
)

// What happens in a channel while the bot is not in it, is read when it is back: in the support
// channel, in a squad's, and in the private channel of a ticket. It is not certain that Slack tells
// a bot of its own removal; then the bot finds out.
func TestWhatHappensWhileTheBotIsOut(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"Slack says so": true, "Slack is silent": false} {
		for _, channel := range []string{"support", "payments"} {
			t.Run(name+", "+channel, func(t *testing.T) {
				t.Parallel()
				h := setup(t, paymentsAtHome)
				alice, dana := h.as("alice"), h.as("dana")
				card := alice.opensIn(channel, map[string]newTicket{
					"support": {"P2", "Logo is old", "It is.", "Product"}, "payments": usual("Checkout fails"),
				}[channel])
				h.allPosted()
				if !told {
					h.fault(slacksim.Fault{Kind: slacksim.FaultLose, Event: "member_left_channel", Count: 1})
				}
				dana.kicks(channel)
				if !told {
					h.readsMembers()
				}
				h.until(`SELECT count(*) = 1 FROM absences`)
				dana.reacts(card, "eyes")
				dana.replies(card, "I look at it.")
				dana.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "invite", As: "dana", Channel: channel, Person: "supporty"}))
				h.reads(channel, "Dana has it")
				h.awaitReplies(1, 1)
				h.knowsAll()
				h.until(`SELECT count(*) = 0 FROM absences`)
			})
		}
	}
}

func TestWhatHappensInARoomWhileTheBotIsOut(t *testing.T) {
	t.Parallel()
	for name, told := range map[string]bool{"Slack says so": true, "Slack is silent": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := confidential(t)
			bob := h.as("bob")
			card := h.as("alice").confides("A key leaked")
			h.roomHas("alice", "bob")
			h.allPosted()
			if !told {
				h.fault(slacksim.Fault{Kind: slacksim.FaultLose, Event: "member_left_channel", Count: 1})
			}
			bob.kicks("ticket-1")
			if !told {
				h.readsMembers()
			}
			h.until(`SELECT count(*) = 1 FROM absences`)
			bob.reacts(card, "eyes")
			bob.ok(h.slack.Do(h.ctx, slacksim.Action{Do: "invite", As: "bob", Channel: "ticket-1", Person: "supporty"}))
			h.reads("ticket-1", "Bob has it")
		})
	}
}

// readsMembers does what the bot does every hour.
func (h *harness) readsMembers() {
	h.t.Helper()
	if err := h.bot.ReadMembers(h.ctx); err != nil {
		h.t.Fatal(err)
	}
}
