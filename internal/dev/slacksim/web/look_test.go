package web_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim"
)

const card = `[{"type":"header","text":{"type":"plain_text","text":"#42 · P2 · Checkout fails for US cards"}},
 {"type":"section","text":{"type":"mrkdwn","text":"Open, no owner · solve by <!date^1795179000^{date_short_pretty} {time}|Fri>"}},
 {"type":"actions","elements":[{"type":"button","action_id":"claim","style":"primary","text":{"type":"plain_text","text":"Claim"}},{"type":"overflow","action_id":"menu","options":[{"text":{"type":"plain_text","text":"Edit"},"value":"e"}]}]}]`

func TestNarrowScreen(t *testing.T) {
	t.Parallel()
	srv, b := start(t, slacksim.Config{Time: newHand()}, nil)
	b.post(t, srv, "support", "card", card)
	w := open(t, srv, "/?as=bob&channel=support", narrow)
	w.message("Checkout fails")
	fits := func(what string) {
		t.Helper()
		if over := eval[int](w, `document.scrollingElement.scrollWidth`); over > 390 {
			t.Errorf("%s is %d pixels wide", what, over)
		}
	}
	fits("the channel")
	if eval[bool](w, `document.querySelector('.sidebar').getBoundingClientRect().right > 0`) {
		t.Error("the sidebar is not out of the way")
	}
	w.click(".drawer-button")
	w.see("the drawer", `document.querySelector('.sidebar.open').getBoundingClientRect().left === 0`)
	w.place("general")
	w.see("the other channel, without the drawer", `document.querySelector('h1').textContent.includes('general') && document.querySelector('.sidebar').getBoundingClientRect().right <= 0`)
	w.click(".drawer-button")
	w.see("the drawer", `document.querySelector('.sidebar.open').getBoundingClientRect().left === 0`)
	w.place("support")
	w.see("that the drawer is gone", `document.querySelector('.sidebar').getBoundingClientRect().right <= 0`)
	m := w.message("Checkout fails")
	w.tool(m, "Reply in thread")
	w.see("the thread over all of it", `document.querySelector('.thread-pane').getBoundingClientRect().width === 390`)
	fits("the thread")
}

// On the smallest telephone everything in the bar can be reached, the inspector too.
func TestSmallestScreen(t *testing.T) {
	t.Parallel()
	srv, b := start(t, slacksim.Config{Time: newHand()}, nil)
	b.post(t, srv, "support", "card", card)
	w := open(t, srv, "/?as=bob&channel=support", looks{width: 320, height: 640})
	w.message("Checkout fails")
	inside := func(what, selector string) {
		t.Helper()
		outside := eval[[]string](w, fmt.Sprintf(`[...document.querySelectorAll(%q)].filter((e) => e.checkVisibility()).filter((e) => {
			const at = e.getBoundingClientRect();
			return at.left < 0 || at.right > 320; }).map((e) => e.className + ' ' + e.textContent.slice(0, 40) + ' to ' + e.getBoundingClientRect().right)`, selector))
		if len(outside) > 0 {
			t.Errorf("%s: outside of the screen: %q", what, outside)
		}
	}
	inside("the bar", ".bar button, .bar .business, .bar .simulation")
	w.click(`.bar [aria-label="Inspector"]`)
	w.see("the inspector", `document.querySelector('.inspector .traffic')`)
	inside("the inspector", ".inspector-pane, .inspector-pane button, .inspector-pane input, .inspector-pane .line-end")
	w.see("a line of traffic", `document.querySelector('.inspector .line')`)
	inside("its lines", ".inspector .line-head, .inspector .line-end")
	if over := eval[int](w, `document.scrollingElement.scrollWidth`); over > 320 {
		t.Errorf("the page is %d pixels wide", over)
	}
}

func TestLightAndDark(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	brightness := `(() => { const c = document.createElement('canvas').getContext('2d'); c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0, 0, 1, 1); return c.getImageData(0, 0, 1, 1).data[0]; })()`
	for _, dark := range []bool{false, true} {
		w := open(t, srv, "/?as=bob&channel=support", looks{width: 1280, height: 800, dark: dark})
		w.see("the workspace", `document.querySelector('.composer')`)
		if is := eval[int](w, brightness) < 128; is != dark {
			t.Errorf("dark is %v where the system has %v", is, dark)
		}
		w.click(map[bool]string{true: `[aria-label="Light colours"]`, false: `[aria-label="Dark colours"]`}[dark])
		w.see("the other colours", fmt.Sprintf(`(%s < 128) === %v`, brightness, !dark))
	}
}

