package app_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
)

// The whole desk as people have it: the program, and the simulated Slack in a browser. make browser
// runs this.

// page is the simulated Slack in a browser.
type page struct {
	h      *harness
	window context.Context
}

// as shows a place as a person.
func (p page) as(person, channel, more string) {
	p.h.t.Helper()
	does(p.h.t, p.window, chromedp.EmulateViewport(1280, 900),
		chromedp.Navigate(p.h.sim.URL()+"/?as="+person+"&channel="+url.QueryEscape(channel)+more))
	p.shows(`document.querySelector('.composer, .home')`)
}

// shows waits until an expression holds.
func (p page) shows(expression string) { p.h.t.Helper(); shows(p.h.t, p.window, expression) }

// reads waits until the page reads so.
func (p page) reads(texts ...string) {
	p.h.t.Helper()
	for _, text := range texts {
		p.shows(fmt.Sprintf(`document.body.innerText.includes(%q)`, text))
	}
}

// presses clicks what says so, and waits for what it leads to.
func (p page) presses(says, then string) { p.h.t.Helper(); presses(p.h.t, p.window, says, then) }

func (p page) clicks(selector string) {
	p.h.t.Helper()
	does(p.h.t, p.window, chromedp.Click(chromedp.CSS(selector)))
}

// types types into a field.
func (p page) types(selector, text string) {
	p.h.t.Helper()
	p.shows(fmt.Sprintf(`document.querySelector(%q)`, selector))
	does(p.h.t, p.window, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// commands sends a command from the composer of the channel.
func (p page) commands(text string) {
	p.h.t.Helper()
	p.types(".conversation .composer textarea", text)
	p.clicks(`.conversation .composer [aria-label="Send"]`)
}

const form = `document.querySelector('dialog')`

// While a title is typed the form shows tickets like it, and Me too joins one of them: nothing that
// was typed is lost, and nothing is filed.
func TestSimilarTicketsInABrowser(t *testing.T) {
	t.Parallel()
	window := browse(t)
	h := setup(t)
	p := page{h, window}
	h.as("dana").opens(usual("Checkout fails for US cards"))
	p.as("alice", "support", "")
	p.commands("/support")
	p.types(`[data-block="text"] textarea`, "Since nine o'clock.")
	p.types(`[data-block="title"] input`, "Checkout fails")
	p.shows(form + `.innerText.includes('Checkout fails for US cards')`)
	p.clicks(`dialog [data-action="follow"]`)
	p.shows(form + `.innerText.includes('You follow #1')`)
	p.shows(form + `.innerText.includes('Since nine')`)
	h.reads("support", "1 person follows")
	h.until(`SELECT count(*) = 1 FROM tickets`)
}

// Home of a newcomer, of who asked, and of a responder, who claims there.
func TestHomesInABrowser(t *testing.T) {
	t.Parallel()
	window := browse(t)
	h := setup(t)
	p := page{h, window}
	home := func(person string) { p.as(person, "@supporty", "&tab=home") }
	home("carol")
	p.reads("If something is broken")
	p.presses("Open a ticket", form)
	h.as("carol").submits(usual("VPN is down").values())
	h.reads("support", "VPN is down")
	home("carol")
	p.reads("What you asked for", "VPN is down", "no owner")
	home("bob")
	p.reads("VPN is down")
	p.presses("Claim", `document.querySelector('.home').innerText.includes('Yours')`)
	h.reads("support", "Bob has it")
}

// Several tickets of one outage are folded in at once, from the menu of a card.
func TestFoldInInABrowser(t *testing.T) {
	t.Parallel()
	window := browse(t)
	h := setup(t)
	p := page{h, window}
	h.as("alice").opens(usual("Checkout is down"))
	for _, title := range []string{"Cannot pay", "Cards fail", "Checkout broken", "Payment hangs"} {
		h.as("carol").opens(usual(title))
	}
	p.as("bob", "support", "")
	p.shows(`(() => { const m = [...document.querySelectorAll('.message')].find((m) => m.innerText.includes('#1 ')); m?.scrollIntoView(); m?.querySelector('button.overflow')?.setAttribute('data-of', '1'); return m?.querySelector('button.overflow'); })()`)
	p.clicks(`[data-of="1"]`)
	p.shows(`document.querySelector('[role=menuitem]')`)
	p.presses("More…", form)
	p.presses("Fold in…", form+`.innerText.includes('Payment hangs')`)
	p.clicks(`dialog [type=submit]`)
	h.reads("support", "with #2, #3, #4, #5")
	p.shows(`!` + form)
	p.reads("with #2, #3, #4, #5")
}

// A ticket that is made private is gone for others, and its people have it in a channel of its own.
func TestPrivateTicketInABrowser(t *testing.T) {
	t.Parallel()
	window := browse(t)
	h := withRooms(t)
	p := page{h, window}
	h.as("alice").opens(usual("A key leaked"))
	h.as("carol").opens(usual("VPN is down"))
	p.as("dana", "support", "")
	p.reads("A key leaked", "VPN is down")
	p.as("bob", "support", "")
	p.commands("/support claim 1")
	p.reads("Bob has it")
	p.commands("/support private 1")
	p.shows(form)
	p.clicks(`dialog [data-block="sure"] input`)
	p.clicks(`dialog [type=submit]`)
	h.reads("ticket-1", "A key leaked")
	p.shows(`[...document.querySelectorAll('.place-name')].some((p) => p.textContent === 'ticket-1')`)
	h.inRoom("ticket-1", "alice", "bob")
	h.allPosted()
	p.as("dana", "support", "")
	p.reads("VPN is down")
	p.shows(`!document.body.innerText.includes('A key leaked') && ![...document.querySelectorAll('.place-name')].some((p) => p.textContent === 'ticket-1')`)
	p.as("alice", "ticket-1", "")
	p.reads("A key leaked", "Bob has it")
}
