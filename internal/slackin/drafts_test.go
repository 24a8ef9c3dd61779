package slackin

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// Fields of the categories in these tests.
var (
	userName = desk.AskedField{Name: "User name", Kind: ticket.FieldText, Required: true}
	system   = desk.AskedField{Name: "System", Kind: ticket.FieldChoice, Choices: []string{"Mail", "Wiki <old>"}}
	seen     = desk.AskedField{Name: "Seen on", Kind: ticket.FieldDate}
)

// fieldsByCategory has two categories with fields, of which one is in both.
func fieldsByCategory(o *Options) {
	asked := map[string][]desk.AskedField{"Access": {userName, system}, "Billing": {userName, seen}, "Other": nil}
	o.Form.Categories, o.Form.About = []string{"Billing", "Access", "Other"}, slackview.Abouts{}
	o.Form.Priorities = append(o.Form.Priorities, slackview.PriorityChoice{Priority: ticket.P3, Title: "P3", Impact: "It itches."})
	for name, fields := range asked {
		o.Form.About[name] = slackview.About{Fields: fields}
	}
	o.Desk = o.Desk.Asking(asked)
}

// openForm is an open form, as its reader fills it in.
type openForm struct {
	t     *testing.T
	h     *harness
	modal slackview.Modal
	holds map[string]any // values by block
}

func opensForm(t *testing.T, h *harness) *openForm {
	return &openForm{t: t, h: h, modal: slackview.Form(h.Form), holds: map[string]any{}}
}

// chooses chooses a category and takes over what Slack draws then: where a block has the
// same name, it keeps what it holds.
func (f *openForm) chooses(category string) {
	f.t.Helper()
	f.holds[desk.FieldCategory] = optionNamed(f.t, f.modal, desk.FieldCategory, category)
	f.h.slack.forget()
	f.h.gets(f.t, kindInteraction, f.payload("block_actions"))
	f.h.said.Wait()
	if m := f.h.slack.drawn(); m.CallbackID != "" {
		f.draws(m)
	}
}

func (f *openForm) draws(m slackview.Modal) {
	f.modal = m
	holds := map[string]any{}
	for id, element := range inputsOf(f.t, m) {
		kept, was := f.holds[id]
		if !was {
			kept = initialOf(element)
		}
		holds[id] = kept
	}
	f.holds = holds
}

