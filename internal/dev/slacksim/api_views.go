package slacksim

import (
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/blockkit"
)

const maxViewBytes = 250 << 10

// trigger lets the app open one view for one person, for Config.TriggerLife.
type trigger struct {
	person  *Person
	view    string // the view it was given in, if any
	expires time.Time
	used    bool
}

// newTrigger makes a trigger_id.
func (api *API) newTrigger(tx *Tx, p *Person, view string) string {
	tx.lastID++
	id := time.Now().Format("150405") + "." + time.Now().Format("0102150405") + "." + randomHex(16)
	api.issued.Of(tx).triggers[id] = &trigger{person: p, view: view, expires: time.Now().Add(api.cfg.TriggerLife)}
	tx.after(time.Minute, func(tx *Tx) { delete(api.issued.Of(tx).triggers, id) })
	return id
}

func (api *API) useTrigger(tx *Tx, id string) (*trigger, error) {
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
	return &apiError{"invalid_arguments", object{"response_metadata": object{"messages": messages}}}
}

// readView checks a view that the app sent. self is the view that may have its
// external_id already.
func (api *API) readView(tx *Tx, raw, kind, self string) (object, error) {
	if len(raw) > maxViewBytes {
		return nil, refuse("view_too_large")
	}
	if problems := blockkit.View([]byte(raw)); len(problems) > 0 {
		return nil, invalidArguments(worded(problems)...)
	}
	var body object
	if err := decodeInto([]byte(raw), &body); err != nil {
		return nil, invalidArguments("[ERROR] must be a valid view [json-pointer:/view]")
	}
	if text(body, "type") != kind {
		return nil, invalidArguments("[ERROR] unsupported view type: " + text(body, "type") + " [json-pointer:/view/type]")
	}
	if asksForFiles(body) && !api.granted("files:read") {
		return nil, &apiError{"missing_scope", object{"needed": "files:read", "provided": strings.Join(api.cfg.Scopes, ",")}}
	}
	if external := text(body, "external_id"); external != "" {
		if _, taken := tx.openView("", external); taken != nil && taken.ID != self {
			return nil, refuse("duplicate_external_id")
		}
	}
	return body, nil
}

// asksForFiles says whether a view has a file_input, which needs files:read.
// https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
func asksForFiles(body object) bool {
	blocks, _ := body["blocks"].([]any)
	return slices.ContainsFunc(elements(blocks), func(el element) bool { return el.kind == "file_input" })
}

func (api *API) viewsOpen(tx *Tx, a args) (object, error) {
	t, err := api.useTrigger(tx, a["trigger_id"])
	if err != nil {
		return nil, err
	}
	body, err := api.readView(tx, a["view"], "modal", "")
	if err != nil {
		return nil, err
	}
	t.used = true
	v := tx.newView(body)
	tx.show(t.person, v, nil)
	return object{"view": tx.wireView(v)}, nil
}

func (api *API) viewsPush(tx *Tx, a args) (object, error) {
	t, err := api.useTrigger(tx, a["trigger_id"])
	if err != nil {
		return nil, err
	}
	body, err := api.readView(tx, a["view"], "modal", "")
	if err != nil {
		return nil, err
	}
	v, err := api.push(tx, t.person, body)
	if err != nil {
		return nil, err
	}
	t.used = true
	return object{"view": tx.wireView(v)}, nil
}

// push puts a view on top of the one that is open.
func (api *API) push(tx *Tx, p *Person, body object) (*View, error) {
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
	if depth >= maxStack {
		return nil, refuse("push_limit_reached")
	}
	v := tx.newView(body)
	tx.show(p, v, top)
	return v, nil
}

func (api *API) viewsUpdate(tx *Tx, a args) (object, error) {
	p, v := tx.openView(a["view_id"], a["external_id"])
	kind := "modal"
	if v == nil {
		p, v = tx.homeView(a["view_id"])
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
		return object{"view": tx.wireView(tx.publish(p, body))}, nil
	}
	return object{"view": tx.wireView(tx.updateView(p, v.ID, body))}, nil
}

func (api *API) viewsPublish(tx *Tx, a args) (object, error) {
	p := tx.personByID(a["user_id"])
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
	return object{"view": tx.wireView(tx.publish(p, body))}, nil
}
