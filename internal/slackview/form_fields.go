package slackview

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// FilledIn is what was filled in, by desk.FieldID. A field that was left empty has no
// values.
type FilledIn map[string]ticket.Field

// FilledInto is what the fields of a ticket hold.
func FilledInto(t ticket.Ticket) FilledIn {
	all := FilledIn{}
	for _, f := range t.Fields {
		all[desk.FieldID(f)] = f
	}
	return all
}

// Labelled returns the state with the labels of its fields. blocks are those of the view.
func (s State) Labelled(blocks json.RawMessage) State {
	var all []struct {
		ID    string `json:"block_id"`
		Label struct {
			Text string `json:"text"`
		} `json:"label"`
	}
	_ = json.Unmarshal(blocks, &all) // without labels, only fields of the settings have a name
	s.labels = map[string]string{}
	for _, b := range all {
		s.labels[b.ID] = unescape.Replace(b.Label.Text)
	}
	return s
}

// unescape takes back what Slack may do to the texts of a view that it sends back. It is
// for texts that the settings have no longer: of all others they are the better source.
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// FilledIn is what the form holds of fields of categories. A field that the settings have
// lost meanwhile is named as in the form.
func (p FormParams) FilledIn(s State) FilledIn {
	asked, all := p.askedAnywhere(), FilledIn{}
	for id := range s.values {
		kind, ours := desk.FieldKindOf(id)
		if !ours {
			continue
		}
		a, known := asked[id]
		if !known {
			a = desk.AskedField{Name: s.labels[id], Kind: kind}
		}
		if a.Name != "" {
			f := a.Empty()
			f.Values = s.fieldValues(id, a)
			all[id] = f
		}
	}
	return all
}

// askedAnywhere are the fields of all categories, by their ids. Of several with the same
// id, the choices of all are in it.
func (p FormParams) askedAnywhere() map[string]desk.AskedField {
	all := map[string]desk.AskedField{}
	for _, about := range p.About {
		for _, a := range about.Fields {
			a.Choices = slices.Concat(all[a.ID()].Choices, a.Choices)
			all[a.ID()] = a
		}
	}
	return all
}

// fieldValues are the values of a field in the form.
func (s State) fieldValues(id string, a desk.AskedField) []string {
	f := s.field(id)
	switch a.Kind {
	case ticket.FieldChoice:
		return labelsOf([]chosen{f.Selected}, a.Choices)
	case ticket.FieldChoices:
		return labelsOf(f.Several, a.Choices)
	case ticket.FieldDate:
		return oneValue(f.Date)
	case ticket.FieldPerson:
		return oneValue(f.User)
	case ticket.FieldFile:
		return fileNamed(f.Files)
	case ticket.FieldText, ticket.FieldLongText, ticket.FieldNumber, ticket.FieldLink:
	}
	return oneValue(f.Value)
}

// fileNamed is the name of the file in a field.
func fileNamed(raw json.RawMessage) []string {
	files := slackformat.ReadFiles(raw)
	if len(files) == 0 {
		return nil
	}
	return oneValue(cmp.Or(files[0].Name, "a file"))
}

// FieldFiles are the files in the fields of categories, each as Slack sends it.
func (s State) FieldFiles() (all []json.RawMessage) {
	for _, id := range slices.Sorted(maps.Keys(s.values)) {
		if kind, ours := desk.FieldKindOf(id); ours && kind == ticket.FieldFile {
			all = append(all, s.Files(id))
		}
	}
	return all
}

