package slackin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackview"
)

// views is Slack as it keeps one open form: its hash changes with each drawing.
type views struct {
	fakeSlack
	hash  string
	drawn []slack.ModalViewRequest
	full  bool // Slack's limits leave no room
}

func (v *views) UpdateView(_ context.Context, _, hash string, m slack.ModalViewRequest) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if hash != "" && hash != v.hash {
		return "", &slackapi.Error{Method: "views.update", Code: "hash_conflict"}
	}
	v.drawn = append(v.drawn, m)
	v.hash = fmt.Sprintf("h%d", len(v.drawn))
	return v.hash, nil
}

func (v *views) UpdateViewIfRoom(ctx context.Context, id, hash string, m slack.ModalViewRequest) (string, error) {
	if v.full {
		return "", slackapi.ErrNoRoom
	}
	return v.UpdateView(ctx, id, hash, m)
}

// suggesting is a handler that suggests tickets, and the form that it draws.
func suggesting(t *testing.T) (*harness, *views) {
	t.Helper()
	v := &views{hash: "h0"}
	return newHarness(t, fieldsByCategory, func(o *Options) { o.Form.Suggests, o.Slack = true, v }), v
}

// acts is what Slack sends when Ben acts in his form: what it then holds, and the hash of what he sees.
func acts(block, ts, title, category, hash string) string {
	values := map[string]any{desk.FieldTitle: map[string]any{"title_input": map[string]any{"value": title}}}
	if category != "" {
		values[desk.FieldCategory] = map[string]any{"category_input": map[string]any{"selected_option": map[string]any{"value": category}}}
	}
	raw, _ := json.Marshal(map[string]any{
		"type": "block_actions", "user": map[string]any{"id": ben},
		"actions": []any{map[string]any{"action_id": block + "_input", "action_ts": ts}},
		"view":    map[string]any{"id": "V1", "hash": hash, "callback_id": slackview.FormNew, "state": map[string]any{"values": values}},
	})
	return string(raw)
}

func (v *views) says(t *testing.T, times int, parts ...string) {
	t.Helper()
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.drawn) != times {
		t.Fatalf("drawn %d times, want %d", len(v.drawn), times)
	}
	if times == 0 {
		return
	}
	raw, _ := json.Marshal(v.drawn[times-1].Blocks)
	for _, part := range parts {
		if !strings.Contains(string(raw), part) {
			t.Errorf("it does not say %q: %s", part, raw)
		}
	}
}

func TestSuggestionsComeAfterTheAnswer(t *testing.T) {
	t.Parallel()
	h, v := suggesting(t)
	searching, goOn := make(chan struct{}), make(chan struct{})
	h.store.asks(func(_ context.Context, operation string) error {
		if operation == "match" {
			close(searching)
			<-goOn
		}
		return nil
	})
	if a := h.gets(t, kindInteraction, acts("title", "1.1", "Cards fail again", "", "h0")); !a.given() {
		t.Error("it was not acknowledged before the search")
	}
	<-searching
	close(goOn)
	h.said.Wait()
	v.says(t, 1, "Cards fail", "Me too")
	if m := v.drawn[0]; strings.Contains(fmt.Sprint(m.Blocks), "focus_on_load") {
		t.Error("it takes the focus")
	}
}

// Whatever is older, slow, full, closed or drawn by others leaves the form as it is.
func TestNoSuggestions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		title   string
		prepare func(h *harness, v *views)
	}{
		"a title that is too short": {"Cards", func(*harness, *views) {}},
		"Slack's limits":            {"Cards fail", func(_ *harness, v *views) { v.full = true }},
		"drawn by another copy":     {"Cards fail", func(_ *harness, v *views) { v.hash = "other" }},
		"the database is away": {"Cards fail", func(h *harness, _ *views) {
			h.store.asks(func(context.Context, string) error { return desk.ErrNotSaved })
		}},
		"the database is slow":       {"Cards fail", func(h *harness, _ *views) { h.store.asks(until) }},
		"a panic":                    {"Cards fail", func(h *harness, _ *views) { h.store.asks(func(context.Context, string) error { panic("oh") }) }},
		"too many look at this time": {"Cards fail", func(h *harness, _ *views) { fill(h.searching) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, v := suggesting(t)
			test.prepare(h, v)
			h.gets(t, kindInteraction, acts("title", "1.1", test.title, "", "h0"))
			h.said.Wait()
			v.says(t, 0)
		})
	}
}

