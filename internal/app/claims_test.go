package app_test

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"

	"supporty/internal/dev/slacksim"
)

// Two people claim by emoji, and the event of the earlier claim arrives later. The person
// who was told that they own the ticket is told about the change.
func TestEarlierClaimThatArrivesLater(t *testing.T) {
	t.Parallel()
	for name, claim := range map[string]func(p *person, card *slacksim.Message){
		"emoji":  func(p *person, card *slacksim.Message) { p.reacts(card, eyes) },
		"button": func(p *person, card *slacksim.Message) { p.clicks(card, "claim") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			h.as("carol").ok(h.slack.Do(h.ctx, slacksim.Action{Do: "join", As: "carol", Channel: "support"}))
			card := h.as("alice").opens(usual("Checkout fails"))
			h.fault(slacksim.Fault{Kind: slacksim.FaultDelayEvent, Event: "reaction_added", Count: 1, DelayMS: 1500})
			h.as("dana").reacts(card, eyes)
			claim(h.as("bob"), card)
			h.shows("Bob has it")
			h.as("carol").reacts(card, eyes)
			h.as("carol").hears("Bob already has #1.")
			h.shows("Dana has it")
			h.as("bob").hears("Dana was first and has #1.")
			h.as("carol").hears("Dana was first and has #1.")
			h.allPosted()
			for _, s := range h.look().Ephemerals("dana") {
				t.Errorf("Dana is told %q", s.Rendered())
			}
			h.doesNotSay(card, "Bob has #1")
		})
	}
}

// Many people claim at the same time, by emoji and by button, and two copies handle the
// claims. One person becomes the owner, and all others are told who it is.
func TestManyClaimAtOnce(t *testing.T) {
	t.Parallel()
	const claimants = 8
	h := setup(t, func(_ *config_, s *simConfig) {
		s.Workspace = slacksim.DefaultWorkspace()
		support := &s.Workspace.Channels[1]
		for i := range claimants {
			name := fmt.Sprintf("c%d", i)
			s.Workspace.People = append(s.Workspace.People, slacksim.Person{Name: name, RealName: strings.ToUpper(name)})
			support.Members = append(support.Members, name)
		}
	})
	h.start()
	card := h.as("alice").opens(usual("Checkout fails"))
	h.allPosted()
	var all sync.WaitGroup
	for i := range claimants {
		p := h.as(fmt.Sprintf("c%d", i))
		all.Go(func() {
			if i%2 == 0 {
				p.reacts(card, eyes)
			} else {
				p.clicks(card, "claim")
			}
		})
	}
	all.Wait()
	h.until(fmt.Sprintf(`SELECT count(*) >= %d FROM entries WHERE ticket = 1 AND kind = 'claimed' AND gesture = 'emoji'`, claimants/2))
	h.allPosted()
	winner := regexp.MustCompile(`C\d`).FindString(h.reads("support", " has it").Rendered())
	for i := range claimants {
		p := h.as(fmt.Sprintf("c%d", i))
		switch {
		case winner == strings.ToUpper(p.name()):
		case i%2 == 0:
			p.hears(winner)
		default:
			p.hears("#1.") // not the owner's name: the event of an earlier emoji may still come
		}
	}
}
