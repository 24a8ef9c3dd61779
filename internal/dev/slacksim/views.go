package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// maxStack is how many views of one modal may lie on each other.
const maxStack = 3

// Modal is the view that a person has in front of them; nil if none.
func (p *Person) Modal() *View {
	if len(p.Modals) == 0 {
		return nil
	}
	return p.Modals[len(p.Modals)-1]
}

// newView makes a view of what the app sent. Its ids are filled in; it is not
// shown to anybody yet.
func (tx *Tx) newView(body object) *View {
	v := &View{ID: tx.newID("V"), Hash: tx.newHash()}
	v.RootID = v.ID
	tx.fillView(v, body, nil)
	return v
}

func (tx *Tx) newHash() string { return fmt.Sprintf("%d.%s", tx.now().Unix(), randomHex(4)) }

// fillView takes over a body, and of the old values those whose block and
// action are still there.
func (tx *Tx) fillView(v *View, body object, old ViewValues) {
	blocks, _ := body["blocks"].([]any)
	nameBlocks(blocks)
	v.Type, v.CallbackID = text(body, "type"), text(body, "callback_id")
	v.ExternalID, v.PrivateMetadata = text(body, "external_id"), text(body, "private_metadata")
	v.Body = encode(body)
	v.Names = tx.names(string(v.Body))
	v.Values = ViewValues{}
	for _, el := range elements(blocks) {
		if _, stateful := kinds[el.kind]; !stateful {
			continue
		}
		value := initialValue(el)
		if kept, ok := old[el.block][el.action]; ok && kept["type"] == el.kind {
			value = kept
		}
		v.Values.set(el, value)
	}
}

func (values ViewValues) set(el element, value object) {
	if values[el.block] == nil {
		values[el.block] = map[string]object{}
	}
	values[el.block][el.action] = value
}

func (values ViewValues) clone() ViewValues {
	copied := ViewValues{}
	for block, actions := range values {
		copied[block] = maps.Clone(actions)
	}
	return copied
}

func (v *View) body() object {
	var body object
	_ = decodeInto(v.Body, &body) // it was read once already
	return body
}

func (v *View) elements() []element {
	blocks, _ := v.body()["blocks"].([]any)
	return elements(blocks)
}

// find returns an interactive element of the view.
func findElement(list []element, action string) (element, bool) {
	for _, el := range list {
		if el.action == action || el.block == action || el.block+"/"+el.action == action {
			return el, true
		}
	}
	return element{}, false
}

// show opens a modal on top of what the person has open.
func (tx *Tx) show(p *Person, v *View, previous *View) {
	if previous != nil {
		v.PreviousID, v.RootID = previous.ID, previous.RootID
	}
	p.Modals = append(slices.Clone(p.Modals), v)
	tx.journal.add(Entry{Kind: KindView, What: "opened", User: p.ID, View: v})
}

// replace puts a changed copy of a view where the old one is, if it is still
// open, and returns it.
func (tx *Tx) replace(p *Person, id string, change func(*View)) *View {
	for i, old := range p.Modals {
		if old.ID != id {
			continue
		}
		v := *old
		v.Values = old.Values.clone()
		change(&v)
		p.Modals = slices.Clone(p.Modals)
		p.Modals[i] = &v
		tx.journal.add(Entry{Kind: KindView, What: "changed", User: p.ID, View: &v})
		return &v
	}
	return nil
}

// setValue keeps what was entered in a view, and returns the view as it is then.
func (tx *Tx) setValue(p *Person, v *View, el element, value object) *View {
	set := func(v *View) { v.Values.set(el, value) }
	if v.Type != "home" {
		return tx.replace(p, v.ID, set)
	}
	home := *v
	home.Values = v.Values.clone()
	set(&home)
	p.Home = &home
	return &home
}

// updateView gives an open modal another body; typed input stays where block
// and action are the same.
func (tx *Tx) updateView(p *Person, id string, body object) *View {
	return tx.replace(p, id, func(v *View) {
		v.Hash, v.Errors, v.Banner = tx.newHash(), nil, ""
		tx.fillView(v, body, v.Values)
	})
}

// dismiss takes one view away.
func (tx *Tx) dismiss(p *Person, id string) {
	for i, v := range p.Modals {
		if v.ID == id {
			p.Modals = slices.Delete(slices.Clone(p.Modals), i, i+1)
			tx.journal.add(Entry{Kind: KindView, What: "closed", User: p.ID, View: v})
			return
		}
	}
}

func (tx *Tx) dismissAll(p *Person) {
	for len(p.Modals) > 0 {
		tx.dismiss(p, p.Modals[len(p.Modals)-1].ID)
	}
}

// publish shows a Home tab.
func (tx *Tx) publish(p *Person, body object) *View {
	v := tx.newView(body)
	if p.Home != nil {
		v.ID, v.RootID = p.Home.ID, p.Home.ID
	}
	p.Home = v
	tx.journal.add(Entry{Kind: KindView, What: "published", User: p.ID, View: v})
	return v
}

// openView finds a modal by id or external id, and whose it is.
func (tx *Tx) openView(id, externalID string) (*Person, *View) {
	for _, p := range tx.people {
		for _, v := range p.Modals {
			if (id != "" && v.ID == id) || (externalID != "" && v.ExternalID == externalID) {
				return p, v
			}
		}
	}
	return nil, nil
}

// homeView finds a published Home tab by id.
func (tx *Tx) homeView(id string) (*Person, *View) {
	for _, p := range tx.people {
		if p.Home != nil && p.Home.ID == id {
			return p, p.Home
		}
	}
	return nil, nil
}

// wireView is a view as the API and interactions show it.
func (tx *Tx) wireView(v *View) object {
	o := v.body()
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
	o["team_id"], o["app_installed_team_id"] = tx.team.ID, tx.team.ID
	o["app_id"], o["bot_id"] = tx.bot.app, tx.bot.bot
	o["state"] = object{"values": v.Values}
	if tx.beliefs.OptionsEscaped {
		o["state"] = object{"values": escapedOptions(v.Values)}
	}
	return o
}

// escapedOptions is the state with the chosen options escaped.
func escapedOptions(values ViewValues) any {
	var copied any
	_ = json.Unmarshal(encode(values), &copied) // which it has just written
	escapeOptions(copied)
	return copied
}

func escapeOptions(v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			escapeOptions(one)
		}
	case object:
		_, isOption := v["text"].(object)
		for key, inner := range v {
			if said, ok := inner.(string); ok && (key == "text" || isOption && key == "value") {
				v[key] = escaper.Replace(said)
			}
			escapeOptions(inner)
		}
	}
}

// give lets the app at the files of a form that is submitted to it.
// https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
func (tx *Tx) give(v *View) {
	for _, actions := range v.Values {
		for _, value := range actions {
			files, _ := value["files"].([]File)
			for _, f := range files {
				if kept := tx.files[f.ID]; kept != nil {
					kept.given = true
				}
			}
		}
	}
}