// payload is what Slack sends of the form.
func (f *openForm) payload(kind string) string {
	values := map[string]any{}
	for id, element := range inputsOf(f.t, f.modal) {
		holds, touched := f.holds[id]
		if !touched {
			holds = initialOf(element)
		}
		values[id] = map[string]any{element["action_id"].(string): holds}
	}
	raw, err := json.Marshal(map[string]any{
		"type": kind, "user": map[string]any{"id": ben}, "trigger_id": "1.2.3",
		"actions": []any{map[string]any{"action_id": "category_input", "action_ts": "1790000300.000100"}},
		"view": map[string]any{
			"id": "V1", "hash": "h", "callback_id": f.modal.CallbackID, "private_metadata": f.modal.PrivateMetadata,
			"blocks": f.modal.Blocks, "state": map[string]any{"values": values},
		},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return string(raw)
}

// fills types into a text field.
func (f *openForm) fills(a desk.AskedField, value string) {
	f.holds[a.ID()] = map[string]any{"value": value}
}

// shows checks what a field holds; want is empty for a field that is empty or not there.
func (f *openForm) shows(a desk.AskedField, want string) {
	f.t.Helper()
	raw, _ := json.Marshal(f.holds[a.ID()])
	var holds struct {
		Value  string `json:"value"`
		Date   string `json:"selected_date"`
		Option struct {
			Text struct{ Text string } `json:"text"`
		} `json:"selected_option"`
	}
	_ = json.Unmarshal(raw, &holds)
	if got := holds.Value + holds.Date + holds.Option.Text.Text; got != want {
		f.t.Errorf("%s holds %q, want %q", a.Name, got, want)
	}
}

// says checks whether the form contains a sentence.
func (f *openForm) says(part string, want bool) {
	f.t.Helper()
	raw, _ := json.Marshal(f.modal.Blocks)
	if got := strings.Contains(string(raw), part); got != want {
		f.t.Errorf("the form says %q: %v, want %v", part, got, want)
	}
}

func inputsOf(t *testing.T, m slackview.Modal) map[string]map[string]any {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []struct {
		Type    string         `json:"type"`
		ID      string         `json:"block_id"`
		Element map[string]any `json:"element"`
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for _, b := range blocks {
		if b.Type == string(slack.MBTInput) {
			all[b.ID] = b.Element
		}
	}
	return all
}

// initialOf is what an element holds before anybody touches it.
func initialOf(element map[string]any) map[string]any {
	return map[string]any{
		"value": element["initial_value"], "selected_option": element["initial_option"], "selected_options": element["initial_options"],
		"selected_date": element["initial_date"], "selected_user": element["initial_user"],
	}
}

// optionNamed is a chosen option, by its label.
func optionNamed(t *testing.T, m slackview.Modal, block, label string) map[string]any {
	t.Helper()
	options, _ := inputsOf(t, m)[block]["options"].([]any)
	i := slices.IndexFunc(options, func(o any) bool {
		return o.(map[string]any)["text"].(map[string]any)["text"] == label
	})
	if i < 0 {
		t.Fatalf("%s does not offer %q", block, label)
	}
	return map[string]any{"selected_option": options[i]}
}

// What was filled in for another category comes back with that category.
func TestFieldsOfAnotherCategoryAreKept(t *testing.T) {
	t.Parallel()
	f := opensForm(t, newHarness(t, fieldsByCategory))
	f.chooses("Access")
	f.fills(userName, "alice")
	f.holds[system.ID()] = optionNamed(t, f.modal, system.ID(), "Wiki <old>")
	f.chooses("Billing")
	f.shows(userName, "alice") // both ask for it
	f.shows(system, "")
	f.holds[seen.ID()] = map[string]any{"selected_date": "2026-11-30"}
	f.chooses("Other")
	f.shows(userName, "")
	f.chooses("Access")
	f.shows(userName, "alice")
	f.shows(system, "Wiki <old>")
	f.fills(userName, "")
	f.chooses("Other")
	f.chooses("Billing")
	f.shows(userName, "") // emptied by hand
	f.shows(seen, "2026-11-30")
	f.says("is lost", false)
}

// After a restart, or on another copy, the form says what it lost, once.
func TestLostFieldsAreTold(t *testing.T) {
	t.Parallel()
	f := opensForm(t, newHarness(t, fieldsByCategory))
	f.chooses("Access")
	f.fills(userName, "alice")
	f.holds[system.ID()] = optionNamed(t, f.modal, system.ID(), "Mail")
	f.chooses("Other")
	f.h = newHarness(t, fieldsByCategory)
	f.chooses("Billing")
	f.says("is lost: User name. Please", true)
	f.fills(userName, "bob")
	f.chooses("Access")
	f.says("is lost: System. Please", true)
	f.shows(userName, "bob")
	f.chooses("Other")
	f.says("is lost", false)
	f.chooses("Access")
	f.says("is lost", false)
	f.shows(userName, "bob")
}

// A form that is sent before it shows the fields of its category is drawn again instead.
func TestFormOlderThanTheSettings(t *testing.T) {
	t.Parallel()
	h := newHarness(t, fieldsByCategory)
	f := opensForm(t, h)
	f.holds[desk.FieldTitle] = map[string]any{"value": "Locked out"}
	f.holds[desk.FieldCategory] = optionNamed(t, f.modal, desk.FieldCategory, "Access")
	f.h.slack.forget()
	a := h.gets(t, kindInteraction, f.payload("view_submission"))
	h.said.Wait()
	if got, want := fmt.Sprint(a.payloads), "[map[errors:map[category:Access asks for more than the form shows. Look through the form once more.] response_action:errors]]"; got != want {
		t.Errorf("it is answered %s, want %s", got, want)
	}
	f.draws(h.slack.drawn())
	f.says("The settings have changed", true)
	f.shows(userName, "")
	if holds := inputsOf(t, f.modal)[desk.FieldTitle]["initial_value"]; holds != "Locked out" {
		t.Errorf("the title is drawn as %q", holds)
	}
}

// A category, a field and a choice that are gone while the form is open.
func TestSettingsChangeWhileAFormIsOpen(t *testing.T) {
	t.Parallel()
	h := newHarness(t, fieldsByCategory)
	f := opensForm(t, h)
	f.chooses("Access")
	f.holds[desk.FieldTitle] = map[string]any{"value": "Locked out"}
	f.fills(userName, "alice")
	f.holds[system.ID()] = optionNamed(t, f.modal, system.ID(), "Wiki <old>")
	submits := func(asked map[string][]desk.AskedField) string {
		o := h.Options
		o.Form.About, o.Form.Categories = slackview.Abouts{}, nil
		for name, fields := range asked {
			o.Form.About[name], o.Form.Categories = slackview.About{Fields: fields}, append(o.Form.Categories, name)
		}
		o.Desk = desk.New(h.store, people{ben: {Member: true}}, promise{}, o.Form.Categories).Asking(asked)
		h.Handler = h.reloaded(o)
		a := h.gets(t, kindInteraction, f.payload("view_submission"))
		h.said.Wait()
		return fmt.Sprint(a.payloads)
	}
	if got := submits(map[string][]desk.AskedField{"Other": nil}); !strings.Contains(got, "category:Choose a category from the list.") {
		t.Errorf("without the category: %s", got)
	}
	fewer := system
	fewer.Choices = []string{"Mail"}
	if got := submits(map[string][]desk.AskedField{"Access": {userName, fewer}}); !strings.Contains(got, system.ID()+":This is not in the settings any more. Choose another.") {
		t.Errorf("without the choice: %s", got)
	}
	if got := submits(map[string][]desk.AskedField{"Access": {{Name: "Shop", Kind: ticket.FieldText, Required: true}}}); !strings.Contains(got, "asks for more") {
		t.Errorf("with another field: %s", got)
	}
	if got := submits(map[string][]desk.AskedField{"Access": {userName}}); got != "[<nil>]" {
		t.Fatalf("without the field: %s", got)
	}
	r, err := h.Desk.Find(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	want := []ticket.Field{{Name: "User name", Kind: ticket.FieldText, Values: []string{"alice"}}, {Name: "System", Kind: ticket.FieldChoice, Values: []string{"Wiki <old>"}}}
	if got := r.Ticket.Fields; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the ticket has %v, want %v", got, want)
	}
}

// A choice that Slack heard of while another one was drawn is drawn after it.
func TestNewestChoiceIsDrawn(t *testing.T) {
	t.Parallel()
	h := newHarness(t, fieldsByCategory)
	f := opensForm(t, h)
	h.slack.refuses = &slackapi.Error{Method: "views.update", Code: "hash_conflict"}
	f.chooses("Access")
	calls := h.slack.heard()
	if n := len(calls); n < 2 || calls[n-2] != "update V1 h to form_new" || calls[n-1] != "update V1  to form_new" {
		t.Errorf("it was drawn by %q", calls)
	}
	_, old := h.drafts.add("V1", nil)
	_, turn := h.drafts.add("V1", nil)
	if h.drafts.newest("V1", old) || !h.drafts.newest("V1", turn) || h.drafts.newest("V2", 1) {
		t.Error("it is not known which choice is the newest")
	}
}

// Memory stays bounded however many forms are opened and left.
func TestDraftsAreBounded(t *testing.T) {
	t.Parallel()
	var d drafts
	for i := range 3 * mostDrafts {
		d.add(fmt.Sprint(i), slackview.FilledIn{"a": {Name: "A", Values: []string{"x"}}})
	}
	if len(d.byView) != mostDrafts || len(d.order) != mostDrafts {
		t.Errorf("it keeps %d forms, %d in order", len(d.byView), len(d.order))
	}
	d.forget(fmt.Sprint(3*mostDrafts - 1))
	d.forget("never seen")
	if len(d.byView) != mostDrafts-1 || len(d.order) != mostDrafts-1 {
		t.Errorf("after one was sent it keeps %d forms, %d in order", len(d.byView), len(d.order))
	}
	if known, _ := d.add("0", nil); len(known) != 0 {
		t.Error("the oldest form is still known")
	}
}

// A refusal that has nothing to do with the settings leaves the form as it is.
func TestRefusedFormIsNotDrawnAgain(t *testing.T) {
	t.Parallel()
	h := newHarness(t, fieldsByCategory)
	h.slack.forget()
	h.settle(t.Context(), interaction{}, errors.New("any"))
	h.said.Wait()
	if m := h.slack.drawn(); m.CallbackID != "" {
		t.Errorf("%s was drawn", m.CallbackID)
	}
}
