package workspace

import (
	"fmt"
	"slices"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
)

// MaxStack is how many views of one modal may lie on each other.
const MaxStack = 3

// Modal is the view that a person has in front of them; nil if none.
func (p *Person) Modal() *View {
	if len(p.Modals) == 0 {
		return nil
	}
	return p.Modals[len(p.Modals)-1]
}

// NewView makes a view of what the app sent. Its ids are filled in; it is not
// shown to anybody yet.
func (tx *Tx) NewView(body wire.Object) *View {
	v := &View{ID: tx.NewID("V"), Hash: tx.newHash()}
	v.RootID = v.ID
	tx.fillView(v, body, nil)
	return v
}

func (tx *Tx) newHash() string { return fmt.Sprintf("%d.%s", tx.Now().Unix(), wire.RandomHex(4)) }

// fillView takes over a body, and of the old values those whose block and
// action are still there.
func (tx *Tx) fillView(v *View, body wire.Object, old layout.StateValues) {
	blocks, _ := body["blocks"].([]any)
	layout.FillIDs(blocks)
	v.Type, v.CallbackID = wire.Text(body, "type"), wire.Text(body, "callback_id")
	v.ExternalID, v.PrivateMetadata = wire.Text(body, "external_id"), wire.Text(body, "private_metadata")
	v.Body = wire.Encode(body)
	v.Names = tx.names(string(v.Body))
	v.Values = layout.StateValues{}
	for _, el := range layout.Elements(blocks) {
		if !layout.IsStateful(el.Kind) {
			continue
		}
		value := layout.Initial(el)
		if kept, ok := old[el.Block][el.Action]; ok && kept["type"] == el.Kind {
			value = kept
		}
		v.Values.Set(el, value)
	}
}

// Decoded is the body as JSON.
func (v *View) Decoded() wire.Object {
	var body wire.Object
	_ = wire.Decode(v.Body, &body) // it was read once already
	return body
}

// Elements are the interactive elements of the view.
func (v *View) Elements() []layout.Element {
	blocks, _ := v.Decoded()["blocks"].([]any)
	return layout.Elements(blocks)
}

// Show opens a modal on top of what the person has open.
func (tx *Tx) Show(p *Person, v *View, previous *View) {
	if previous != nil {
		v.PreviousID, v.RootID = previous.ID, previous.RootID
	}
	p.Modals = append(slices.Clone(p.Modals), v)
	tx.Journal.Add(Entry{Kind: KindView, What: "opened", User: p.ID, View: v})
}

// Replace puts a changed copy of a view where the old one is, if it is still
// open, and returns it.
func (tx *Tx) Replace(p *Person, id string, change func(*View)) *View {
	for i, old := range p.Modals {
		if old.ID != id {
			continue
		}
		v := *old
		v.Values = old.Values.Clone()
		change(&v)
		p.Modals = slices.Clone(p.Modals)
		p.Modals[i] = &v
		tx.Journal.Add(Entry{Kind: KindView, What: "changed", User: p.ID, View: &v})
		return &v
	}
	return nil
}

// SetValue keeps what was entered in a view, and returns the view as it is then.
func (tx *Tx) SetValue(p *Person, v *View, el layout.Element, value wire.Object) *View {
	set := func(v *View) { v.Values.Set(el, value) }
	if v.Type != "home" {
		return tx.Replace(p, v.ID, set)
	}
	home := *v
	home.Values = v.Values.Clone()
	set(&home)
	p.Home = &home
	return &home
}

// UpdateView gives an open modal another body; typed input stays where block
// and action are the same.
func (tx *Tx) UpdateView(p *Person, id string, body wire.Object) *View {
	return tx.Replace(p, id, func(v *View) {
		v.Hash, v.Errors, v.Banner = tx.newHash(), nil, ""
		tx.fillView(v, body, v.Values)
	})
}

// Dismiss takes one view away.
func (tx *Tx) Dismiss(p *Person, id string) {
	for i, v := range p.Modals {
		if v.ID == id {
			p.Modals = slices.Delete(slices.Clone(p.Modals), i, i+1)
			tx.Journal.Add(Entry{Kind: KindView, What: "closed", User: p.ID, View: v})
			return
		}
	}
}

// DismissAll takes all views of a person away.
func (tx *Tx) DismissAll(p *Person) {
	for len(p.Modals) > 0 {
		tx.Dismiss(p, p.Modals[len(p.Modals)-1].ID)
	}
}

// Publish shows a Home tab.
func (tx *Tx) Publish(p *Person, body wire.Object) *View {
	v := tx.NewView(body)
	if p.Home != nil {
		v.ID, v.RootID = p.Home.ID, p.Home.ID
	}
	p.Home = v
	tx.Journal.Add(Entry{Kind: KindView, What: "published", User: p.ID, View: v})
	return v
}

// OpenView finds a modal by id or external id, and whose it is.
func (tx *Tx) OpenView(id, externalID string) (*Person, *View) {
	for _, p := range tx.People {
		for _, v := range p.Modals {
			if (id != "" && v.ID == id) || (externalID != "" && v.ExternalID == externalID) {
				return p, v
			}
		}
	}
	return nil, nil
}

// HomeView finds a published Home tab by id.
func (tx *Tx) HomeView(id string) (*Person, *View) {
	for _, p := range tx.People {
		if p.Home != nil && p.Home.ID == id {
			return p, p.Home
		}
	}
	return nil, nil
}

// WireView is a view as the API and interactions show it.
func (tx *Tx) WireView(v *View) wire.Object {
	o := v.Decoded()
	for key, missing := range map[string]any{
		"close": nil, "submit": nil, "callback_id": "", "private_metadata": "", "external_id": "",
		"clear_on_close": false, "notify_on_close": false,
	} {
		if _, ok := o[key]; !ok {
			o[key] = missing
		}
	}
	o["id"], o["hash"], o["root_view_id"], o["previous_view_id"] = v.ID, v.Hash, v.RootID, nil
	if v.PreviousID != "" {
		o["previous_view_id"] = v.PreviousID
	}
	o["team_id"], o["app_installed_team_id"] = tx.Team.ID, tx.Team.ID
	o["app_id"], o["bot_id"] = tx.Bot.App, tx.Bot.ID
	o["state"] = wire.Object{"values": v.Values}
	if tx.Beliefs.OptionsEscaped {
		o["state"] = wire.Object{"values": layout.EscapedOptions(v.Values)}
	}
	return o
}

// GiveFiles lets the app at the files of a form that is submitted to it.
// https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
func (tx *Tx) GiveFiles(v *View) {
	for _, actions := range v.Values {
		for _, value := range actions {
			files, _ := value["files"].([]File)
			for _, f := range files {
				if kept := tx.Files[f.ID]; kept != nil {
					kept.Given = true
				}
			}
		}
	}
}
