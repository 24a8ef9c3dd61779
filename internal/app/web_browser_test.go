package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// The pages in a browser: make browser runs this.

const seenWithin = 30 * time.Second

// browse opens a browser window; it skips the test where nobody asked for one.
func browse(t *testing.T) context.Context {
	t.Helper()
	if os.Getenv("SUPPORTY_BROWSER") == "" {
		t.Skip("SKIPPED, NOT CHECKED: the pages were not looked at; make browser does")
	}
	path := ""
	for _, name := range []string{"google-chrome-stable", "google-chrome", "chromium-browser", "chromium"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
		}
	}
	if path == "" {
		t.Skip("SKIPPED, NOT CHECKED: the pages were not looked at, because there is no browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.Flag("disable-gpu", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // it refuses to start as root otherwise
	}
	allocator, end := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	t.Cleanup(end)
	window, closing := chromedp.NewContext(allocator)
	t.Cleanup(closing)
	if err := chromedp.Do(window); err != nil { // with a deadline, the browser would end with it
		t.Fatal(err)
	}
	return window
}

type act = chromedp.Action[chromedp.Void]

func devtools[P, R any](c cdp.Command[P, R], params P) act {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	})
}

func does(t *testing.T, window context.Context, acts ...act) {
	t.Helper()
	ctx, cancel := context.WithTimeout(window, seenWithin)
	defer cancel()
	if err := chromedp.Do(ctx, acts...); err != nil {
		t.Fatalf("in the browser: %v", err)
	}
}

func valueIn[T any](t *testing.T, window context.Context, expression string) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(window, seenWithin)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("in the browser: %v", err)
	}
	return value
}

// shows waits until an expression holds, also on the page that comes next.
func shows(t *testing.T, window context.Context, expression string) {
	t.Helper()
	safe := "(() => { try { return Boolean(" + expression + "); } catch { return false; } })()"
	for ends := time.Now().Add(seenWithin); time.Now().Before(ends); {
		if holds, err := chromedp.Run(window, chromedp.Evaluate[bool](safe)); err == nil && holds { // it fails between two pages
			return
		}
		<-time.After(20 * time.Millisecond)
	}
	text, _ := chromedp.Run(window, chromedp.Evaluate[string](`document.body.innerText.slice(-2000)`))
	t.Fatalf("never: %s\non the page:\n%s", expression, text)
}

// presses clicks what says so, and waits for the page behind it.
func presses(t *testing.T, window context.Context, says, then string) {
	t.Helper()
	mark := fmt.Sprintf(`(() => { const e = [...document.querySelectorAll('a, button')].find((e) => e.textContent.includes(%q)); e?.setAttribute('data-press', '1'); return e; })()`, says)
	shows(t, window, mark)
	does(t, window, chromedp.Click(chromedp.CSS(`[data-press="1"]`)))
	shows(t, window, then)
}

// A lead signs in by pressing, without a script on any page; the pages are accessible, fit a phone,
// load nothing from elsewhere, and log no error.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	window := browse(t)
	h := led(t)
	alice, bob := h.as("alice"), h.as("bob")
	card := alice.opens(newTicket{"P2", "Refunds hang, and " + strings.Repeat("long", 20), "Since noon.", "Data"})
	bob.reacts(card, "eyes")
	h.reads("support", "Bob has it")
	h.advance(time.Hour)
	bob.reacts(card, "white_check_mark")
	h.reads("support", "Bob resolved it")
	alice.opens(usual("Checkout fails"))
	h.allPosted()

	var problems []string
	if err := chromedp.Listen(window, func(event any) {
		switch e := event.(type) {
		case *cdplog.EventEntryAdded:
			problems = append(problems, e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Hostname() != "127.0.0.1" {
				problems = append(problems, "asks for "+e.Request.URL)
			}
		}
	}); err != nil {
		t.Fatal(err)
	}
	does(t, window, devtools(network.Enable, network.EnableParams{}), devtools(cdplog.Enable, cdp.Empty{}),
		chromedp.Navigate(h.cfg.HTTP.PublicURL+"/tickets?state=any"))
	presses(t, window, "Sign in with Slack", `document.title.startsWith('Sign in to')`)
	presses(t, window, "Sign in as Dana", `location.pathname === '/tickets' && document.querySelectorAll('.tickets li').length === 2`)
	for _, path := range []string{"/", "/tickets?state=any", "/tickets/1", "/tickets/999", "/?period=soon"} {
		looks(t, window, h.cfg.HTTP.PublicURL+path)
	}
	presses(t, window, "Sign out", `location.pathname === '/sign-in'`)
	looks(t, window, h.cfg.HTTP.PublicURL+"/sign-in")
	does(t, window, chromedp.Navigate(h.cfg.HTTP.PublicURL+"/"))
	shows(t, window, `location.pathname === '/sign-in'`)
	for _, p := range problems {
		if !strings.Contains(p, "404") && !strings.Contains(p, "400") && !strings.Contains(p, "favicon") {
			t.Error(p)
		}
	}
}

// looks checks a page in light and dark, wide and narrow.
func looks(t *testing.T, window context.Context, address string) {
	t.Helper()
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 390} {
			does(t, window, chromedp.EmulateViewport(width, 844),
				devtools(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}),
				chromedp.Navigate(address))
			if over := valueIn[int64](t, window, `document.scrollingElement.scrollWidth`); over > width {
				t.Errorf("%s is %d pixels wide on a screen of %d", address, over, width)
			}
			if broken := valueIn[[]string](t, window, `Promise.all([...document.images].map((i) => i.decode().then(() => '', (e) => i.alt + ': ' + e))).then((all) => all.filter(Boolean))`); len(broken) > 0 {
				t.Errorf("%s: pictures that are not shown: %q", address, broken)
			}
			accessible(t, window, address, scheme)
		}
	}
}

// accessible runs axe-core, if SUPPORTY_AXE names it.
func accessible(t *testing.T, window context.Context, address, scheme string) {
	t.Helper()
	file := os.Getenv("SUPPORTY_AXE")
	if file == "" {
		return
	}
	axe, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	valueIn[bool](t, window, string(axe)+"; true")
	found := valueIn[string](t, window, `axe.run().then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' '))))`)
	var violations []string
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("%s, %s: %s", address, scheme, v)
	}
}
