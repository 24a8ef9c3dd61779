package demo

import (
	"supporty/internal/config"
	"supporty/internal/dev/demo/history"
)

// filings are what some categories tell people and ask them for, by their names. The example
// history runs without it: its people filed before the forms were made.
var filings = map[string]config.Filing{
	"Payments": {
		Description: "Cards, invoices, refunds", Runbook: history.Runbook,
		Help: "Look at https://status.example.com first. Never send a whole card number.",
		Fields: []config.Field{
			{Name: "Order number", Kind: "text", Hint: "It stands in the confirmation."},
			{Name: "Amount", Kind: "number"},
		},
	},
	"Accounts": {
		Description: "Sign-in, permissions, passwords", Priority: "P2",
		Help: "Say which account it is, and what you tried. Never send a password.",
	},
	"Internal tools": {
		Description: "The admin, the warehouse app, the wiki",
		Help:        "A link to the page and the steps that lead there help most.",
		Fields: []config.Field{
			{Name: "Tool", Kind: "choice", Required: true, Choices: []string{"Admin", "Warehouse app", "Wiki", "Something else"}},
			{Name: "Browsers", Kind: "choices", Choices: []string{"Chrome", "Firefox", "Safari", "Edge"}},
			{Name: "Page", Kind: "link"},
			{Name: "Since", Kind: "date"},
			{Name: "People affected", Kind: "number"},
			{Name: "Who else knows", Kind: "person"},
			{Name: "Version", Kind: "text", Hint: "Help, About says it."},
			{Name: "Steps", Kind: "long_text"},
			{Name: "Export", Kind: "file", Hint: "If it is about a file that the tool has made."},
		},
	},
}
