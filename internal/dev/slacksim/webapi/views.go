package webapi

import (
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/blockkit"
	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

const maxViewBytes = 250 << 10

// trigger lets the app open one view for one person, for Config.TriggerLife.
type trigger struct {
	person  *workspace.Person
	view    string // the view it was given in, if any
	expires time.Time
	used    bool
}

// NewTrigger makes a trigger_id.
func (api *API) NewTrigger(tx *workspace.Tx, p *workspace.Person, view string) string {
	id := time.Now().Format("150405") + "." + time.Now().Format("0102150405") + "." + wire.RandomHex(16)
	api.issued.Of(tx).triggers[id] = &trigger{person: p, view: view, expires: time.Now().Add(api.cfg.TriggerLife)}
	tx.After(time.Minute, func(tx *workspace.Tx) { delete(api.issued.Of(tx).triggers, id) })
	return id
}

func (api *API) useTrigger(tx *workspace.Tx, id string) (*trigger, error) {
	if strings.Count(id, ".") != 2 {
		return nil, invalidArguments("invalid `trigger_id`")
	}
	t := api.issued.Of(tx).triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case time.Now().After(t.expires):
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}

func invalidArguments(messages ...string) error {
	return &apiError{"invalid_arguments", wire.Object{"response_metadata": wire.Object{"messages": messages}}}
}

// readView checks a view that the app sent. self is the view that may have its
// external_id already.
func (api *API) readView(tx *workspace.Tx, raw, kind, self string) (wire.Object, error) {
	if len(raw) > maxViewBytes {
		return nil, refuse("view_too_large")
	}
	if problems := blockkit.View([]byte(raw)); len(problems) > 0 {
		return nil, invalidArguments(worded(problems)...)
	}
	var body wire.Object
	if err := wire.Decode([]byte(raw), &body); err != nil {
		return nil, invalidArguments("[ERROR] must be a valid view [json-pointer:/view]")
	}
	if wire.Text(body, "type") != kind {
		return nil, invalidArguments("[ERROR] unsupported view type: " + wire.Text(body, "type") + " [json-pointer:/view/type]")
	}
	if asksForFiles(body) && !api.granted("files:read") {
		return nil, &apiError{"missing_scope", wire.Object{"needed": "files:read", "provided": strings.Join(api.cfg.Scopes, ",")}}
	}
	if external := wire.Text(body, "external_id"); external != "" {
		if _, taken := tx.OpenView("", external); taken != nil && taken.ID != self {
			return nil, refuse("duplicate_external_id")
		}
	}
	return body, nil
}

// asksForFiles says whether a view has a file_input, which needs files:read.
// https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
func asksForFiles(body wire.Object) bool {
	blocks, _ := body["blocks"].([]any)
	return slices.ContainsFunc(layout.Elements(blocks), func(el layout.Element) bool { return el.Kind == "file_input" })
}

// triggered returns the trigger of a call, and the modal that the call shows.
func (api *API) triggered(tx *workspace.Tx, a args) (*trigger, wire.Object, error) {
	t, err := api.useTrigger(tx, a["trigger_id"])
	if err != nil {
		return nil, nil, err
	}
	body, err := api.readView(tx, a["view"], "modal", "")
	return t, body, err
}

func (api *API) viewsOpen(tx *workspace.Tx, a args) (wire.Object, error) {
	t, body, err := api.triggered(tx, a)
	if err != nil {
		return nil, err
	}
	if tx.Beliefs.FormsRefusedElsewhere && t.person.TeamID != tx.Team.ID {
		return nil, refuse("access_denied")
	}
	t.used = true
	v := tx.NewView(body)
	tx.Show(t.person, v, nil)
	return wire.Object{"view": tx.WireView(v)}, nil
}

func (api *API) viewsPush(tx *workspace.Tx, a args) (wire.Object, error) {
	t, body, err := api.triggered(tx, a)
	if err != nil {
		return nil, err
	}
	v, err := api.Push(tx, t.person, body)
	if err != nil {
		return nil, err
	}
	t.used = true
	return wire.Object{"view": tx.WireView(v)}, nil
}

// Push puts a view on top of the one that is open.
func (api *API) Push(tx *workspace.Tx, p *workspace.Person, body wire.Object) (*workspace.View, error) {
	if len(p.Modals) == 0 {
		return nil, refuse("not_found")
	}
	top := p.Modals[len(p.Modals)-1]
	depth := 0
	for _, v := range p.Modals {
		if v.RootID == top.RootID {
			depth++
		}
	}
	if depth >= workspace.MaxStack {
		return nil, refuse("push_limit_reached")
	}
	v := tx.NewView(body)
	tx.Show(p, v, top)
	return v, nil
}

func (api *API) viewsUpdate(tx *workspace.Tx, a args) (wire.Object, error) {
	p, v := tx.OpenView(a["view_id"], a["external_id"])
	kind := "modal"
	if v == nil {
		p, v = tx.HomeView(a["view_id"])
		kind = "home"
	}
	if v == nil {
		return nil, refuse("not_found")
	}
	if a["hash"] != "" && a["hash"] != v.Hash {
		return nil, refuse("hash_conflict")
	}
	body, err := api.readView(tx, a["view"], kind, v.ID)
	if err != nil {
		return nil, err
	}
	if kind == "home" {
		return wire.Object{"view": tx.WireView(tx.Publish(p, body))}, nil
	}
	return wire.Object{"view": tx.WireView(tx.UpdateView(p, v.ID, body))}, nil
}

func (api *API) viewsPublish(tx *workspace.Tx, a args) (wire.Object, error) {
	p := tx.PersonByID(a["user_id"])
	switch {
	case api.cfg.HomeDisabled:
		return nil, refuse("not_enabled")
	case p == nil:
		return nil, invalidArguments("[ERROR] invalid `user_id`")
	case a["hash"] != "" && p.Home != nil && a["hash"] != p.Home.Hash:
		return nil, refuse("hash_conflict")
	}
	body, err := api.readView(tx, a["view"], "home", "")
	if err != nil {
		return nil, err
	}
	return wire.Object{"view": tx.WireView(tx.Publish(p, body))}, nil
}
