package slacksim

import (
	"encoding/json"
	"errors"
	"fmt"

	"supporty/internal/dev/slacksim/blockkit"
)

// Modal is the view that a person has in front of them; nil if none.
func (p *Person) Modal() *View {
	if len(p.Modals) == 0 {
		return nil
	}
	return p.Modals[len(p.Modals)-1]
}

// viewFor finds the view that an action is about.
func (p *Person) viewFor(a Action) (*View, error) {
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

// fill enters values into a view and returns it as it is then. The lock must be
// held.
func (s *Server) fill(p *Person, v *View, values Values) (*View, []element, error) {
	list := v.elements()
	var touched []element
	for key, given := range values {
		el, ok := findElement(list, key)
		if !ok {
			return nil, nil, noElement(list, key)
		}
		value, err := s.ws.entered(el, given)
		if err != nil {
			return nil, nil, err
		}
		v = s.remember(p, v, el, value)
		touched = append(touched, el)
	}
	return v, touched, nil
}

// typeIn fills in without submitting. Inputs with dispatch_action tell the app.
func (s *Server) typeIn(p *Person, a Action) (Outcome, error) {
	s.mu.Lock()
	payloads, err := s.typedPayloads(p, a)
	s.mu.Unlock()
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Acked: true}
	for _, payload := range payloads {
		if told := s.tell(payload); !told.Acked {
			out = told
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out.View = p.Modal()
	return out, nil
}

func (s *Server) typedPayloads(p *Person, a Action) ([]object, error) {
	v, err := p.viewFor(a)
	if err != nil {
		return nil, err
	}
	v, touched, err := s.fill(p, v, a.Values)
	if err != nil {
		return nil, err
	}
	var payloads []object
	for _, el := range touched {
		if a.Quiet || el.input && !el.dispatch {
			continue
		}
		action := object{"type": el.kind, "block_id": el.block, "action_id": el.action, "action_ts": s.ws.newTS()}
		for key, value := range v.Values[el.block][el.action] {
			action[key] = value
		}
		payloads = append(payloads, s.viewAction(p, v, action))
	}
	return payloads, nil
}

// submit presses the submit button of the modal.
// https://docs.slack.dev/surfaces/modals#handling_submissions
func (s *Server) submit(p *Person, a Action) (Outcome, error) {
	s.mu.Lock()
	v, payload, missing, err := s.submission(p, a)
	s.mu.Unlock()
	if err != nil || len(missing) > 0 {
		return Outcome{Errors: missing, View: v}, err
	}
	end := s.ask(typeInteractive, "view_submission", payload)
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.submitted(p, v, end)
	out.View = p.Modal()
	return out, nil
}

// submission fills in and makes the payload, or says what Slack finds missing
// before it asks the app.
func (s *Server) submission(p *Person, a Action) (*View, object, map[string]string, error) {
	v, err := p.viewFor(a)
	if err != nil {
		return nil, nil, nil, err
	}
	if v.body()["submit"] == nil {
		return nil, nil, nil, errors.New("the modal has no submit button")
	}
	v, _, err = s.fill(p, v, a.Values)
	if err != nil {
		return nil, nil, nil, err
	}
	if missing := v.missing(); len(missing) > 0 {
		return v, nil, missing, nil
	}
	s.ws.give(v)
	payload := s.interaction(p, "view_submission", v.ID)
	payload["view"], payload["response_urls"] = s.ws.wireView(v), []object{}
	return v, payload, nil, nil
}

// give lets the app at the files of a form that is submitted to it.
// https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
func (w *workspace) give(v *View) {
	for _, actions := range v.Values {
		for _, value := range actions {
			files, _ := value["files"].([]File)
			for _, f := range files {
				if kept := w.files[f.ID]; kept != nil {
					kept.given = true
				}
			}
		}
	}
}

// missing names the required inputs that are empty.
func (v *View) missing() map[string]string {
	missing := map[string]string{}
	for _, el := range v.elements() {
		if el.input && !el.optional && isEmpty(v.Values[el.block][el.action]) {
			missing[el.block] = "Please complete this required field."
		}
	}
	return missing
}

// submitted does what the acknowledgement says.
func (s *Server) submitted(p *Person, v *View, end ack) Outcome {
	if !end.ok {
		return s.trouble(p, v, false)
	}
	var response struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(end.payload) > 0 && json.Unmarshal(end.payload, &response) != nil {
		return s.trouble(p, v, true)
	}
	switch response.Action {
	case "":
		s.ws.dismiss(p, v.ID)
		return Outcome{Acked: true, Closed: true}
	case "clear":
		s.ws.dismissAll(p)
		return Outcome{Acked: true, Closed: true}
	case "errors":
		return s.refused(p, v, response.Errors)
	case "update", "push":
		return s.nextView(p, v, response.Action, response.View)
	}
	return s.trouble(p, v, true)
}

// trouble leaves the modal open with a banner.
func (s *Server) trouble(p *Person, v *View, acked bool) Outcome {
	s.ws.replace(p, v.ID, func(v *View) { v.Banner, v.Errors = troubleModal, nil })
	return Outcome{Acked: acked, Banner: troubleModal}
}

// refused shows errors at their fields. Slack takes them for input blocks only.
func (s *Server) refused(p *Person, v *View, problems map[string]string) Outcome {
	inputs := map[string]bool{}
	for _, el := range v.elements() {
		inputs[el.block] = el.input
	}
	for block := range problems {
		if !inputs[block] {
			return s.trouble(p, v, true)
		}
	}
	if len(problems) == 0 {
		return s.trouble(p, v, true)
	}
	s.ws.replace(p, v.ID, func(v *View) { v.Errors, v.Banner = problems, "" })
	return Outcome{Acked: true, Errors: problems}
}

func (s *Server) nextView(p *Person, v *View, how string, raw json.RawMessage) Outcome {
	var body object
	if len(blockkit.View(raw)) > 0 || decodeInto(raw, &body) != nil {
		return s.trouble(p, v, true)
	}
	if how == "update" {
		s.ws.updateView(p, v.ID, body)
		return Outcome{Acked: true}
	}
	if _, err := s.push(p, body); err != nil {
		return s.trouble(p, v, true)
	}
	return Outcome{Acked: true}
}

// closeView presses Cancel, or × with All. The app hears of it only where a
// view has notify_on_close.
func (s *Server) closeView(p *Person, a Action) (Outcome, error) {
	s.mu.Lock()
	v, err := p.viewFor(a)
	if err != nil {
		s.mu.Unlock()
		return Outcome{}, err
	}
	cleared, _ := v.body()["clear_on_close"].(bool)
	if all := a.All || cleared; all {
		v = p.Modals[0]
		cleared = true
		s.ws.dismissAll(p)
	} else {
		s.ws.dismiss(p, v.ID)
	}
	payload := s.closing(p, v, cleared)
	s.mu.Unlock()
	if payload != nil {
		s.ask(typeInteractive, "view_closed", payload)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return Outcome{Acked: true, Closed: true, View: p.Modal()}, nil
}

func (s *Server) closing(p *Person, v *View, cleared bool) object {
	if notify, _ := v.body()["notify_on_close"].(bool); !notify {
		return nil
	}
	payload := s.interaction(p, "view_closed", "")
	delete(payload, "trigger_id")
	view := s.ws.wireView(v)
	view["state"] = object{"values": object{}}
	payload["view"], payload["is_cleared"] = view, cleared
	return payload
}

// suggest types into a menu whose options come from the app.
func (s *Server) suggest(p *Person, a Action) (Outcome, error) {
	s.mu.Lock()
	payload, err := s.suggestion(p, a)
	s.mu.Unlock()
	if err != nil {
		return Outcome{}, err
	}
	end := s.ask(typeInteractive, "block_suggestion", payload)
	if !end.ok {
		return Outcome{Error: troubleButton}, nil
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
func (s *Server) suggestion(p *Person, a Action) (object, error) {
	payload := s.interaction(p, "block_suggestion", "")
	delete(payload, "trigger_id")
	list, err := s.suggestedIn(p, a, payload)
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
func (s *Server) suggestedIn(p *Person, a Action, payload object) ([]element, error) {
	if a.Channel == "" {
		v, err := p.viewFor(a)
		if err != nil {
			return nil, err
		}
		payload["container"], payload["view"] = object{"type": "view", "view_id": v.ID}, s.ws.wireView(v)
		return v.elements(), nil
	}
	c, m, err := s.about(p, a)
	if err != nil {
		return nil, err
	}
	payload["container"] = object{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.OnlyFor != ""}
	payload["channel"], payload["message"] = object{"id": c.ID, "name": s.ws.wireName(c)}, s.clickedMessage(m)
	return elements(decodeBlocks(m.Blocks)), nil
}
