package web_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"supporty/internal/dev/slacksim"
)

const hostile = `<img src=x onerror="window.owned=1"><script>window.owned=1</script>"'&lt;b&gt; javascript:window.owned=1`

// checkUnharmed looks for anything that hostile text may have become.
func checkUnharmed(t *testing.T, w *window) {
	t.Helper()
	if eval[bool](w, `Boolean(window.owned)`) {
		t.Error("hostile text was run")
	}
	found := eval[[]string](w, `[...document.querySelectorAll('script:not([src]):not([type=importmap]), img[onerror], [onclick], a[href^="javascript:"], iframe, object, embed')].map((e) => e.outerHTML)`)
	if len(found) > 0 {
		t.Errorf("hostile text became markup: %v", found)
	}
}

func TestHostileText(t *testing.T) {
	t.Parallel()
	cfg := slacksim.Config{Workspace: slacksim.Workspace{
		Team: hostile,
		People: []slacksim.Person{
			{Name: "alice", RealName: hostile, TZ: "Europe/London", StatusText: hostile, StatusEmoji: hostile},
			{Name: "bob", RealName: "Bob", TZ: "Europe/London", Admin: true},
		},
		Channels: []slacksim.Channel{{Name: "support", Topic: hostile, Members: []string{"alice", "bob", "supporty"}}, {Name: hostile, Members: []string{"alice"}}},
	}}
	srv, b := start(t, cfg, nil)
	plain := fmt.Sprintf(`{"type":"plain_text","text":%q}`, hostile[:70])
	b.post(t, srv, "support", hostile, "")
	b.post(t, srv, "support", "x", `[{"type":"header","text":`+plain+`},{"type":"section","text":`+fmt.Sprintf(`{"type":"mrkdwn","text":%q}`, hostile)+`,"fields":[`+plain+`]},
		{"type":"context","elements":[`+plain+`]},{"type":"actions","elements":[{"type":"button","action_id":"x","value":"x","text":`+plain+`}]}]`)
	if _, err := srv.Do(slacksim.Action{Do: "say", As: "alice", Channel: "support", Text: hostile}); err != nil {
		t.Fatal(err)
	}
	w := open(t, srv, "/?as=alice&channel=support&pane=people", wide)
	w.see("three messages", `document.querySelectorAll('.message').length === 3`)
	w.see("the text as text", `[...document.querySelectorAll('.message')].every((m) => m.textContent.includes('onerror'))`)
	checkUnharmed(t, w)
	w.click(`[aria-label="Inspector"]`)
	w.click(w.find(".line-head", "chat.postMessage"))
	w.find(".detail", "onerror")
	fault := slacksim.Fault{Kind: slacksim.FaultRateLimit, Method: hostile, Reason: hostile}
	if _, err := srv.Client().Fault(t.Context(), fault); err != nil {
		t.Fatal(err)
	}
	w.find(".line-head", "fault ratelimit <img")
	checkUnharmed(t, w)
}

// TestHostileForm fills a form of an app that means no good, and is no better.
func TestHostileForm(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.form = strings.NewReplacer(`"Short"`, `"<i onclick=\"x\">T</i>"`, `"Lines"`, fmt.Sprintf("%q", hostile), `"Ask"`, fmt.Sprintf("%q", hostile[:70])).Replace(shortForm)
	d.refuse = map[string]string{"line": hostile}
	_, w := openForm(t, d)
	w.keys(in("line", "input"), hostile)
	w.click("dialog [type=submit]")
	w.see("the refusal", `document.querySelector('.field-error')?.textContent.includes('onerror')`)
	checkUnharmed(t, w)
	w.click("dialog [type=submit]")
	want, _ := json.Marshal(hostile)
	if got := shortValues(next(t, d.sent))["line"]; !sameJSON(got, string(want)) {
		t.Errorf("%s was sent, want %s", got, want)
	}
}

func sameJSON(a, b string) bool {
	var x, y any
	return json.Unmarshal([]byte(a), &x) == nil && json.Unmarshal([]byte(b), &y) == nil && x == y
}

// worded are the keys of Block Kit whose values people read.
var worded = map[string]bool{
	"text": true, "title": true, "subtitle": true, "label": true, "hint": true, "name": true, "caption": true, "alt_text": true, "fallback": true,
	"x_label": true, "y_label": true, "categories": true, "provider_name": true, "author_name": true, "initial_value": true, "url": true, "title_url": true,
	"line": true, "mail": true, "value": true,
}

// poisoned is a copy of a sample in which all that people read is hostile.
func poisoned(value any, read bool) any {
	switch v := value.(type) {
	case string:
		if read {
			return hostile
		}
	case []any:
		for i := range v {
			v[i] = poisoned(v[i], read)
		}
	case map[string]any:
		for key := range v {
			v[key] = poisoned(v[key], worded[key] || key == "kit_errors" || read && v["type"] == nil)
		}
	}
	return value
}

func poisonedSamples(t *testing.T, folders ...string) fs.FS {
	t.Helper()
	samples := fstest.MapFS{}
	for _, folder := range folders {
		files, err := fs.Glob(os.DirFS(folder), "*.json")
		if err != nil || len(files) == 0 {
			t.Fatalf("no samples in %s: %v", folder, err)
		}
		for _, name := range files {
			var sample any
			content, err := os.ReadFile(folder + "/" + name)
			if err != nil || json.Unmarshal(content, &sample) != nil {
				t.Fatalf("reading %s: %v", name, err)
			}
			bad, err := json.Marshal(poisoned(sample, false))
			if err != nil {
				t.Fatal(err)
			}
			samples[name] = &fstest.MapFile{Data: bad}
		}
	}
	return samples
}

func TestEveryBlockWithHostileText(t *testing.T) {
	t.Parallel()
	samples := poisonedSamples(t, "kit", "../../../slackview/testdata")
	srv, _ := start(t, slacksim.Config{Samples: samples}, nil)
	w := open(t, srv, "/kit", wide)
	names, err := fs.Glob(samples, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	w.see("all of them", fmt.Sprintf(`document.querySelectorAll('section:last-of-type .sample').length === %d`, len(names)))
	w.see("hostile text in each", `[...document.querySelectorAll('section:last-of-type .sample-body')].every((e) => e.innerHTML.includes('onerror'))`)
	checkUnharmed(t, w)
	eval[bool](w, `(() => { for (const b of document.querySelectorAll('section:last-of-type button.select')) b.click(); return true; })()`)
	w.see("open menus", `document.querySelectorAll('.options [role=option]').length > 5`)
	checkUnharmed(t, w)
}
