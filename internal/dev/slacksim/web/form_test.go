package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim"
)

// everyField is a modal with each kind of field.
const everyField = `{"type":"modal","title":{"type":"plain_text","text":"Every field"},"submit":{"type":"plain_text","text":"Send"},"close":{"type":"plain_text","text":"Cancel"},"blocks":[
 {"type":"input","block_id":"line","label":{"type":"plain_text","text":"Line"},"element":{"type":"plain_text_input","action_id":"x","focus_on_load":true,"min_length":3}},
 {"type":"input","block_id":"lines","label":{"type":"plain_text","text":"Lines"},"element":{"type":"plain_text_input","action_id":"x","multiline":true}},
 {"type":"input","block_id":"mail","label":{"type":"plain_text","text":"Mail"},"element":{"type":"email_text_input","action_id":"x"}},
 {"type":"input","block_id":"url","label":{"type":"plain_text","text":"Address"},"element":{"type":"url_text_input","action_id":"x"}},
 {"type":"input","block_id":"number","label":{"type":"plain_text","text":"Number"},"element":{"type":"number_input","action_id":"x","is_decimal_allowed":false,"max_value":"5"}},
 {"type":"input","block_id":"radio","label":{"type":"plain_text","text":"Radio"},"element":{"type":"radio_buttons","action_id":"x","options":[{"text":{"type":"plain_text","text":"P1"},"value":"p1"},{"text":{"type":"plain_text","text":"P2"},"value":"p2"}],"initial_option":{"text":{"type":"plain_text","text":"P1"},"value":"p1"}}},
 {"type":"input","block_id":"boxes","label":{"type":"plain_text","text":"Boxes"},"element":{"type":"checkboxes","action_id":"x","options":[{"text":{"type":"plain_text","text":"Web"},"value":"web"},{"text":{"type":"plain_text","text":"App"},"value":"app"}]}},
 {"type":"input","block_id":"one","label":{"type":"plain_text","text":"One"},"element":{"type":"static_select","action_id":"x","options":[{"text":{"type":"plain_text","text":"Payments"},"value":"pay"},{"text":{"type":"plain_text","text":"Accounts"},"value":"acc"}]}},
 {"type":"input","block_id":"several","label":{"type":"plain_text","text":"Several"},"element":{"type":"multi_static_select","action_id":"x","options":[{"text":{"type":"plain_text","text":"Red"},"value":"r"},{"text":{"type":"plain_text","text":"Green"},"value":"g"},{"text":{"type":"plain_text","text":"Blue"},"value":"b"}]}},
 {"type":"input","block_id":"who","label":{"type":"plain_text","text":"Who"},"element":{"type":"users_select","action_id":"x"}},
 {"type":"input","block_id":"offered","label":{"type":"plain_text","text":"Offered"},"element":{"type":"external_select","action_id":"x","min_query_length":2}},
 {"type":"input","block_id":"day","label":{"type":"plain_text","text":"Day"},"element":{"type":"datepicker","action_id":"x"}},
 {"type":"input","block_id":"rich","label":{"type":"plain_text","text":"Rich"},"element":{"type":"rich_text_input","action_id":"x"}},
 {"type":"input","block_id":"files","label":{"type":"plain_text","text":"Files"},"element":{"type":"file_input","action_id":"x"}},
 {"type":"actions","block_id":"row","elements":[
  {"type":"button","action_id":"ask","text":{"type":"plain_text","text":"Ask first"},"confirm":{"title":{"type":"plain_text","text":"Really?"},"text":{"type":"plain_text","text":"It cannot be undone."},"confirm":{"type":"plain_text","text":"Do it"},"deny":{"type":"plain_text","text":"Keep it"}}},
  {"type":"overflow","action_id":"menu","options":[{"text":{"type":"plain_text","text":"Hand over"},"value":"hand"},{"text":{"type":"plain_text","text":"Close it"},"value":"close"}]}]}]}`

// desk is a bot with one form. It says what it received.
type desk struct {
	form    string // as JSON
	sent    chan map[string]map[string]json.RawMessage
	clicked chan string
	refuse  map[string]string // answered once
}