// until waits as long as it may.
func until(ctx context.Context, _ string) error {
	<-ctx.Done()
	return ctx.Err()
}

func fill(slots chan struct{}) {
	for range cap(slots) {
		slots <- struct{}{}
	}
}

// A database that was slow is left alone for a while.
func TestSlowDatabaseIsLeftAlone(t *testing.T) {
	t.Parallel()
	h, _ := suggesting(t)
	asked := 0
	h.store.asks(func(ctx context.Context, operation string) error { asked++; return until(ctx, operation) })
	for range 3 {
		if _, ok := h.alike(t.Context(), ben, desk.Typed{Words: []string{"cards"}}); ok {
			t.Error("it was found")
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

// What is drawn for a title and what is drawn for a category do not undo each other, in whatever
// order Slack tells of them, and which drawing whoever acts had seen.
func TestTitleAndCategoryInAnyOrder(t *testing.T) {
	t.Parallel()
	h, v := suggesting(t)
	option, _ := optionNamed(t, slackview.Form(h.Form), desk.FieldCategory, "Access")["selected_option"].(map[string]any)
	id, _ := option["value"].(string)
	h.gets(t, kindInteraction, acts("title", "1790000300.000100", "Cards fail again", "", "h0"))
	h.said.Wait()
	v.says(t, 1, "Me too")
	h.gets(t, kindInteraction, acts("category", "1790000301.000100", "Cards fail again", id, "h0"))
	h.said.Wait()
	v.says(t, 2, "Me too", "User name")
	h.gets(t, kindInteraction, acts("title", "1790000300.000200", "Cards", "", "h0")) // came late
	h.said.Wait()
	v.says(t, 2)
	h.gets(t, kindInteraction, acts("title", "1790000302.000100", "Card", id, "h1"))
	h.said.Wait()
	v.says(t, 3, "User name")
}

func TestHashesOfDrafts(t *testing.T) {
	t.Parallel()
	var d drafts
	d.opened("V1")
	for _, step := range [][2]string{{"a", "b"}, {"a", "c"}, {"b", "d"}, {"d", "a"}} {
		d.became(view{ID: "V1", Hash: step[0]}, step[1])
	}
	var got []string
	for _, hash := range []string{"a", "b", "c", "d", "y"} {
		got = append(got, d.hash(view{ID: "V1", Hash: hash}))
	}
	if want := []string{"a", "a", "a", "a", "y"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := d.hash(view{ID: "V2", Hash: "a"}); got != "a" {
		t.Errorf("of another form: %q", got)
	}
}

// While somebody types, a form is looked at once a second, for the newest title.
func TestTypingIsLookedAtOnceASecond(t *testing.T) {
	t.Parallel()
	var d drafts
	typed := func(ts string) interaction {
		return interaction{View: view{ID: "V1"}, Actions: []action{{ActionTS: ts}}}
	}
	now := time.Now()
	if !d.heard(typed("9.1")) || d.heard(typed("10.2")) || d.heard(typed("10.1")) {
		t.Error("not one looks")
	}
	if i, _, ok := d.next("V1", now); !ok || i.Actions[0].ActionTS != "10.2" {
		t.Errorf("%+v, %v", i.Actions, ok)
	}
	if got := d.restUntil("V1", time.Second); !got.Equal(now.Add(time.Second)) {
		t.Errorf("again %v later", got.Sub(now))
	}
	d.heard(typed("10.3"))
	if i, _, ok := d.next("V1", now); !ok || i.Actions[0].ActionTS != "10.3" {
		t.Errorf("%+v, %v", i.Actions, ok)
	}
	if _, _, ok := d.next("V1", now); ok || !d.heard(typed("10.4")) {
		t.Error("nobody looks again")
	}
	d.forget("V1")
	if _, _, ok := d.next("V1", now); ok {
		t.Error("the form is gone")
	}
}
