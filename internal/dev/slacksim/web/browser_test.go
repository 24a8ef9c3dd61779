package web_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"supporty/internal/dev/slacksim"
)

// within bounds every wait for something to be seen.
const within = 30 * time.Second

// browsers are the names under which Chromium is looked for.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

var browser = sync.OnceValues(func() (context.Context, error) {
	path := ""
	for _, name := range browsers {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		return nil, fmt.Errorf("none of %s is installed", strings.Join(browsers, ", "))
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-GB"),
		// A machine without a screen has no mouse: this says that there is one.
		chromedp.Flag("blink-settings", "primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4"))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it refuses to start as root otherwise
	}
	allocator, _ := chromedp.NewExecAllocator(context.Background(), options...)
	first, _ := chromedp.NewContext(allocator)
	return first, chromedp.Do(first)
})

func TestMain(m *testing.M) {
	code := m.Run()
	if first, err := browser(); err == nil {
		_ = chromedp.Cancel(first) // closes the browser
	}
	os.Exit(code)
}

// size and looks of a window.
type looks struct {
	width, height int64
	dark          bool
	tz            string // of the browser; "" for UTC
}

var (
	wide   = looks{width: 1280, height: 800}
	narrow = looks{width: 390, height: 844}
)

// window is one person's browser window.
type window struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu       sync.Mutex
	problems []string
	marks    int
}

// open shows a page of the simulator in a window of its own. When the test
// ends, the window must have logged no error and asked no other machine.
func open(t *testing.T, srv *slacksim.Server, path string, l looks) *window {
	t.Helper()
	if os.Getenv("SUPPORTY_BROWSER") == "" {
		t.Skip("SKIPPED, NOT CHECKED: the page was not looked at; make browser does")
	}
	first, err := browser()
	if err != nil {
		t.Skipf("SKIPPED, NOT CHECKED: the page was not looked at, because there is no browser: %v", err)
	}
	ctx, cancel := chromedp.NewContext(first, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	w := &window{t: t, ctx: ctx, base: srv.URL()}
	if err := chromedp.Listen(ctx, w.watch); err != nil {
		t.Fatal(err)
	}
	w.run(
		command(network.Enable, network.EnableParams{}), command(runtime.Enable, cdp.Empty{}), command(cdplog.Enable, cdp.Empty{}),
		command(emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}),
		chromedp.EmulateViewport(l.width, l.height), scheme(l.dark),
		command(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: cmp.Or(l.tz, "UTC")}),
		chromedp.Navigate(srv.URL()+path))
	t.Cleanup(w.checkCalm)
	return w
}

// step is something done in the browser.
type step = chromedp.Action[chromedp.Void]

// command sends one command of the browser's protocol.
func command[P, R any](c cdp.Command[P, R], params P) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, c, params); err != nil {
			return fmt.Errorf("%s: %w", c.Method, err)
		}
		return nil
	})
}

func scheme(dark bool) step {
	value := "light"
	if dark {
		value = "dark"
	}
	return command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: value}},
	})
}

func (w *window) watch(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.note("an exception: " + e.ExceptionDetails.Text + " " + describe(e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			w.note(fmt.Sprintf("console.%s: %s", e.Type, arguments(e.Args)))
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			w.note(fmt.Sprintf("logged: %s %s", e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if u := e.Request.URL; !strings.HasPrefix(u, w.base) && !strings.HasPrefix(u, "data:") && !strings.HasPrefix(u, "blob:") {
			w.note("a request that leaves the machine: " + u)
		}
	}
}

func arguments(args []*runtime.RemoteObject) string {
	var parts []string
	for _, a := range args {
		parts = append(parts, describe(a))
	}
	return strings.Join(parts, " ")
}

func describe(o *runtime.RemoteObject) string {
	if o == nil {
		return ""
	}
	return string(o.Value) + o.Description
}

func (w *window) note(problem string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, problem)
}

func (w *window) checkCalm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.problems {
		w.t.Errorf("%s: %s", w.base, p)
	}
}

func (w *window) run(steps ...step) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, within)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.t.Fatalf("in the browser: %v\non the page:\n%s", err, w.visible())
	}
}

