package slackin

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// A form keeps its metadata and its content however often it is drawn again. This holds
// for every form and for every element in it that can be pressed.
func TestFormsForgetNothing(t *testing.T) {
	t.Parallel()
	ids := allForms(t)
	rapid.Check(t, func(rt *rapid.T) {
		h := newHarness(t, differingPromises)
		opened := h.openedForms(rt)
		for _, id := range ids {
			m, known := opened[id]
			if !known {
				rt.Fatalf("%s is opened by nothing that this test knows", id)
			}
			for range rapid.IntRange(0, 3).Draw(rt, "redraws") {
				m = h.redrawn(rt, m)
			}
			h.refuses(rt, m)
		}
	})
}

// allForms are the callback ids that slackview declares.
func allForms(t *testing.T) (ids []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../slackview/form.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		consts, ok := decl.(*ast.GenDecl)
		if !ok || consts.Tok != token.CONST {
			continue
		}
		for _, spec := range consts.Specs {
			v := spec.(*ast.ValueSpec)
			if literal, ok := v.Values[0].(*ast.BasicLit); ok && strings.HasPrefix(v.Names[0].Name, "Form") {
				id, _ := strconv.Unquote(literal.Value)
				ids = append(ids, id)
			}
		}
	}
	if len(ids) < 10 {
		t.Fatalf("only %q are declared", ids)
	}
	return ids
}

// differingPromises gives categories different targets, so that choosing a category draws
// the new form again.
func differingPromises(o *Options) {
	o.Form.Files = true
	o.Form.Categories = []string{"Billing", "Access"}
	o.Form.About = slackview.Abouts{"Access": {Help: "Your user name.", Priority: ticket.P2, Fields: []desk.AskedField{userName, system}}, "Billing": {Fields: []desk.AskedField{userName}}}
	o.Form.Policy.Categories = map[string]sla.Targets{"Access": {2: sla.Target{}}}
	o.Form.Priorities = append(o.Form.Priorities, slackview.PriorityChoice{Priority: ticket.P3, Title: "P3", Impact: "It itches."})
}

// openedForms are all forms as people reach them: the new form with any metadata, all
// others by the buttons that open them.
func (h *harness) openedForms(t *rapid.T) map[string]slackview.Modal {
	params := h.Form
	params.Hidden = rapid.Make[slackview.Metadata]().Filter(func(m slackview.Metadata) bool { return m.Ticket >= 0 && m.Follows >= 0 }).Draw(t, "hidden")
	all := map[string]slackview.Modal{slackview.FormNew: slackview.Form(params)}
	for _, d := range slackview.ActionKinds {
		if d.Opens != nil {
			m := h.presses(t, nil, map[string]any{"action_id": d.Name, "value": "1"})
			all[m.CallbackID] = m
		}
	}
	all[slackview.FormRate] = slackview.RateForm(desk.Record{Ticket: ticket.Ticket{Number: 1}}, "U0LEAD", slackview.Scene{Names: func(id string) string { return id }})
	all[slackview.FormTakeOver] = h.presses(t, nil, map[string]any{"action_id": slackview.TakeOverID + ":0", "value": "Checkout"})
	all[slackview.FormDutyNote] = h.presses(t, nil, map[string]any{"action_id": slackview.NoteID + ":0", "value": "Checkout"})
	all[slackview.FormRota] = slackview.RotaForm(desk.RotaDraft{
		Squad: "Checkout", People: []string{ann, ben}, Turn: "1 week", Weekday: 1, Minute: 540, Zone: "UTC", During: duty.DuringAlways, Starts: h.Now(),
	}, desk.RotaSource{Settings: true}, h.scene(context.Background()))
	hers := duty.Shift{Person: ann, From: h.Now().Add(time.Hour), Until: h.Now().Add(2 * time.Hour)}
	all[slackview.FormSwap] = slackview.SwapForm(desk.ShiftsAhead{
		Squad: "Checkout", Own: []duty.Shift{{Person: ben, From: hers.Until, Until: hers.Until.Add(time.Hour)}}, Others: []duty.Shift{hers}, People: []string{ann},
	}, time.UTC, h.scene(context.Background()))
	return all
}

// presses presses an element of an open form, or of the card. It returns the form that is
// drawn then, or the zero Modal if none is.
func (h *harness) presses(t *rapid.T, view, action map[string]any) slackview.Modal {
	action["action_ts"] = "1790000300.000100"
	interaction := map[string]any{
		"type": "block_actions", "user": map[string]any{"id": ben}, "trigger_id": "1.2.3", "actions": []any{action},
		"container": map[string]any{"channel_id": support, "message_ts": card.TS},
	}
	if view != nil {
		interaction["view"] = view
	}
	h.slack.forget()
	h.sends(t, interaction)
	return h.slack.drawn()
}

func (h *harness) sends(t *rapid.T, interaction map[string]any) *answers {
	raw, err := json.Marshal(interaction)
	if err != nil {
		t.Fatal(err)
	}
	a := &answers{}
	h.handle(t.Context(), envelope{ID: "E1", Kind: kindInteraction, Payload: raw}, time.Now(), a.take)
	h.said.Wait()
	return a
}

