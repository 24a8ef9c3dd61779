package people

import (
	"encoding/json"
	"errors"
	"fmt"

	"supporty/internal/dev/slacksim/blockkit"
	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// viewFor finds the view that an action is about.
func viewFor(p *workspace.Person, a Action) (*workspace.View, error) {
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
func fillIn(tx *workspace.Tx, p *workspace.Person, v *workspace.View, values FormValues) (*workspace.View, []layout.Element, error) {
	list := v.Elements()
	var touched []layout.Element
	for key, given := range values {
		el, ok := layout.Find(list, key)
		if !ok {
			return nil, nil, layout.Missing(list, key)
		}
		value, err := el.Entered(given, tx)
		if err != nil {
			return nil, nil, err
		}
		v = tx.SetValue(p, v, el, value)
		touched = append(touched, el)
	}
	return v, touched, nil
}

// typeIn fills in without submitting. Inputs with dispatch_action tell the app.
func (d *Driver) typeIn(p *workspace.Person, a Action) (Outcome, error) {
	payloads, err := workspace.Update(d.store, func(tx *workspace.Tx) ([]wire.Object, error) { return d.inputPayloads(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Acked: true}
	for _, payload := range payloads {
		if answer := d.tell(payload); !answer.Acked {
			out = answer
		}
	}
	d.store.View(func(*workspace.Tx) { out.View = p.Modal() })
	return out, nil
}

func (d *Driver) inputPayloads(tx *workspace.Tx, p *workspace.Person, a Action) ([]wire.Object, error) {
	v, err := viewFor(p, a)
	if err != nil {
		return nil, err
	}
	v, touched, err := fillIn(tx, p, v, a.Values)
	if err != nil {
		return nil, err
	}
	var payloads []wire.Object
	for _, el := range touched {
		if a.Quiet || el.Input && !el.Dispatch {
			continue
		}
		action := wire.Object{"type": el.Kind, "block_id": el.Block, "action_id": el.Action, "action_ts": tx.NewTS()}
		for key, value := range v.Values[el.Block][el.Action] {
			action[key] = value
		}
		payloads = append(payloads, d.viewAction(tx, p, v, action))
	}
	return payloads, nil
}

// submit presses the submit button of the modal.
// https://docs.slack.dev/surfaces/modals#handling_submissions
func (d *Driver) submit(p *workspace.Person, a Action) (Outcome, error) {
	var v *workspace.View
	var missing map[string]string
	payload, err := workspace.Update(d.store, func(tx *workspace.Tx) (payload wire.Object, err error) {
		v, payload, missing, err = d.submission(tx, p, a)
		return payload, err
	})
	if err != nil || len(missing) > 0 {
		return Outcome{Errors: missing, View: v}, err
	}
	end := d.hub.Ask(socketmode.TypeInteractive, "view_submission", payload)
	var out Outcome
	d.store.Update(func(tx *workspace.Tx) {
		out = d.submitted(tx, p, v, end)
		out.View = p.Modal()
	})
	return out, nil
}

// submission fills in and makes the payload, or says what Slack finds missing
// before it asks the app.
func (d *Driver) submission(tx *workspace.Tx, p *workspace.Person, a Action) (*workspace.View, wire.Object, map[string]string, error) {
	v, err := viewFor(p, a)
	if err != nil {
		return nil, nil, nil, err
	}
	if v.Decoded()["submit"] == nil {
		return nil, nil, nil, errors.New("the modal has no submit button")
	}
	v, _, err = fillIn(tx, p, v, a.Values)
	if err != nil {
		return nil, nil, nil, err
	}
	if empty := missing(v); len(empty) > 0 {
		return v, nil, empty, nil
	}
	tx.GiveFiles(v)
	payload := d.interaction(tx, p, "view_submission", v.ID)
	payload["view"], payload["response_urls"] = tx.WireView(v), []wire.Object{}
	return v, payload, nil, nil
}

// missing names the required inputs that are empty.
func missing(v *workspace.View) map[string]string {
	empty := map[string]string{}
	for _, el := range v.Elements() {
		if el.Input && !el.Optional && workspace.IsEmpty(v.Values[el.Block][el.Action]) {
			empty[el.Block] = "Please complete this required field."
		}
	}
	return empty
}

// submitted does what the acknowledgement says.
func (d *Driver) submitted(tx *workspace.Tx, p *workspace.Person, v *workspace.View, end socketmode.Ack) Outcome {
	if !end.OK {
		return showBanner(tx, p, v, false)
	}
	var response struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(end.Payload) > 0 && json.Unmarshal(end.Payload, &response) != nil {
		return showBanner(tx, p, v, true)
	}
	switch response.Action {
	case "":
		tx.Dismiss(p, v.ID)
		return Outcome{Acked: true, Closed: true}
	case "clear":
		tx.DismissAll(p)
		return Outcome{Acked: true, Closed: true}
	case "errors":
		return refused(tx, p, v, response.Errors)
	case "update", "push":
		return d.nextView(tx, p, v, response.Action, response.View)
	}
	return showBanner(tx, p, v, true)
}

// showBanner leaves the modal open with a banner.
func showBanner(tx *workspace.Tx, p *workspace.Person, v *workspace.View, acked bool) Outcome {
	tx.Replace(p, v.ID, func(v *workspace.View) { v.Banner, v.Errors = AppSilentModal, nil })
	return Outcome{Acked: acked, Banner: AppSilentModal}
}

// refused shows errors at their fields. Slack takes them for input blocks only.
func refused(tx *workspace.Tx, p *workspace.Person, v *workspace.View, problems map[string]string) Outcome {
	inputs := map[string]bool{}
	for _, el := range v.Elements() {
		inputs[el.Block] = el.Input
	}
	for block := range problems {
		if !inputs[block] {
			return showBanner(tx, p, v, true)
		}
	}
	if len(problems) == 0 {
		return showBanner(tx, p, v, true)
	}
	tx.Replace(p, v.ID, func(v *workspace.View) { v.Errors, v.Banner = problems, "" })
	return Outcome{Acked: true, Errors: problems}
}

func (d *Driver) nextView(tx *workspace.Tx, p *workspace.Person, v *workspace.View, how string, raw json.RawMessage) Outcome {
	var body wire.Object
	if len(blockkit.View(raw)) > 0 || wire.Decode(raw, &body) != nil {
		return showBanner(tx, p, v, true)
	}
	if how == "update" {
		tx.UpdateView(p, v.ID, body)
		return Outcome{Acked: true}
	}
	if _, err := d.api.Push(tx, p, body); err != nil {
		return showBanner(tx, p, v, true)
	}
	return Outcome{Acked: true}
}

// closeView presses Cancel, or × with All. The app hears of it only where a
// view has notify_on_close.
func (d *Driver) closeView(p *workspace.Person, a Action) (Outcome, error) {
	payload, err := workspace.Update(d.store, func(tx *workspace.Tx) (wire.Object, error) { return d.closed(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	if payload != nil {
		d.hub.Ask(socketmode.TypeInteractive, "view_closed", payload)
	}
	out := Outcome{Acked: true, Closed: true}
	d.store.View(func(*workspace.Tx) { out.View = p.Modal() })
	return out, nil
}

// closed takes the views away, and makes what the app hears of it, if it does.
func (d *Driver) closed(tx *workspace.Tx, p *workspace.Person, a Action) (wire.Object, error) {
	v, err := viewFor(p, a)
	if err != nil {
		return nil, err
	}
	cleared, _ := v.Decoded()["clear_on_close"].(bool)
	if a.All || cleared {
		v, cleared = p.Modals[0], true
		tx.DismissAll(p)
	} else {
		tx.Dismiss(p, v.ID)
	}
	return d.closing(tx, p, v, cleared), nil
}

func (d *Driver) closing(tx *workspace.Tx, p *workspace.Person, v *workspace.View, cleared bool) wire.Object {
	if notify, _ := v.Decoded()["notify_on_close"].(bool); !notify {
		return nil
	}
	payload := d.interaction(tx, p, "view_closed", "")
	delete(payload, "trigger_id")
	view := tx.WireView(v)
	view["state"] = wire.Object{"values": wire.Object{}}
	payload["view"], payload["is_cleared"] = view, cleared
	return payload
}

// suggest types into a menu whose options come from the app.
func (d *Driver) suggest(p *workspace.Person, a Action) (Outcome, error) {
	payload, err := workspace.Update(d.store, func(tx *workspace.Tx) (wire.Object, error) { return d.suggestion(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	end := d.hub.Ask(socketmode.TypeInteractive, "block_suggestion", payload)
	if !end.OK {
		return Outcome{Error: appSilentButton}, nil
	}
	var offer wire.Object
	if err := wire.Decode(end.Payload, &offer); err != nil {
		return Outcome{}, fmt.Errorf("reading the options the app offers: %w", err)
	}
	out := Outcome{Acked: true}
	for _, o := range layout.Offered(offer) {
		out.Options = append(out.Options, Option{Text: wire.TextOf(o, "text"), Value: wire.Text(o, "value")})
	}
	return out, nil
}

// suggestion asks for the options of a menu in a message, the Home tab or a modal.
func (d *Driver) suggestion(tx *workspace.Tx, p *workspace.Person, a Action) (wire.Object, error) {
	payload := d.interaction(tx, p, "block_suggestion", "")
	delete(payload, "trigger_id")
	list, err := suggestedIn(tx, p, a, payload)
	if err != nil {
		return nil, err
	}
	el, ok := layout.Find(list, a.ActionID)
	if !ok {
		return nil, layout.Missing(list, a.ActionID)
	}
	payload["action_id"], payload["block_id"], payload["value"] = el.Action, el.Block, a.Text
	return payload, nil
}

// suggestedIn says in the payload where the menu is, and lists what stands there.
func suggestedIn(tx *workspace.Tx, p *workspace.Person, a Action, payload wire.Object) ([]layout.Element, error) {
	if a.Channel == "" {
		v, err := viewFor(p, a)
		if err != nil {
			return nil, err
		}
		payload["container"], payload["view"] = wire.Object{"type": "view", "view_id": v.ID}, tx.WireView(v)
		return v.Elements(), nil
	}
	c, m, err := about(tx, p, a)
	if err != nil {
		return nil, err
	}
	payload["container"] = wire.Object{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.OnlyFor != ""}
	payload["channel"], payload["message"] = wire.Object{"id": c.ID, "name": tx.WireName(c)}, clickedMessage(tx, m)
	return layout.Elements(layout.Decode(m.Blocks)), nil
}