func oneValue(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// labelsOf are the chosen ones among some choices. Of another one the label is all that is
// known.
func labelsOf(options []chosen, choices []string) []string {
	var labels []string
	for _, o := range options {
		i := slices.IndexFunc(choices, func(c string) bool { return idOf(c) == o.Value })
		switch {
		case i >= 0:
			labels = append(labels, choices[i])
		case o.Value != "":
			labels = append(labels, unescape.Replace(o.Label.Text))
		}
	}
	return labels
}

// Fields are the fields of a sent form, in the order in which the category asks for them.
// What else was filled in follows, because the settings have changed since: in the form, or
// earlier in fields that no category has now. It returns an error if the form lacks a field
// that the chosen category requires.
func (p FormParams) Fields(s State) ([]ticket.Field, error) {
	p.Category = p.ChosenCategory(s)
	filled, fields := p.FilledIn(s), []ticket.Field{}
	for _, a := range p.About[p.Category].Fields {
		f, shown := filled[a.ID()]
		if !shown && (!a.Required || a.Kind == ticket.FieldFile && !p.Files) {
			continue // sent before it was drawn again: the person can do without; or the form takes no files
		}
		if !shown {
			return nil, ticket.Errorf(ticket.Invalid, "%s asks for more than the form shows. Look through the form once more.", p.Category).
				At(desk.FieldCategory).Because(desk.ErrOutdated)
		}
		fields = append(fields, f)
		delete(filled, a.ID())
	}
	anywhere := p.askedAnywhere()
	for id, f := range p.Filled {
		if _, asked := anywhere[id]; !asked {
			filled[id] = f
		}
	}
	for _, id := range slices.Sorted(maps.Keys(filled)) {
		if f := filled[id]; len(f.Values) > 0 {
			fields = append(fields, f)
		}
	}
	return fields, nil
}

// refilled returns the params with what is known of the fields of the chosen category, and
// the names of those whose content was lost. The metadata then names the fields that are
// filled in and not shown.
func (p FormParams) refilled(known FilledIn) FormParams {
	asked := map[string]bool{}
	p.Filled, p.Lost = known, nil
	for _, a := range p.About[p.Category].Fields {
		mark := idOf(a.ID())
		asked[mark] = true
		_, is := known[a.ID()]
		if (!is || a.Kind == ticket.FieldFile) && slices.Contains(strings.Fields(p.Hidden.Kept), mark) { // a form cannot begin with a file
			p.Lost = append(p.Lost, a.Name)
		}
	}
	var hidden []string
	for _, mark := range append(strings.Fields(p.Hidden.Kept), known.marks()...) {
		if !asked[mark] && !slices.Contains(hidden, mark) {
			hidden = append(hidden, mark)
		}
	}
	p.Hidden.Kept = strings.Join(hidden[max(0, len(hidden)-mostKept):], " ")
	return p
}

// mostKept is how many fields a form remembers that it does not show, as far as it has
// room for them: see mostRemembered.
const mostKept = 50

// marks are the ids of the fields that hold something, shortened for the metadata.
func (f FilledIn) marks() []string {
	var marks []string
	for _, id := range slices.Sorted(maps.Keys(f)) {
		if len(f[id].Values) > 0 {
			marks = append(marks, idOf(id))
		}
	}
	return marks
}

// notes tell at the top of a form what its reader should know of it.
func notes(p FormParams) []slack.Block {
	var blocks []slack.Block
	if p.Hint != "" {
		blocks = append(blocks, smallPrint(p.Hint))
	}
	if p.Outdated {
		blocks = append(blocks, section("The settings have changed since you opened this form. Please look through it once more, then press the button again."))
	}
	if len(p.Lost) > 0 {
		names := slackformat.Escape(slackformat.OneLine(strings.Join(p.Lost, ", ")))
		blocks = append(blocks, section(fmt.Sprintf("What you had filled in here is lost: %s. Please fill it in again.", names)))
	}
	return blocks
}

// fieldInputs are the fields of the chosen category.
func fieldInputs(p FormParams) []slack.Block {
	var blocks []slack.Block
	for _, a := range p.About[p.Category].Fields {
		if a.Kind == ticket.FieldFile && !p.Files {
			continue
		}
		b := input(a.ID(), a.Name, fieldElement(a, p.Filled[a.ID()].Values))
		if a.Hint != "" {
			b.Hint = plain(a.Hint)
		}
		blocks = append(blocks, b.WithOptional(!a.Required))
	}
	return blocks
}

// fieldElement is the element of a field, which holds some values already. Where Slack checks
// values itself, one that it would refuse, such as one that was redacted, is left out.
// https://docs.slack.dev/reference/block-kit/block-elements
func fieldElement(a desk.AskedField, holds []string) slack.BlockElement {
	id, value := inputID(a.ID()), ""
	if len(holds) > 0 && (a.Accepts(holds) || a.Kind == ticket.FieldText || a.Kind == ticket.FieldLongText) {
		value = holds[0]
	}
	switch a.Kind {
	case ticket.FieldChoice, ticket.FieldChoices:
		return choiceElement(a, holds)
	case ticket.FieldNumber:
		return slack.NewNumberInputBlockElement(nil, id, true).WithInitialValue(value)
	case ticket.FieldLink:
		link := slack.NewURLTextInputBlockElement(nil, id)
		link.InitialValue = value
		return link
	case ticket.FieldDate:
		date := slack.NewDatePickerBlockElement(id)
		date.InitialDate = value
		return date
	case ticket.FieldPerson:
		who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose a person"), id)
		who.InitialUser = value
		return who
	case ticket.FieldFile:
		return slack.NewFileInputBlockElement(id).WithMaxFiles(1)
	case ticket.FieldLongText:
		return textInput(a.ID(), value, desk.MaxFieldLongText)
	case ticket.FieldText:
	}
	return textInput(a.ID(), value, desk.MaxFieldText).WithMultiline(false)
}

// choiceElement is a menu of which one option, or any, can be chosen.
func choiceElement(a desk.AskedField, holds []string) slack.BlockElement {
	var options, initial []*slack.OptionBlockObject
	for _, c := range a.Choices {
		o := option(idOf(c), c)
		options = append(options, o)
		if slices.Contains(holds, c) {
			initial = append(initial, o)
		}
	}
	if a.Kind == ticket.FieldChoices {
		menu := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plain("Choose any"), inputID(a.ID()), options...)
		menu.InitialOptions = initial
		return menu
	}
	menu := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose one"), inputID(a.ID()), options...)
	if len(initial) > 0 {
		menu.InitialOption = initial[0]
	}
	return menu
}
