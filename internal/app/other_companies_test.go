package app_test

import (
	"strings"
	"testing"

	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// withPat is a workspace with Pat, of another company, who is in #general with the bot.
func withPat(_ *config_, s *simConfig) {
	s.Workspace = slacksim.DefaultWorkspace()
	s.Workspace.People = append(s.Workspace.People, slacksim.Person{Name: "pat", RealName: "Pat Partner", TeamID: "T0OTHER"})
	s.Workspace.Channels[0].Members = append(s.Workspace.Channels[0].Members, "pat", "supporty")
	s.Workspace.Channels[0].External = true
}

// Who is of another company asks with 🎫, hears what concerns them by direct message, and ends and
// reopens what is theirs; they see nothing else.
func TestSomebodyOfAnotherCompanyAsks(t *testing.T) {
	t.Parallel()
	h := setup(t, withPat)
	pat, bob := h.as("pat"), h.as("bob")
	h.as("alice").opens(usual("Not for Pat"))
	said := pat.writes("general", "Our invoices are empty.")
	pat.reacts(said, marked)
	pat.clicks(pat.hears(offered), "offer")
	pat.submits(asItIs)
	card := h.reads("support", "Our invoices are empty.")
	if !strings.Contains(card.Rendered(), "Pat Partner") {
		t.Errorf("the card does not name who asked: %s", card.Rendered())
	}
	pat.gets("#2")
	bob.reacts(card, "eyes")
	bob.reacts(card, "white_check_mark")
	pat.clicks(pat.gets("Bob resolved #2"), "reopen")
	h.until(`SELECT state = 'claimed' FROM tickets WHERE number = 2`)
}

// Whether Slack opens a form for them is not documented. If it does not, they read whom to ask, and
// a colleague's ticket of their message is theirs.
func TestSlackOpensNoFormForAnotherCompany(t *testing.T) {
	t.Parallel()
	h := setup(t, withPat, func(_ *config_, s *simConfig) { s.Beliefs.FormsRefusedElsewhere = true })
	pat, bob := h.as("pat"), h.as("bob")
	said := pat.writes("general", "Our invoices are empty.")
	pat.reacts(said, marked)
	pat.clicks(pat.hears(offered), "offer")
	pat.hears("Slack opens no form for you here.")
	bob.reacts(said, marked)
	bob.clicks(bob.hears(offered), "offer")
	bob.submits(asItIs)
	h.reads("support", "Pat Partner · filed by Bob")
	pat.gets("Bob filed this for you: #1")
}

// Where the settings do not let them ask, 🎫 of theirs means nothing, and no ticket is for them.
func TestOtherCompaniesThatOnlyAnswer(t *testing.T) {
	t.Parallel()
	h := setup(t, withPat, func(c *config_, _ *simConfig) { c.OtherCompanies = config.OthersAnswer })
	pat, bob := h.as("pat"), h.as("bob")
	said := pat.writes("general", "Our invoices are empty.")
	pat.reacts(said, marked)
	bob.reacts(said, marked)
	bob.clicks(bob.hears(offered), "offer")
	bob.submits(asItIs)
	if card := h.reads("support", "Our invoices are empty."); strings.Contains(card.Rendered(), "Pat") {
		t.Errorf("the ticket is for Pat: %s", card.Rendered())
	}
	if n := pat.asked(); n != 0 {
		t.Errorf("Pat is asked %d times", n)
	}
}