func newDesk() *desk {
	return &desk{form: everyField, sent: make(chan map[string]map[string]json.RawMessage, 9), clicked: make(chan string, 9)}
}

func (d *desk) hooks(b **bot) map[string]func(context.Context, interaction) any {
	return map[string]func(context.Context, interaction) any{
		"command": func(ctx context.Context, i interaction) any {
			if _, err := (*b).api.OpenViewContext(ctx, i.TriggerID, rawView(d.form)); err != nil {
				return map[string]string{"text": err.Error()}
			}
			return nil
		},
		"block_suggestion": func(_ context.Context, i interaction) any {
			return map[string]any{"options": []any{map[string]any{"text": map[string]string{"type": "plain_text", "text": "#42 about " + i.Value}, "value": "42"}}}
		},
		"block_actions": func(_ context.Context, i interaction) any {
			d.clicked <- i.Actions[0].ActionID + string(i.Actions[0].Selected) + string(i.Actions[0].Value)
			return nil
		},
		"view_submission": func(_ context.Context, i interaction) any {
			if refuse := d.refuse; refuse != nil {
				d.refuse = nil
				return map[string]any{"response_action": "errors", "errors": refuse}
			}
			d.sent <- i.View.State.Values
			return nil
		},
	}
}

// next waits for what the bot receives.
func next[T any](t *testing.T, received <-chan T) T {
	t.Helper()
	select {
	case v := <-received:
		return v
	case <-time.After(within):
		t.Fatal("the bot received nothing")
		panic("unreachable")
	}
}

func openForm(t *testing.T, d *desk) (*slacksim.Server, *window) {
	t.Helper()
	var b *bot
	srv, made := start(t, slacksim.Config{}, d.hooks(&b))
	b = made
	w := open(t, srv, "/?as=alice&channel=support", wide)
	w.see("the workspace", `document.querySelector('.composer')`)
	w.say("/support")
	w.seeFocus("line")
	return srv, w
}

// seeFocus waits for an open form whose focus is in a field.
func (w *window) seeFocus(block string) {
	w.t.Helper()
	w.see("the form, with the focus in its field "+block, fmt.Sprintf(`document.activeElement?.closest('dialog [data-block]')?.dataset.block === %q`, block))
}

func in(block, rest string) string { return `[data-block="` + block + `"] ` + rest }

// choose picks an option of a menu.
func (w *window) choose(block, option string) {
	w.t.Helper()
	w.click(in(block, "button.select"))
	w.click(w.find("[role=option]", option))
}