// visible is what the page reads, for a test that failed.
func (w *window) visible() string {
	ctx, cancel := context.WithTimeout(w.ctx, within)
	defer cancel()
	text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText.slice(-3000)`))
	return text
}

// eval returns the value of a JavaScript expression, waiting for a promise.
func eval[T any](w *window, expression string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, within)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("in the browser: %v", err)
	}
	return value
}

// see waits until a JavaScript expression holds.
func (w *window) see(what, expression string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, within)
	defer cancel()
	wait := chromedp.Poll[chromedp.Void]("(() => { try { return Boolean("+expression+"); } catch { return false; } })()", chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(within))
	if err := chromedp.Do(ctx, wait); err != nil {
		w.t.Fatalf("%s was not seen: %v\non the page:\n%s", what, err, w.visible())
	}
}

// find waits for an element with that text in it and returns a selector for
// it; of several the last.
func (w *window) find(selector, text string) string {
	w.t.Helper()
	w.marks++
	mark := fmt.Sprintf("m%d", w.marks)
	w.see(fmt.Sprintf("%s with %q", selector, text), fmt.Sprintf(
		`(() => { const el = [...document.querySelectorAll(%q)].filter((e) => e.textContent.includes(%q) || e.getAttribute('aria-label')?.includes(%[2]q)).at(-1);
			el?.setAttribute('data-mark', %q); return el; })()`, selector, text, mark))
	return `[data-mark="` + mark + `"]`
}

// message waits for a message that reads so.
func (w *window) message(text string) string { w.t.Helper(); return w.find(".message", text) }

func (w *window) click(selector string) {
	w.t.Helper()
	w.run(chromedp.Click(chromedp.CSS(selector)))
}

// press clicks the button that says just that.
func (w *window) press(text string) {
	w.t.Helper()
	w.see("a button "+text, fmt.Sprintf(`(() => {
		const button = [...document.querySelectorAll('button')].filter((b) => b.innerText.trim() === %q && b.checkVisibility()).at(-1);
		button?.setAttribute('data-press', %[1]q);
		return button;
	})()`, text))
	w.click(`[data-press="` + text + `"]`)
}

// keys types into a field; \r is Enter and \t Tab.
func (w *window) keys(selector, keys string) {
	w.t.Helper()
	for len(keys) > 0 {
		end := strings.IndexAny(keys, "\r\t")
		switch end {
		case 0:
			w.run(key(map[byte]string{'\r': "Enter", '\t': "Tab"}[keys[0]]))
			keys = keys[1:]
			continue
		case -1:
			end = len(keys)
		}
		w.run(chromedp.SendKeys(chromedp.CSS(selector), keys[:end]))
		keys = keys[end:]
	}
}

// place clicks a channel in the sidebar.
func (w *window) place(name string) {
	w.t.Helper()
	w.see(name+" in the sidebar", fmt.Sprintf(`(() => {
		const place = [...document.querySelectorAll('.place')].find((p) => p.querySelector('.place-name')?.textContent === %q);
		place?.setAttribute('data-place', %[1]q);
		return place;
	})()`, name))
	w.click(`[data-place="` + name + `"]`)
}

// hover moves the mouse onto an element.
func (w *window) hover(selector string) {
	w.t.Helper()
	at := eval[[]float64](w, fmt.Sprintf(`(() => {
		const el = document.querySelector(%q);
		el.scrollIntoView({ block: 'nearest' });
		const r = el.getBoundingClientRect();
		return [r.left + 60, r.top + Math.min(12, r.height / 2)];
	})()`, selector))
	w.run(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
}

// tool clicks what appears beside a message when the mouse is on it.
func (w *window) tool(message, label string) {
	w.t.Helper()
	w.hover(message)
	w.click(message + ` .toolbar [aria-label="` + label + `"]`)
}

// say writes into the composer of the channel and sends it.
func (w *window) say(text string) {
	w.t.Helper()
	w.keys(".conversation .composer textarea", text+"\r")
}
