package web_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"supporty/internal/dev/slacksim"
)

// What goes wrong only where something is slow: the machine, or one request.

// shortForm has a field that the app is told of while it is typed in, one that
// it is not, and a button. The first field has not the focus by nature.
const shortForm = `{"type":"modal","title":{"type":"plain_text","text":"Short"},"submit":{"type":"plain_text","text":"Send"},"blocks":[
 {"type":"input","block_id":"lines","optional":true,"label":{"type":"plain_text","text":"Lines"},"element":{"type":"plain_text_input","action_id":"x","multiline":true}},
 {"type":"input","block_id":"line","optional":true,"label":{"type":"plain_text","text":"Line"},"element":{"type":"plain_text_input","action_id":"x","focus_on_load":true}},
 {"type":"input","block_id":"told","optional":true,"dispatch_action":true,"label":{"type":"plain_text","text":"Told"},"element":{"type":"plain_text_input","action_id":"told","dispatch_action_config":{"trigger_actions_on":["on_character_entered"]}}},
 {"type":"actions","block_id":"row","elements":[{"type":"button","action_id":"ask","text":{"type":"plain_text","text":"Ask"}}]}]}`

func openShortForm(t *testing.T) (*desk, *window) {
	t.Helper()
	d := newDesk()
	d.form = shortForm
	_, w := openForm(t, d)
	return d, w
}

// slowDown delays the next thing of a kind that the page sends, long enough for
// whatever it sends after it to come first.
func (w *window) slowDown(do string) {
	w.t.Helper()
	eval[bool](w, fmt.Sprintf(`(() => {
		const real = window.fetch;
		window.slow = 'awaited';
		window.fetch = async (url, options) => {
			if (window.slow !== 'awaited' || !String(options?.body).includes('"do":"%s"')) return real(url, options);
			window.slow = 'under way';
			await new Promise((go) => setTimeout(go, 1500));
			const answer = await real(url, options);
			window.slow = 'over';
			return answer;
		};
		return true;
	})()`, do))
}

func (w *window) seeSlow(state string) {
	w.t.Helper()
	w.see("the slow request "+state, fmt.Sprintf("window.slow === %q", state))
}

func (w *window) seeNoError() {
	w.t.Helper()
	if note := eval[string](w, `document.querySelector('.toasts').textContent`); note != "" {
		w.t.Errorf("the page says %q", note)
	}
}

func TestWhatIsTypedLaterWins(t *testing.T) {
	t.Parallel()
	d, w := openShortForm(t)
	w.slowDown("type")
	w.keys(in("line", "input"), "abc")
	w.seeSlow("under way")
	w.keys(in("line", "input"), "def")
	w.press("Ask") // sends what is typed before the click
	if got := next(t, d.clicked); got != "ask" {
		t.Errorf("the app heard of %s", got)
	}
	w.seeSlow("over")
	w.click("dialog [type=submit]")
	if got := shortValues(next(t, d.sent)); got["line"] != `"abcdef"` {
		t.Errorf("%s was sent", got["line"])
	}
	w.seeNoError()
}

func TestSubmitWaitsForWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	d, w := openShortForm(t)
	w.slowDown("type")
	w.keys(in("line", "input"), "first")
	w.seeSlow("under way")
	w.keys(in("lines", "textarea"), "second")
	w.click("dialog [type=submit]")
	w.keys(in("line", "input"), ", and more")
	got := shortValues(next(t, d.sent))
	if got["line"] != `"first, and more"` || got["lines"] != `"second"` {
		t.Errorf("%v was sent", got)
	}
	w.seeSlow("over")
	w.see("no form", `!document.querySelector('dialog')`)
	w.seeNoError()
}

func TestTheAppHearsTheNewestLast(t *testing.T) {
	t.Parallel()
	d, w := openShortForm(t)
	w.slowDown("type")
	w.keys(in("told", "input"), "card")
	w.seeSlow("under way")
	w.keys(in("told", "input"), " fails")
	if first, second := next(t, d.clicked), next(t, d.clicked); first != `told"card"` || second != `told"card fails"` {
		t.Errorf("the app heard %s, then %s", first, second)
	}
}

func TestAClosedFormSendsNothing(t *testing.T) {
	t.Parallel()
	_, w := openShortForm(t)
	w.keys(in("line", "input"), "abc")
	w.run(key("Escape"))
	w.see("no form, for as long as a late send would take", `!document.querySelector('dialog') && (window.since ??= performance.now()) < performance.now() - 700`)
	w.seeNoError()
}

func TestAnUpdatedFormKeepsWhatIsTyped(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.form = shortForm
	var b *bot
	hooks := d.hooks(&b)
	hooks["block_actions"] = func(ctx context.Context, i interaction) any { // offers something above the field
		offer := `"blocks":[{"type":"section","block_id":"offer","text":{"type":"plain_text","text":"Is it one of these?"}},`
		if _, err := b.api.UpdateViewContext(ctx, rawView(strings.Replace(shortForm, `"blocks":[`, offer, 1)), "", "", i.View.ID); err != nil {
			t.Error(err)
		}
		return nil
	}
	srv, made := start(t, slacksim.Config{}, hooks)
	b = made
	w := open(t, srv, "/?as=alice&channel=support", wide)
	w.see("the workspace", `document.querySelector('.composer')`)
	w.say("/support")
	w.seeFocus("line")
	w.keys(in("told", "input"), "card")
	w.see("the offer", `document.querySelector('dialog').textContent.includes('Is it one of these?')`)
	w.seeFocus("told")
	w.run(chromedp.KeyEvent("s"))
	w.see("what was typed, at the cursor", fmt.Sprintf(`document.querySelector(%q).value === 'cards'`, in("told", "input")))
	w.click("dialog [type=submit]")
	if got := next(t, d.sent)["told"]["told"]; !strings.Contains(string(got), `"cards"`) {
		t.Errorf("%s was sent", got)
	}
}

func TestTheFocusUnderLoad(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.form = shortForm
	var b *bot
	hooks := d.hooks(&b)
	opens := hooks["command"]
	var srv *slacksim.Server
	hooks["command"] = func(ctx context.Context, i interaction) any { // the page has much to draw beside the form
		for j := range 8 {
			b.post(t, srv, "support", fmt.Sprint("message ", j), "")
		}
		return opens(ctx, i)
	}
	srv, b = start(t, slacksim.Config{}, hooks)
	w := open(t, srv, "/?as=alice&channel=support", wide)
	w.see("the workspace", `document.querySelector('.composer')`)
	w.run(command(emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: 20}))
	for range 4 {
		w.say("/support")
		w.seeFocus("line")
		w.run(key("Escape"))
		w.see("no form", `!document.querySelector('dialog')`)
		w.see("the focus where it was", `document.activeElement?.matches('.composer textarea')`)
	}
}