func TestKit(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{Samples: os.DirFS("../../../slackview/testdata")}, nil)
	own, err := os.ReadDir("kit")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := os.ReadDir("../../../slackview/testdata")
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, file := range slices.Concat(own, theirs) {
		if strings.HasSuffix(file.Name(), ".json") {
			want++
		}
	}
	w := open(t, srv, "/kit", looks{width: 1280, height: 800, tz: "Europe/London"})
	w.see(fmt.Sprint(want, " samples"), fmt.Sprintf(`document.querySelectorAll('.sample').length === %d`, want))
	unknown := eval[[]string](w, `[...document.querySelectorAll('.unknown')].map((e) => e.closest('.sample').getAttribute('aria-label'))`)
	for _, sample := range unknown {
		if sample != "14_unknown" {
			t.Errorf("the sample %s has a block or element that the page does not know", sample)
		}
	}
	if len(unknown) != 3 {
		t.Errorf("%d unknown things are named, want 3", len(unknown))
	}
	if empty := eval[[]string](w, `[...document.querySelectorAll('.sample')].filter((e) => !e.querySelector('.sample-body').innerText.trim()).map((e) => e.getAttribute('aria-label'))`); len(empty) > 0 {
		t.Errorf("nothing is drawn of %v", empty)
	}
	checkUnharmed(t, w)
}

// hand is a clock that a test moves.
type hand struct {
	mu    sync.Mutex
	state slacksim.TimeState
	moved []string
}

func newHand() *hand {
	friday := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	due := friday.Add(45 * time.Minute)
	return &hand{state: slacksim.TimeState{Business: friday, Rate: 0, NextDeadline: &due}}
}

func (h *hand) Get(context.Context) (slacksim.TimeState, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state, nil
}

func (h *hand) Advance(_ context.Context, d time.Duration) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.Business = h.state.Business.Add(d)
	h.moved = append(h.moved, d.String())
	return nil
}

func (h *hand) SetRate(_ context.Context, rate float64) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.state.Rate = rate
	h.moved = append(h.moved, fmt.Sprint("×", rate))
	return nil
}

func TestTimeBar(t *testing.T) {
	t.Parallel()
	h := newHand()
	srv, _ := start(t, slacksim.Config{Time: h}, nil)
	w := open(t, srv, "/?as=bob&channel=support", wide)
	other := open(t, srv, "/?as=alice&channel=support", wide)
	shows := func(clock string) string { return `document.querySelector('.hm')?.textContent === '` + clock + `'` }
	w.see("the business time", shows("17:00"))
	w.press("+15 min")
	w.see("a quarter of an hour later", shows("17:15"))
	other.see("the same in the other window", shows("17:15"))
	w.press("Next deadline")
	w.see("the deadline", shows("17:45"))
	w.press("Monday 09:00")
	w.see("Monday in London", `document.querySelector('.business').textContent.includes('Mon 23 Nov')`)
	w.press("×60")
	w.see("that it runs", `document.querySelector('.rates [aria-pressed=true]').textContent === '×60' && document.querySelector('.hm').textContent > '09:00'`)
	w.click(`[aria-label="Pause"]`)
	w.see("that it stands", `document.querySelector('[aria-label="Pause"]').getAttribute('aria-pressed') === 'true'`)
	want := []string{"15m0s", "30m0s", "63h15m0s", "×60", "×0"}
	if h.mu.Lock(); !slices.Equal(h.moved, want) {
		t.Errorf("moved %v, want %v", h.moved, want)
	}
	h.mu.Unlock()
}

func TestProgressIsShown(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	done := 30
	srv, _ := start(t, slacksim.Config{Time: newHand(), Progress: func() (int, int, string) {
		mu.Lock()
		defer mu.Unlock()
		return done, 100, "Three months of example history"
	}}, nil)
	w := open(t, srv, "/?as=bob&channel=support", wide)
	w.see("how far it is", `document.querySelector('.preparing')?.textContent.includes('example history 30 %')`)
	for _, width := range []int64{1280, 1181, 1100, 1011, 901, 720, 390} {
		w.run(chromedp.EmulateViewport(width, 800))
		w.see("the time", `document.querySelector('.hm')`)
		squeezed := eval[[]string](w, `[...document.querySelectorAll('.bar button')].filter((b) => b.checkVisibility() && (b.scrollWidth > b.clientWidth + 1 || b.getBoundingClientRect().right > Math.min(innerWidth, b.parentElement.getBoundingClientRect().right + 1))).map((b) => b.textContent + b.ariaLabel)`)
		if len(squeezed) > 0 {
			t.Errorf("at %d pixels there is no room for %q", width, squeezed)
		}
	}
	w.run(chromedp.EmulateViewport(wide.width, wide.height))
	mu.Lock()
	done = 100
	mu.Unlock()
	w.see("that it is over", `document.querySelector('.bar') && !document.querySelector('.preparing')`)
}

