package slacksim

import (
	"fmt"
	"slices"
)

// What a person is shown when the app does not answer.
const (
	appSilentModal  = "We had some trouble connecting. Try again?"
	appSilentButton = "This app is not responding. Try again in a moment."
)

// interaction makes what every interaction payload has.
func (d *Driver) interaction(tx *Tx, p *Person, kind, view string) object {
	return object{
		"type": kind, "token": "legacy", "api_app_id": tx.bot.app, "trigger_id": d.api.newTrigger(tx, p, view),
		"team":       object{"id": tx.team.ID, "domain": tx.team.Domain},
		"user":       object{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": p.TeamID},
		"enterprise": nil, "is_enterprise_install": false,
	}
}

// command types a slash command. Slack offers an app's commands outside threads
// only. https://docs.slack.dev/interactivity/implementing-slash-commands
func (d *Driver) command(p *Person, a Action) (Outcome, error) {
	var h *hook
	payload, err := Update(d.store, func(tx *Tx) (payload object, err error) {
		payload, h, err = d.commandPayload(tx, p, a)
		return payload, err
	})
	if err != nil {
		return Outcome{}, err
	}
	end := d.hub.Ask(typeCommands, typeCommands, payload)
	if !end.ok {
		return Outcome{Error: commandFailure(a.Command, end.failure)}, nil
	}
	return Update(d.store, func(tx *Tx) (Outcome, error) {
		return Outcome{Acked: true}, d.api.answerCommand(tx, h, end.payload)
	})
}

func (d *Driver) commandPayload(tx *Tx, p *Person, a Action) (object, *hook, error) {
	c, err := place(tx, p, a.Channel)
	switch {
	case err != nil:
		return nil, nil, err
	case a.Thread != "":
		return nil, nil, fmt.Errorf("%s is not supported in threads", a.Command)
	case p.TeamID != tx.team.ID:
		return nil, nil, fmt.Errorf("people of other workspaces cannot use %s", a.Command)
	}
	h := hook{channel: c, reader: p.ID}
	return object{
		"token": "legacy", "team_id": tx.team.ID, "team_domain": tx.team.Domain,
		"channel_id": c.ID, "channel_name": tx.wireName(c), "user_id": p.ID, "user_name": p.Name,
		"command": a.Command, "text": d.commandText(tx, a), "api_app_id": tx.bot.app,
		"is_enterprise_install": "false", "response_url": d.api.newHook(tx, h), "trigger_id": d.api.newTrigger(tx, p, ""),
	}, &h, nil
}

// commandText is what follows a command, as its escape setting has it.
func (d *Driver) commandText(tx *Tx, a Action) string {
	for _, c := range d.commands {
		if c.Name == a.Command && c.Escape {
			return tx.typed(a.Text)
		}
	}
	if tx.beliefs.CommandsEscaped {
		return escaper.Replace(a.Text)
	}
	return a.Text
}

func commandFailure(command, failure string) string {
	code := "dispatch_failed"
	if failure == "timeout" {
		code = "operation_timeout"
	}
	return fmt.Sprintf("%s failed with the error %q", command, code)
}

// shortcut picks a global shortcut.
func (d *Driver) shortcut(p *Person, a Action) (Outcome, error) {
	var payload object
	d.store.Update(func(tx *Tx) {
		payload = d.interaction(tx, p, "shortcut", "")
		payload["callback_id"], payload["action_ts"] = a.Callback, tx.newTS()
	})
	return d.tell(payload), nil
}

// messageShortcut picks a shortcut in the menu of a message; the bot need not
// be in the channel.
func (d *Driver) messageShortcut(p *Person, a Action) (Outcome, error) {
	payload, err := Update(d.store, func(tx *Tx) (object, error) { return d.shortcutPayload(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	return d.tell(payload), nil
}

func (d *Driver) shortcutPayload(tx *Tx, p *Person, a Action) (object, error) {
	c, m, err := about(tx, p, a)
	if err != nil {
		return nil, err
	}
	payload := d.interaction(tx, p, "message_action", "")
	payload["user"] = object{"id": p.ID, "name": p.Name, "team_id": p.TeamID}
	payload["callback_id"], payload["action_ts"], payload["message_ts"] = a.Callback, tx.newTS(), m.TS
	payload["channel"], payload["message"] = object{"id": c.ID, "name": tx.wireName(c)}, tx.wire(m)
	payload["response_url"] = d.api.newHook(tx, hook{channel: c, reader: p.ID, source: m.TS, private: m.OnlyFor != ""})
	return payload, nil
}

// tell sends an interaction whose acknowledgement carries nothing.
func (d *Driver) tell(payload object) Outcome {
	end := d.hub.Ask(typeInteractive, text(payload, "type"), payload)
	if !end.ok {
		return Outcome{Error: appSilentButton}
	}
	return Outcome{Acked: true}
}

// click presses a button, or chooses in a menu, of a message, the top modal or
// the Home tab.
func (d *Driver) click(p *Person, a Action) (Outcome, error) {
	payload, err := Update(d.store, func(tx *Tx) (object, error) { return d.clickPayload(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	out := d.tell(payload)
	d.store.View(func(*Tx) { out.View = p.Modal() })
	return out, nil
}

func (d *Driver) clickPayload(tx *Tx, p *Person, a Action) (object, error) {
	if a.Channel != "" {
		return d.messageClick(tx, p, a)
	}
	v, err := viewFor(p, a)
	if err != nil {
		return nil, err
	}
	return d.viewClick(tx, p, v, a)
}

func (d *Driver) messageClick(tx *Tx, p *Person, a Action) (object, error) {
	c, m, err := inView(tx, p, a)
	if err != nil {
		return nil, err
	}
	list := elements(decodeBlocks(m.Blocks))
	el, ok := findElement(list, a.ActionID)
	if !ok {
		return nil, noElement(list, a.ActionID)
	}
	action, value, err := chosen(tx, el, a)
	if err != nil {
		return nil, err
	}
	payload := d.interaction(tx, p, "block_actions", "")
	container := object{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.OnlyFor != ""}
	putText(container, "thread_ts", m.ThreadTS)
	payload["container"], payload["channel"] = container, object{"id": c.ID, "name": tx.wireName(c)}
	payload["message"] = clickedMessage(tx, m)
	payload["state"] = object{"values": messageState(list, el, value)}
	payload["actions"] = []object{action}
	payload["response_url"] = d.api.newHook(tx, hook{channel: c, reader: p.ID, source: m.TS, private: m.OnlyFor != ""})
	return payload, nil
}

// clickedMessage is a stub for an ephemeral message.
func clickedMessage(tx *Tx, m *Message) object {
	if m.OnlyFor != "" {
		return object{"type": "message", "subtype": "bot_message", "bot_id": m.BotID, "ts": m.TS, "text": m.Text}
	}
	o := tx.wire(m)
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

func (d *Driver) viewClick(tx *Tx, p *Person, v *View, a Action) (object, error) {
	list := v.elements()
	el, ok := findElement(list, a.ActionID)
	if !ok {
		return nil, noElement(list, a.ActionID)
	}
	action, value, err := chosen(tx, el, a)
	if err != nil {
		return nil, err
	}
	if value != nil {
		v = tx.setValue(p, v, el, value)
	}
	return d.viewAction(tx, p, v, action), nil
}

func (d *Driver) viewAction(tx *Tx, p *Person, v *View, action object) object {
	payload := d.interaction(tx, p, "block_actions", v.ID)
	payload["container"], payload["view"] = object{"type": "view", "view_id": v.ID}, tx.wireView(v)
	payload["actions"] = []object{action}
	return payload
}

// chosen makes the action item of a click; value is what a stateful element
// holds afterwards, nil for a button or overflow menu.
func chosen(tx *Tx, el element, a Action) (object, object, error) {
	action := object{"type": el.kind, "block_id": el.block, "action_id": el.action, "action_ts": tx.newTS()}
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
	value, err := tx.entered(el, a.Value)
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