func TestEveryFieldOfAForm(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.refuse = map[string]string{"line": "Somebody has filed this already."}
	_, w := openForm(t, d)
	w.keys(in("line", "input"), "ab")
	w.keys(in("mail", "input"), "nobody")
	w.keys(in("number", "input"), "7")
	w.click("dialog [type=submit]")
	w.see("what is wrong at each field", `['line', 'mail', 'number'].every((b) => document.querySelector('[data-block="' + b + '"] .field-error'))`)

	w.keys(in("line", "input"), "c")
	w.keys(in("lines", "textarea"), "one\ntwo")
	w.keys(in("mail", "input"), "@example.com")
	w.run(clear(in("number", "input")))
	w.keys(in("number", "input"), "4")
	w.keys(in("url", "input"), "https://example.com")
	w.click(w.find(in("radio", "label"), "P2"))
	w.click(w.find(in("boxes", "label"), "Web"))
	w.click("dialog [type=submit]")
	w.see("that fields are missing", `document.querySelector('[data-block="one"] .field-error')?.textContent.includes('required')`)
	w.run(chromedp.EmulateViewport(1280, 420)) // so low that the first error is out of sight
	w.click(in("rich", "textarea"))
	at := eval[float64](w, `document.querySelector('.modal-body').scrollTop`)
	w.run(chromedp.KeyEvent("r"))
	w.see("that error gone", `!document.querySelector('[data-block="rich"] .field-error')`)
	drawn := `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(document.querySelector('.modal-body').scrollTop), 50))))`
	if now := eval[float64](w, drawn); now < at-60 {
		t.Errorf("while somebody typed, the form went from %v up to %v", at, now)
	}
	w.run(chromedp.EmulateViewport(wide.width, wide.height))

	w.choose("one", "Accounts")
	w.choose("several", "Red")
	w.click(w.find("[role=option]", "Blue"))
	w.run(key("Escape"))
	w.choose("who", "Bob")
	w.click(in("offered", "button.select"))
	w.keys(".options input", "card")
	w.click(w.find("[role=option]", "#42 about card"))
	w.run(setDate(in("day", "input"), "2026-11-23"))
	w.keys(in("rich", "textarea"), "ich")
	w.run(setFiles(t, in("files", `input[type="file"]`), "a.txt", "content"))
	w.see("the file", `document.querySelector('[data-block="files"]').textContent.includes('a.txt')`)
	w.click("dialog [type=submit]")
	w.see("the app's refusal", `document.querySelector('[data-block="line"] .field-error')?.textContent === 'Somebody has filed this already.'`)
	w.click("dialog [type=submit]")
	w.see("no form", `!document.querySelector('dialog')`)

	got := shortValues(next(t, d.sent))
	want := map[string]string{
		"line": `"abc"`, "lines": `"one\ntwo"`, "mail": `"nobody@example.com"`, "url": `"https://example.com"`, "number": `"4"`,
		"radio": "p2", "boxes": "web", "one": "acc", "several": "r b", "offered": "42 #42 about card", "day": `"2026-11-23"`,
	}
	for block, value := range want {
		if got[block] != value {
			t.Errorf("%s was sent as %s, want %s", block, got[block], value)
		}
	}
	for block, part := range map[string]string{"who": `"U`, "rich": `"text":"rich"`, "files": `"name":"a.txt"`} {
		if !strings.Contains(got[block], part) {
			t.Errorf("%s was sent as %s", block, got[block])
		}
	}
}

// shortValues makes the values of a submission readable: options by their value.
func shortValues(values map[string]map[string]json.RawMessage) map[string]string {
	short := map[string]string{}
	for block, actions := range values {
		var fields map[string]json.RawMessage
		_ = json.Unmarshal(actions["x"], &fields)
		delete(fields, "type")
		for key, value := range fields {
			short[block] = shortValue(block, key, value)
		}
	}
	return short
}

func shortValue(block, key string, value json.RawMessage) string {
	type option struct {
		Value string
		Text  struct{ Text string }
	}
	var list []option
	switch key {
	case "selected_option":
		list = make([]option, 1)
		_ = json.Unmarshal(value, &list[0])
	case "selected_options":
		_ = json.Unmarshal(value, &list)
	default:
		return string(value)
	}
	var parts []string
	for _, o := range list {
		parts = append(parts, o.Value)
		if block == "offered" {
			parts = append(parts, o.Text.Text)
		}
	}
	return strings.Join(parts, " ")
}

// Who pauses in the middle of an address is not told off, and what they typed
// elsewhere is kept.
func TestHalfTypedAddress(t *testing.T) {
	t.Parallel()
	srv, w := openForm(t, newDesk())
	w.keys(in("mail", "input"), "nobody@")
	w.keys(in("number", "input"), "-")
	w.keys(in("line", "input"), "words")
	awaitTyped(t, srv, "words")
	w.seeNoError()
}

