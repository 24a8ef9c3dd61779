package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"

	"supporty/internal/dev/slacksim/blockkit"
)

// viewFor finds the view that an action is about.
func viewFor(p *Person, a Action) (*View, error) {
	if a.Home {
		if p.Home == nil {
			return nil, errors.New("the Home tab is empty")
		}
		return p.Home, nil
	}
	for _, v := range p.Modals {
		if v.ID == a.View {
			return v, nil
		}
	}
	if v := p.Modal(); v != nil && a.View == "" {
		return v, nil
	}
	return nil, errors.New("there is no such open modal")
}

// fillIn enters values into a view and returns it as it is then.
func fillIn(tx *Tx, p *Person, v *View, values Values) (*View, []element, error) {
	list := v.elements()
	var touched []element
	for key, given := range values {
		el, ok := findElement(list, key)
		if !ok {
			return nil, nil, noElement(list, key)
		}
		value, err := tx.entered(el, given)
		if err != nil {
			return nil, nil, err
		}
		v = tx.setValue(p, v, el, value)
		touched = append(touched, el)
	}
	return v, touched, nil
}

// typeIn fills in without submitting. Inputs with dispatch_action tell the app.
func (d *Driver) typeIn(p *Person, a Action) (Outcome, error) {
	payloads, err := Update(d.store, func(tx *Tx) ([]object, error) { return d.inputPayloads(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Acked: true}
	for _, payload := range payloads {
		if answer := d.tell(payload); !answer.Acked {
			out = answer
		}
	}
	d.store.View(func(*Tx) { out.View = p.Modal() })
	return out, nil
}

func (d *Driver) inputPayloads(tx *Tx, p *Person, a Action) ([]object, error) {
	v, err := viewFor(p, a)
	if err != nil {
		return nil, err
	}
	v, touched, err := fillIn(tx, p, v, a.Values)
	if err != nil {
		return nil, err
	}
	var payloads []object
	for _, el := range touched {
		if a.Quiet || el.input && !el.dispatch {
			continue
		}
		action := object{"type": el.kind, "block_id": el.block, "action_id": el.action, "action_ts": tx.newTS()}
		for key, value := range v.Values[el.block][el.action] {
			action[key] = value
		}
		payloads = append(payloads, d.viewAction(tx, p, v, action))
	}
	return payloads, nil
}

// submit presses the submit button of the modal.
// https://docs.slack.dev/surfaces/modals#handling_submissions
func (d *Driver) submit(p *Person, a Action) (Outcome, error) {
	var v *View
	var missing map[string]string
	payload, err := Update(d.store, func(tx *Tx) (payload object, err error) {
		v, payload, missing, err = d.submission(tx, p, a)
		return payload, err
	})
	if err != nil || len(missing) > 0 {
		return Outcome{Errors: missing, View: v}, err
	}
	end := d.hub.Ask(typeInteractive, "view_submission", payload)
	var out Outcome
	d.store.Update(func(tx *Tx) {
		out = d.submitted(tx, p, v, end)
		out.View = p.Modal()
	})
	return out, nil
}

// submission fills in and makes the payload, or says what Slack finds missing
// before it asks the app.
func (d *Driver) submission(tx *Tx, p *Person, a Action) (*View, object, map[string]string, error) {
	v, err := viewFor(p, a)
	if err != nil {
		return nil, nil, nil, err
	}
	if v.body()["submit"] == nil {
		return nil, nil, nil, errors.New("the modal has no submit button")
	}
	v, _, err = fillIn(tx, p, v, a.Values)
	if err != nil {
		return nil, nil, nil, err
	}
	if empty := missing(v); len(empty) > 0 {
		return v, nil, empty, nil
	}
	tx.give(v)
	payload := d.interaction(tx, p, "view_submission", v.ID)
	payload["view"], payload["response_urls"] = tx.wireView(v), []object{}
	return v, payload, nil, nil
}

// missing names the required inputs that are empty.
func missing(v *View) map[string]string {
	empty := map[string]string{}
	for _, el := range v.elements() {
		if el.input && !el.optional && isEmpty(v.Values[el.block][el.action]) {
			empty[el.block] = "Please complete this required field."
		}
	}
	return empty
}

// submitted does what the acknowledgement says.
func (d *Driver) submitted(tx *Tx, p *Person, v *View, end ack) Outcome {
	if !end.ok {
		return showBanner(tx, p, v, false)
	}
	var response struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(end.payload) > 0 && json.Unmarshal(end.payload, &response) != nil {
		return showBanner(tx, p, v, true)
	}
	switch response.Action {
	case "":
		tx.dismiss(p, v.ID)
		return Outcome{Acked: true, Closed: true}
	case "clear":
		tx.dismissAll(p)
		return Outcome{Acked: true, Closed: true}
	case "errors":
		return refused(tx, p, v, response.Errors)
	case "update", "push":
		return d.nextView(tx, p, v, response.Action, response.View)
	}
	return showBanner(tx, p, v, true)
}

// showBanner leaves the modal open with a banner.
func showBanner(tx *Tx, p *Person, v *View, acked bool) Outcome {
	tx.replace(p, v.ID, func(v *View) { v.Banner, v.Errors = appSilentModal, nil })
	return Outcome{Acked: acked, Banner: appSilentModal}
}

// refused shows errors at their fields. Slack takes them for input blocks only.
func refused(tx *Tx, p *Person, v *View, problems map[string]string) Outcome {
	inputs := map[string]bool{}
	for _, el := range v.elements() {
		inputs[el.block] = el.input
	}
	for block := range problems {
		if !inputs[block] {
			return showBanner(tx, p, v, true)
		}
	}
	if len(problems) == 0 {
		return showBanner(tx, p, v, true)
	}
	tx.replace(p, v.ID, func(v *View) { v.Errors, v.Banner = problems, "" })
	return Outcome{Acked: true, Errors: problems}
}

func (d *Driver) nextView(tx *Tx, p *Person, v *View, how string, raw json.RawMessage) Outcome {
	var body object
	if len(blockkit.View(raw)) > 0 || decodeInto(raw, &body) != nil {
		return showBanner(tx, p, v, true)
	}
	if how == "update" {
		tx.updateView(p, v.ID, body)
		return Outcome{Acked: true}
	}
	if _, err := d.api.push(tx, p, body); err != nil {
		return showBanner(tx, p, v, true)
	}
	return Outcome{Acked: true}
}

// closeView presses Cancel, or × with All. The app hears of it only where a
// view has notify_on_close.
func (d *Driver) closeView(p *Person, a Action) (Outcome, error) {
	payload, err := Update(d.store, func(tx *Tx) (object, error) { return d.closed(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	if payload != nil {
		d.hub.Ask(typeInteractive, "view_closed", payload)
	}
	out := Outcome{Acked: true, Closed: true}
	d.store.View(func(*Tx) { out.View = p.Modal() })
	return out, nil
}

// closed takes the views away, and makes what the app hears of it, if it does.
func (d *Driver) closed(tx *Tx, p *Person, a Action) (object, error) {
	v, err := viewFor(p, a)
	if err != nil {
		return nil, err
	}
	cleared, _ := v.body()["clear_on_close"].(bool)
	if a.All || cleared {
		v, cleared = p.Modals[0], true
		tx.dismissAll(p)
	} else {
		tx.dismiss(p, v.ID)
	}
	return d.closing(tx, p, v, cleared), nil
}

func (d *Driver) closing(tx *Tx, p *Person, v *View, cleared bool) object {
	if notify, _ := v.body()["notify_on_close"].(bool); !notify {
		return nil
	}
	payload := d.interaction(tx, p, "view_closed", "")
	delete(payload, "trigger_id")
	view := tx.wireView(v)
	view["state"] = object{"values": object{}}
	payload["view"], payload["is_cleared"] = view, cleared
	return payload
}

// suggest types into a menu whose options come from the app.
func (d *Driver) suggest(p *Person, a Action) (Outcome, error) {
	payload, err := Update(d.store, func(tx *Tx) (object, error) { return d.suggestion(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	end := d.hub.Ask(typeInteractive, "block_suggestion", payload)
	if !end.ok {
		return Outcome{Error: appSilentButton}, nil
	}
	var offer object
	if err := decodeInto(end.payload, &offer); err != nil {
		return Outcome{}, fmt.Errorf("reading the options the app offers: %w", err)
	}
	out := Outcome{Acked: true}
	for _, o := range offered(offer) {
		out.Options = append(out.Options, Option{Text: textOf(o, "text"), Value: text(o, "value")})
	}
	return out, nil
}

// suggestion asks for the options of a menu in a message, the Home tab or a modal.
func (d *Driver) suggestion(tx *Tx, p *Person, a Action) (object, error) {
	payload := d.interaction(tx, p, "block_suggestion", "")
	delete(payload, "trigger_id")
	list, err := suggestedIn(tx, p, a, payload)
	if err != nil {
		return nil, err
	}
	el, ok := findElement(list, a.ActionID)
	if !ok {
		return nil, noElement(list, a.ActionID)
	}
	payload["action_id"], payload["block_id"], payload["value"] = el.action, el.block, a.Text
	return payload, nil
}

// suggestedIn says in the payload where the menu is, and lists what stands there.
func suggestedIn(tx *Tx, p *Person, a Action, payload object) ([]element, error) {
	if a.Channel == "" {
		v, err := viewFor(p, a)
		if err != nil {
			return nil, err
		}
		payload["container"], payload["view"] = object{"type": "view", "view_id": v.ID}, tx.wireView(v)
		return v.elements(), nil
	}
	c, m, err := about(tx, p, a)
	if err != nil {
		return nil, err
	}
	payload["container"] = object{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.OnlyFor != ""}
	payload["channel"], payload["message"] = object{"id": c.ID, "name": tx.wireName(c)}, clickedMessage(tx, m)
	return elements(decodeBlocks(m.Blocks)), nil
}
