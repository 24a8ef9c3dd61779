package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// replaces types into a field in the place of what it has.
func (p page) replaces(selector, text string) {
	p.h.t.Helper()
	p.shows(fmt.Sprintf(`(() => { const i = document.querySelector(%q); i.focus(); i.select(); return i; })()`, selector))
	does(p.h.t, p.window, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// chooses chooses what says so in a menu of a form.
func (p page) chooses(block, says string) {
	p.h.t.Helper()
	p.clicks(`dialog [data-block="` + block + `"] button.select`)
	mark := fmt.Sprintf(`(() => { const e = [...document.querySelectorAll('[role=option]')].find((e) => e.textContent.includes(%q)); e?.setAttribute('data-option', '1'); return e; })()`, says)
	p.shows(mark)
	p.clicks(`[data-option="1"]`)
	p.shows(fmt.Sprintf(`document.querySelector('dialog [data-block=%q] button.select').innerText.includes(%q)`, block, says))
}

// Who leads a squad fills in its rota, is shown what it comes to, and saves it.
func TestARotaInABrowser(t *testing.T) {
	t.Parallel()
	window := browse(t)
	h := setup(t, ledByDana)
	h.advance(time.Second)
	p := page{h, window}
	p.as("dana", "support", "")
	p.commands("/support duty checkout")
	p.presses("Rota of Checkout…", form)
	p.replaces(`[data-block="turn"] input`, "400 days")
	p.clicks(`dialog [type=submit]`)
	p.shows(form + `.innerText.includes('out of range')`)
	p.replaces(`[data-block="turn"] input`, "2 days")
	p.clicks(`dialog [type=submit]`)
	p.shows(form + `.innerText.includes('Dana until') && ` + form + `.querySelector('[type=submit]').innerText === 'Save'`)
	h.until(`SELECT count(*) = 0 FROM duty_rotas`)
	p.clicks(`dialog [type=submit]`)
	h.until(`SELECT count(*) = 1 AND bool_and(rota->>'turn' = '172800000000000') FROM duty_rotas`)
	p.shows(`!` + form)
}

// A swap is asked for in a form, and accepted by a button of a direct message.
func TestASwapInABrowser(t *testing.T) {
	t.Parallel()
	window := browse(t)
	h := setup(t, rota)
	h.advance(time.Second)
	p := page{h, window}
	p.as("bob", "support", "")
	p.commands("/support duty")
	p.presses("Swap a shift…", form)
	p.chooses("exchange", "Dana: Wed 18 Nov 11:00")
	p.clicks(`dialog [type=submit]`)
	p.shows(`!` + form)
	h.as("dana").gets("Bob asks whether you take a shift for Checkout")
	p.as("dana", "@supporty", "&tab=messages")
	p.reads("Bob takes yours in exchange", "you have no 11 h of rest")
	p.presses("Take it", `document.body.innerText.includes('You take')`)
	h.until(`SELECT array_agg(person ORDER BY since) = '{U0DANA,U0BOB1}' FROM duty_overrides`)
}

// On it, in the direct message, ends the ladder.
func TestALadderInABrowser(t *testing.T) {
	t.Parallel()
	window := browse(t)
	h := setup(t, ladder)
	h.as("alice").opens(siteIsDown)
	h.advance(time.Second)
	h.as("bob").gets("P1 #1 Site is down (Alice) is to be solved by")
	p := page{h, window}
	p.as("bob", "@supporty", "&tab=messages")
	p.presses("On it", `document.body.innerText.includes('you are on #1')`)
	h.until(`SELECT assignee = 'U0BOB1' FROM tickets`)
	h.advance(10 * time.Minute)
	h.allPosted()
	if n := count(h.as("carol").directs(), "P1 #1"); n != 0 {
		t.Error("the next ones are called after an answer")
	}
}