func TestQuestionsAndMenusOfAForm(t *testing.T) {
	t.Parallel()
	d := newDesk()
	_, w := openForm(t, d)
	w.press("Ask first")
	w.press("Keep it")
	w.see("no question", `!document.querySelector('.confirm')`)
	w.press("Ask first")
	w.press("Do it")
	w.click("dialog button.overflow")
	w.see("the menu with the focus in it", `document.activeElement.role === 'menuitem'`)
	w.run(key("ArrowDown"))
	w.click(`[role=menuitem]:focus`)
	got := []string{next(t, d.clicked), next(t, d.clicked)}
	if diff := cmp.Diff("ask", got[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !strings.Contains(got[1], `"value":"close"`) {
		t.Errorf("the menu sent %s", got[1])
	}
	w.run(key("Escape"))
	w.see("no form", `!document.querySelector('dialog')`)
}

func TestAFormStaysWhenTheAppIsSilent(t *testing.T) {
	t.Parallel()
	srv, w := openForm(t, newDesk())
	w.keys(in("line", "input"), "typed")
	awaitTyped(t, srv, "typed")
	w.click(`dialog [aria-label="Close"]`)
	w.see("no form", `!document.querySelector('dialog')`)

	w.click(`[aria-label="Inspector"]`)
	w.find(".line", "views.open")
	w.click(w.find(".line-head", "slash_commands"))
	w.find(".detail", `"command": "/support"`)
	w.keys(`[aria-label="Filter the traffic"]`, "views")
	w.see("only what fits", `[...document.querySelectorAll('.line-title')].every((l) => l.textContent.includes('views'))`)
	w.click(".faults summary")
	w.click(w.find(".switch", "Lost acknowledgements") + " input")
	w.see("that it is on", `document.querySelector('.faults .badge')?.textContent === '1 on'`)
	other := open(t, srv, "/?as=bob&channel=support&pane=inspector", wide)
	other.click(".faults summary")
	other.see("in the other window too", `document.querySelector('.faults .badge')?.textContent === '1 on'`)
	w.say("/support")
	w.see("what Slack says", `document.querySelector('.toast')?.textContent.includes('operation_timeout')`)
	w.see("the form all the same, as the app had opened it", `document.querySelector('dialog')`)
	w.click("dialog [type=submit]")
	w.keys(in("line", "input"), "again")
	other.press("End all")
	w.see("that all is well again", `!document.querySelector('.faults .badge')`)
}

func TestHomeTab(t *testing.T) {
	t.Parallel()
	d := newDesk()
	var b *bot
	hooks := d.hooks(&b)
	looked := make(chan string, 9)
	hooks["event_callback"] = func(_ context.Context, i interaction) any {
		if i.Event.Type == "app_home_opened" {
			looked <- i.Event.Tab
		}
		return nil
	}
	srv, made := start(t, slacksim.Config{}, hooks)
	b = made
	w := open(t, srv, "/?as=alice&channel=@supporty&tab=home", wide)
	w.see("that nothing is there yet", `document.querySelector('.home').textContent.includes('Nothing here yet')`)
	if tab := next(t, looked); tab != "home" {
		t.Errorf("the app heard that %q was opened", tab)
	}
	_, err := b.api.PublishViewContext(t.Context(), slack.PublishViewContextRequest{UserID: srv.State().Person("alice").ID, View: slack.HomeTabViewRequest{
		Type: "home", Blocks: blocksOf(t, `[
			{"type":"input","block_id":"find","dispatch_action":true,"label":{"type":"plain_text","text":"Find"},"element":{"type":"plain_text_input","action_id":"find"}},
			{"type":"actions","block_id":"row","elements":[{"type":"button","action_id":"ask","text":{"type":"plain_text","text":"File a ticket"}}]}]`),
	}})
	if err != nil {
		t.Fatal(err)
	}
	w.keys(in("find", "input"), "card\r")
	if got := next(t, d.clicked); got != `find"card"` {
		t.Errorf("the app heard %s", got)
	}
	w.press("File a ticket")
	if got := next(t, d.clicked); got != "ask" {
		t.Errorf("the app heard %s", got)
	}
	w.seeNoError()
}

// An app without a Home tab has messages only, also where an old address asks for more.
func TestNoHomeTab(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{HomeDisabled: true}, nil)
	w := open(t, srv, "/?as=alice&channel=@supporty&tab=home", wide)
	w.see("the messages", `document.querySelector('.conversation .composer textarea')`)
	if eval[bool](w, `Boolean(document.querySelector('.tabs, .home'))`) {
		t.Error("there are tabs")
	}
}

// awaitTyped waits until the server has what was typed, though it was not sent.
func awaitTyped(t *testing.T, srv *slacksim.Server, typed string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	_, err := srv.Await(ctx, func(s slacksim.State) bool {
		p := s.Person("alice")
		return p.Modal() != nil && fmt.Sprint(p.Modal().Values["line"]["x"]["value"]) == typed
	})
	if err != nil {
		t.Error(err)
	}
}
