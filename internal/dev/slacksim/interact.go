package slacksim

import (
	"fmt"
	"slices"
)

// What a person is shown when the app does not answer.
const (
	troubleModal  = "We had some trouble connecting. Try again?"
	troubleButton = "This app is not responding. Try again in a moment."
)

// interaction makes what every interaction payload has. The lock must be held.
func (s *Server) interaction(p *Person, kind, view string) object {
	w := s.ws
	return object{
		"type": kind, "token": "legacy", "api_app_id": w.bot.app, "trigger_id": s.newTrigger(p, view),
		"team":       object{"id": w.team.ID, "domain": w.team.Domain},
		"user":       object{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": p.TeamID},
		"enterprise": nil, "is_enterprise_install": false,
	}
}

// wireName is a channel's name in payloads. Samples of Slack's own libraries
// have privategroup for a private channel; whether it can be its own name is not
// documented. https://docs.slack.dev/reference/interaction-payloads
func (w *workspace) wireName(c *Channel) string {
	switch {
	case c.IM:
		return "directmessage"
	case c.Private && !c.MPIM && !w.beliefs.PrivateNamed:
		return "privategroup"
	}
	return c.Name
}

// command types a slash command. Slack offers an app's commands outside threads
// only. https://docs.slack.dev/interactivity/implementing-slash-commands
func (s *Server) command(p *Person, a Action) (Outcome, error) {
	payload, h, err := s.commandPayload(p, a)
	if err != nil {
		return Outcome{}, err
	}
	end := s.ask(typeCommands, typeCommands, payload)
	if !end.ok {
		return Outcome{Error: commandTrouble(a.Command, end.trouble)}, nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return Outcome{Acked: true}, s.answerCommand(h, end)
}

func (s *Server) commandPayload(p *Person, a Action) (object, *hook, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.place(p, a.Channel)
	switch {
	case err != nil:
		return nil, nil, err
	case a.Thread != "":
		return nil, nil, fmt.Errorf("%s is not supported in threads", a.Command)
	case p.TeamID != s.ws.team.ID:
		return nil, nil, fmt.Errorf("people of other workspaces cannot use %s", a.Command)
	}
	h := hook{channel: c, reader: p.ID}
	return object{
		"token": "legacy", "team_id": s.ws.team.ID, "team_domain": s.ws.team.Domain,
		"channel_id": c.ID, "channel_name": s.ws.wireName(c), "user_id": p.ID, "user_name": p.Name,
		"command": a.Command, "text": s.commandText(a), "api_app_id": s.ws.bot.app,
		"is_enterprise_install": "false", "response_url": s.newHook(h), "trigger_id": s.newTrigger(p, ""),
	}, &h, nil
}

// commandText is what follows a command, as its escape setting has it.
func (s *Server) commandText(a Action) string {
	for _, c := range s.cfg.Commands {
		if c.Name == a.Command && c.Escape {
			return s.ws.typed(a.Text)
		}
	}
	if s.ws.beliefs.CommandsEscaped {
		return escaper.Replace(a.Text)
	}
	return a.Text
}

func commandTrouble(command, trouble string) string {
	code := "dispatch_failed"
	if trouble == "timeout" {
		code = "operation_timeout"
	}
	return fmt.Sprintf("%s failed with the error %q", command, code)
}

// answerCommand shows what the acknowledgement of a command carries.
func (s *Server) answerCommand(h *hook, end ack) error {
	a := args{}
	if a.readJSON(end.payload) != nil || (a["text"] == "" && a["blocks"] == "") {
		return nil // nothing to show
	}
	if err := s.respond(h, a); err != nil {
		return fmt.Errorf("showing the answer to the command: %w", err)
	}
	return nil
}

// shortcut picks a global shortcut.
func (s *Server) shortcut(p *Person, a Action) (Outcome, error) {
	s.mu.Lock()
	payload := s.interaction(p, "shortcut", "")
	payload["callback_id"], payload["action_ts"] = a.Callback, s.ws.newTS()
	s.mu.Unlock()
	return s.tell(payload), nil
}

// messageShortcut picks a shortcut in the menu of a message; the bot need not
// be in the channel.
func (s *Server) messageShortcut(p *Person, a Action) (Outcome, error) {
	s.mu.Lock()
	c, m, err := s.about(p, a)
	if err != nil {
		s.mu.Unlock()
		return Outcome{}, err
	}
	payload := s.interaction(p, "message_action", "")
	payload["user"] = object{"id": p.ID, "name": p.Name, "team_id": p.TeamID}
	payload["callback_id"], payload["action_ts"], payload["message_ts"] = a.Callback, s.ws.newTS(), m.TS
	payload["channel"], payload["message"] = object{"id": c.ID, "name": s.ws.wireName(c)}, s.ws.wire(m)
	payload["response_url"] = s.newHook(hook{channel: c, reader: p.ID, source: m.TS, private: m.OnlyFor != ""})
	s.mu.Unlock()
	return s.tell(payload), nil
}

// tell sends an interaction whose acknowledgement carries nothing.
func (s *Server) tell(payload object) Outcome {
	end := s.ask(typeInteractive, text(payload, "type"), payload)
	if !end.ok {
		return Outcome{Error: troubleButton}
	}
	return Outcome{Acked: true}
}

// click presses a button, or chooses in a menu, of a message, the top modal or
// the Home tab.
func (s *Server) click(p *Person, a Action) (Outcome, error) {
	s.mu.Lock()
	payload, err := s.clickPayload(p, a)
	s.mu.Unlock()
	if err != nil {
		return Outcome{}, err
	}
	out := s.tell(payload)
	s.mu.Lock()
	defer s.mu.Unlock()
	out.View = p.Modal()
	return out, nil
}

func (s *Server) clickPayload(p *Person, a Action) (object, error) {
	if a.Channel != "" {
		return s.messageClick(p, a)
	}
	v, err := p.viewFor(a)
	if err != nil {
		return nil, err
	}
	return s.viewClick(p, v, a)
}

func (s *Server) messageClick(p *Person, a Action) (object, error) {
	c, m, err := s.inView(p, a)
	if err != nil {
		return nil, err
	}
	list := elements(decodeBlocks(m.Blocks))
	el, ok := findElement(list, a.ActionID)
	if !ok {
		return nil, noElement(list, a.ActionID)
	}
	action, value, err := s.chosen(el, a)
	if err != nil {
		return nil, err
	}
	payload := s.interaction(p, "block_actions", "")
	container := object{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.OnlyFor != ""}
	putText(container, "thread_ts", m.ThreadTS)
	payload["container"], payload["channel"] = container, object{"id": c.ID, "name": s.ws.wireName(c)}
	payload["message"] = s.clickedMessage(m)
	payload["state"] = object{"values": messageState(list, el, value)}
	payload["actions"] = []object{action}
	payload["response_url"] = s.newHook(hook{channel: c, reader: p.ID, source: m.TS, private: m.OnlyFor != ""})
	return payload, nil
}

// clickedMessage is a stub for an ephemeral message.
func (s *Server) clickedMessage(m *Message) object {
	if m.OnlyFor != "" {
		return object{"type": "message", "subtype": "bot_message", "bot_id": m.BotID, "ts": m.TS, "text": m.Text}
	}
	o := s.ws.wire(m)
	if m.Text == "" {
		o["text"] = "This content can't be displayed."
	}
	return o
}

func messageState(list []element, clicked element, value object) ViewValues {
	values := ViewValues{}
	for _, el := range list {
		if _, stateful := kinds[el.kind]; stateful {
			values.set(el, initialValue(el))
		}
	}
	if value != nil {
		values.set(clicked, value)
	}
	return values
}

func (s *Server) viewClick(p *Person, v *View, a Action) (object, error) {
	list := v.elements()
	el, ok := findElement(list, a.ActionID)
	if !ok {
		return nil, noElement(list, a.ActionID)
	}
	action, value, err := s.chosen(el, a)
	if err != nil {
		return nil, err
	}
	if value != nil {
		v = s.remember(p, v, el, value)
	}
	return s.viewAction(p, v, action), nil
}

func (s *Server) viewAction(p *Person, v *View, action object) object {
	payload := s.interaction(p, "block_actions", v.ID)
	payload["container"], payload["view"] = object{"type": "view", "view_id": v.ID}, s.ws.wireView(v)
	payload["actions"] = []object{action}
	return payload
}

// remember keeps what was entered in a view, and returns the view as it is then.
func (s *Server) remember(p *Person, v *View, el element, value object) *View {
	keep := func(v *View) { v.Values.set(el, value) }
	if v.Type != "home" {
		return s.ws.replace(p, v.ID, keep)
	}
	home := *v
	home.Values = v.Values.clone()
	keep(&home)
	p.Home = &home
	return &home
}

// chosen makes the action item of a click; value is what a stateful element
// holds afterwards, nil for a button or overflow menu.
func (s *Server) chosen(el element, a Action) (object, object, error) {
	action := object{"type": el.kind, "block_id": el.block, "action_id": el.action, "action_ts": s.ws.newTS()}
	switch el.kind {
	case "overflow":
		option := findOption(el.raw, fmt.Sprint(a.Value))
		if option == nil {
			return nil, nil, fmt.Errorf("menu %q offers no %v", el.action, a.Value)
		}
		action["selected_option"] = option
		return action, nil, nil
	case "button", "workflow_button", "icon_button":
		for _, key := range []string{"text", "value", "style"} {
			if v, ok := el.raw[key]; ok {
				action[key] = v
			}
		}
		return action, nil, nil
	}
	value, err := s.ws.entered(el, a.Value)
	for key, v := range value {
		action[key] = v
	}
	return action, value, err
}

func noElement(list []element, action string) error {
	var there []string
	for _, el := range list {
		there = append(there, el.action)
	}
	return fmt.Errorf("there is no element %q; there are %q", action, slices.Compact(there))
}
