package history

import "supporty/internal/dev/slacksim"

// OnCall is the handle of the group for tickets without an owner.
const OnCall = "oncall"

// SquadChannel is the channel in which the tickets of the squad Logistics live.
const SquadChannel = "logistics"

// Services are what is deployed, by the category of which it can break something.
var Services = map[string]string{
	"Payments": "shop", "Accounts": "shop", "Shipping": "warehouse", "Reporting": "backoffice", "Internal tools": "backoffice", "Data": "backoffice",
}

// Works are the kinds of work of the categories.
var Works = map[string]string{
	"Payments": "operational", "Accounts": "operational", "Shipping": "operational", "Reporting": "tactical", "Internal tools": "tactical", "Data": "strategic",
}

// Runbook is the address of the runbook for payments.
const Runbook = "https://wiki.example.com/runbooks/payments"

// zone is the company's zone. People write times in it.
const zone = "Europe/London"

// Warehouse is a category whose desk is closed at night and on weekends: its P1s wake people.
const Warehouse = "Warehouse"

// Categories are the company's categories, but for those with a way of their own.
var Categories = []string{"Payments", "Accounts", "Shipping", "Reporting", "Internal tools", "Data"}

// Workspace is the company: twelve people who sell online. Alice, the guest Erin and the
// five engineers are in #support. Everybody else files from outside.
func Workspace() slacksim.Workspace {
	return slacksim.Workspace{
		Team: "Acme",
		People: []slacksim.Person{
			{Name: "alice", RealName: "Alice", TZ: "Europe/London"},
			{Name: "bob", RealName: "Bob", TZ: "Europe/London", Admin: true},
			{Name: "carol", RealName: "Carol", TZ: "America/New_York"},
			{Name: "dana", RealName: "Dana", TZ: "Europe/Berlin"},
			{Name: "erin", RealName: "Erin", TZ: "Europe/London", Restricted: true},
			{Name: "farid", RealName: "Farid", TZ: "Europe/London"},
			{Name: "grace", RealName: "Grace", TZ: "Europe/London"},
			{Name: "hugo", RealName: "Hugo", TZ: "Europe/Lisbon"},
			{Name: "ines", RealName: "Ines", TZ: "Europe/Madrid"},
			{Name: "jonas", RealName: "Jonas", TZ: "Europe/Berlin"},
			{Name: "kim", RealName: "Kim", TZ: "Europe/London"},
			{Name: "liam", RealName: "Liam", TZ: "Europe/Dublin"},
		},
		Channels: []slacksim.Channel{
			{Name: "general", Topic: "Everybody", Members: []string{"alice", "bob", "carol", "dana", "erin", "farid", "grace", "hugo", "ines", "jonas", "kim", "liam"}},
			{Name: "support", Topic: "Tickets live here. /support opens one", Members: []string{"alice", "bob", "dana", "erin", "jonas", "kim", "liam", "supporty"}},
			{Name: "support-digest", Topic: "The week in one post", Members: []string{"alice", "bob", "dana", "grace", "jonas", "supporty"}},
			{Name: "engineering", Members: []string{"bob", "dana", "jonas", "kim", "liam"}},
			{Name: "customer-care", Members: []string{"alice", "bob", "carol", "dana", "farid", "jonas"}},
			{Name: "warehouse", Members: []string{"alice", "bob", "hugo", "jonas"}},
			{Name: SquadChannel, Topic: "Tickets about shipping live here", Members: []string{"hugo", "jonas", "liam", "supporty"}},
		},
		Usergroups: []slacksim.Usergroup{{Handle: OnCall, Name: "On call", Members: []string{"bob", "jonas"}}},
	}
}

// The requesters and the engineers of each category. The first engineer knows the
// category best.
var (
	askers = map[string][]string{
		"Payments": {"alice", "farid", "grace", "carol"}, "Accounts": {"alice", "farid", "carol", "erin"},
		"Shipping": {"hugo", "hugo", "farid", "alice"}, "Reporting": {"grace", "ines", "carol", "grace"},
		"Internal tools": {"farid", "alice", "ines", "hugo"}, "Data": {"ines", "hugo", "carol", "grace"},
	}
	experts = map[string][]string{
		"Payments": {"bob", "dana", "jonas"}, "Accounts": {"dana", "bob", "jonas"}, "Shipping": {"jonas", "bob", "dana"},
		"Reporting": {"dana", "jonas", "bob"}, "Internal tools": {"jonas", "dana", "bob"}, "Data": {"bob", "jonas", "dana"},
	}
	// inSupport are the members of #support, whom a mention there reaches.
	inSupport = map[string]bool{"alice": true, "bob": true, "dana": true, "erin": true, "jonas": true, "kim": true, "liam": true}
	// corners are the channels, beside #general, in which people mention problems.
	corners = map[string]string{"alice": "customer-care", "farid": "customer-care", "carol": "customer-care", "hugo": "warehouse"}
)