// redrawn presses an element of a filled-in form, if it has one, and compares the form
// that is drawn then.
func (h *harness) redrawn(t *rapid.T, m slackview.Modal) slackview.Modal {
	all, press := elements(t, m), []element(nil)
	for _, e := range all {
		e.fill(t)
		if e.told {
			press = append(press, e)
		}
	}
	if len(press) == 0 {
		return m
	}
	e := rapid.SampledFrom(press).Draw(t, "pressed")
	next := h.presses(t, viewOf(m, all), map[string]any{"action_id": e.id, "value": e.raw["value"], "selected_option": e.raw["initial_option"]})
	if next.CallbackID == "" {
		return m
	}
	before, after := remembered(t, m), remembered(t, next)
	if next.CallbackID != m.CallbackID { // the press leads to another form about the same ticket
		before, after = slackview.Metadata{Ticket: before.Ticket}, slackview.Metadata{Ticket: after.Ticket}
	}
	before.Kept, after.Kept = "", "" // see TestFieldsOfAnotherCategoryAreKept
	if after != before {
		t.Fatalf("%s remembers %+v, and of that as %s, by %s, %+v", m.CallbackID, before, next.CallbackID, e.id, after)
	}
	if next.CallbackID == m.CallbackID {
		sameContent(t, all, elements(t, next))
	}
	return next
}

func remembered(t *rapid.T, m slackview.Modal) slackview.Metadata {
	meta, err := slackview.ReadMetadata(m.PrivateMetadata)
	if err != nil {
		t.Fatalf("%s: %v", m.CallbackID, err)
	}
	return meta
}

// refuses sends a form while nothing can be saved: the answer must leave the form open as
// it is.
func (h *harness) refuses(t *rapid.T, m slackview.Modal) {
	if m.Submit == nil {
		return
	}
	h.store.asks(failing("save", desk.ErrNotSaved))
	defer h.store.asks(nil)
	a := h.sends(t, map[string]any{"type": "view_submission", "user": map[string]any{"id": ben}, "view": viewOf(m, elements(t, m))})
	for _, p := range a.payloads {
		if answer, _ := p.(map[string]any); answer != nil && answer["response_action"] != "errors" {
			t.Fatalf("%s, sent in vain, is answered %v", m.CallbackID, p)
		}
	}
}

// element is a part of a form that can be filled in or pressed.
type element struct {
	block string // block_id of an input; empty for a part that can only be pressed
	id    string
	told  bool // Slack sends an interaction as soon as it changes
	raw   map[string]any
}

func elements(t *rapid.T, m slackview.Modal) (found []element) {
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []struct {
		Type      string           `json:"type"`
		ID        string           `json:"block_id"`
		Told      bool             `json:"dispatch_action"`
		Element   map[string]any   `json:"element"`
		Accessory map[string]any   `json:"accessory"`
		Elements  []map[string]any `json:"elements"`
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	add := func(block string, told bool, raw map[string]any) {
		if id, ok := raw["action_id"].(string); ok {
			found = append(found, element{block, id, told, raw})
		}
	}
	for _, b := range blocks {
		add(b.ID, b.Told, b.Element)
		for _, raw := range append(b.Elements, b.Accessory) {
			add("", true, raw)
		}
	}
	return found
}

// fill gives an element another content than it was drawn with.
func (e element) fill(t *rapid.T) {
	switch e.raw["type"] {
	case "plain_text_input":
		e.raw["initial_value"] = rapid.StringMatching(`[a-zé&<>"]{1,20}`).Draw(t, e.id)
	case "users_select":
		e.raw["initial_user"] = rapid.SampledFrom([]string{ann, ben}).Draw(t, e.id)
	case "static_select", "radio_buttons":
		e.raw["initial_option"] = rapid.SampledFrom(e.raw["options"].([]any)).Draw(t, e.id)
	}
}

// content is an element's content as Slack sends it.
func (e element) content() map[string]any {
	holds := map[string]any{}
	for told, drawn := range map[string]string{
		"value": "initial_value", "selected_user": "initial_user", "selected_date": "initial_date", "selected_date_time": "initial_date_time",
	} {
		if v := e.raw[drawn]; v != nil {
			holds[told] = v
		}
	}
	if option, ok := e.raw["initial_option"].(map[string]any); ok {
		holds["selected_option"] = map[string]any{"value": option["value"]} // the option's label may change
	}
	return holds
}

// suggested reports whether a choice of the priority is the one that was suggested.
func (e element) suggested() bool {
	_, suggestion, other := strings.Cut(e.id, "~")
	if !other {
		suggestion = "P3"
	}
	option, _ := e.raw["initial_option"].(map[string]any)
	return option["value"] == suggestion
}

// viewOf is an open form as Slack sends it.
func viewOf(m slackview.Modal, all []element) map[string]any {
	values := map[string]any{}
	for _, e := range all {
		if e.block != "" {
			values[e.block] = map[string]any{e.id: e.content()}
		}
	}
	return map[string]any{
		"id": "V1", "hash": "h", "callback_id": m.CallbackID, "private_metadata": m.PrivateMetadata, "state": map[string]any{"values": values},
	}
}

func sameContent(t *rapid.T, before, after []element) {
	now := map[string]element{}
	for _, e := range after {
		now[e.block+" "+e.id] = e
	}
	for _, e := range before {
		if e.block == "" {
			continue
		}
		shown := now[e.block+" "+e.id]
		if _, ofCategory := desk.FieldKindOf(e.block); ofCategory && shown.id == "" {
			continue // another category does not ask for it
		}
		if e.block == desk.FieldPriority && e.suggested() {
			continue // another category may suggest another one
		}
		want, _ := json.Marshal(e.content())
		got, _ := json.Marshal(shown.content())
		if shown.id == "" || string(want) != string(got) {
			t.Fatalf("%s held %s and holds %s", e.id, want, got)
		}
	}
}