// TestAccessibility runs axe-core over the page, if SUPPORTY_AXE names its
// axe.min.js.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	path := os.Getenv("SUPPORTY_AXE")
	if path == "" {
		t.Skip("SKIPPED, NOT CHECKED: SUPPORTY_AXE does not name axe.min.js of the npm package axe-core")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk()
	var b *bot
	srv, made := start(t, slacksim.Config{Time: newHand()}, d.hooks(&b))
	b = made
	ts := b.post(t, srv, "support", "card", card)
	pages := map[string]string{
		"channel": "/?as=bob&channel=support", "thread": "/?as=bob&channel=support&thread=" + ts, "people": "/?as=bob&channel=support&pane=people",
		"inspector": "/?as=bob&channel=support&pane=inspector", "kit": "/kit",
		"notified": "/?as=bob&channel=support&pane=notified", "group": "/?as=bob&channel=@alice,@dana",
	}
	act(t, srv, slacksim.Action{Do: "say", As: "alice", Channel: "general", Text: "for @bob"})
	w := open(t, srv, "/?as=bob&channel=support", wide) // from now on there is something new
	w.see("the page", `document.querySelector('.composer')`)
	attach(t, srv)
	if _, err := srv.Do(slacksim.Action{Do: "command", As: "dana", Channel: "support", Command: "/support"}); err != nil {
		t.Fatal(err)
	}
	pages["form"], pages["form with errors"] = "/?as=dana&channel=support", "/?as=dana&channel=support"
	for name, page := range pages {
		for _, l := range []looks{wide, narrow, {width: 1280, height: 800, dark: true}} {
			w := open(t, srv, page, l)
			w.see("the page", `document.querySelector('.composer, .sample')`)
			if strings.HasPrefix(name, "form") {
				w.see("the form", `document.querySelector('dialog')`)
			}
			if name == "form with errors" {
				w.click("dialog [type=submit]")
				w.see("an error", `document.querySelector('.field-error')`)
			}
			checkAccessible(t, w, string(axe), fmt.Sprintf("%s at %d, dark %v", name, l.width, l.dark))
		}
	}
}

// attach lets dana send bob a file of each kind in #support; alice writes to
// both.
func attach(t *testing.T, srv *slacksim.Server) {
	t.Helper()
	dana := srv.Client().As("dana")
	var files []slacksim.File
	for name, options := range map[string][]slacksim.UploadOption{
		"notes.txt": nil, "plan": {slacksim.KeptElsewhere("gdrive", "https://drive.example/1")}, "old.png": {slacksim.HiddenByLimit()},
		"shot.gif": nil,
	} {
		content := "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
		f, err := dana.Upload(t.Context(), name, []byte(content), options...)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	if _, err := dana.Say(t.Context(), "support", "@bob look", slacksim.Attach(files...)); err != nil {
		t.Fatal(err)
	}
	act(t, srv, slacksim.Action{Do: "say", As: "alice", Channel: "@bob,@dana", Text: "all three"})
}

func checkAccessible(t *testing.T, w *window, axe, where string) {
	t.Helper()
	eval[bool](w, `Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))).then(() => true)`)
	faults := eval[[]string](w, axe+`;axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join('; ')))`)
	for _, fault := range faults {
		t.Errorf("%s: %s", where, fault)
	}
}

// The bookmarks of a channel stand at its top.
func TestBookmarks(t *testing.T) {
	t.Parallel()
	srv, b := start(t, slacksim.Config{Time: newHand(), Scopes: append(slacksim.DefaultScopes(), "bookmarks:write")}, nil)
	w := open(t, srv, "/?as=bob&channel=support", wide)
	w.see("the workspace", `document.querySelector('.composer')`)
	support := srv.State().Channel("support").ID
	if _, err := b.api.AddBookmarkContext(t.Context(), support, slack.AddBookmarkParameters{Title: "Runbook: <Payments>", Type: "link", Link: "https://wiki.example.com/payments"}); err != nil {
		t.Fatal(err)
	}
	w.see("the bookmark", `document.querySelector('.bookmarks a')?.textContent === 'Runbook: <Payments>' && document.querySelector('.bookmarks a').href === 'https://wiki.example.com/payments'`)
	w.place("general")
	w.see("no bookmark elsewhere", `document.querySelector('h1').textContent.includes('general') && !document.querySelector('.bookmarks')`)
}
