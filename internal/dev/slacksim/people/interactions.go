package people

import (
	"fmt"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/socketmode"
	"supporty/internal/dev/slacksim/webapi"
	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// What a person is shown when the app does not answer.
const (
	AppSilentModal  = "We had some trouble connecting. Try again?"
	appSilentButton = "This app is not responding. Try again in a moment."
)

// interaction makes what every interaction payload has.
func (d *Driver) interaction(tx *workspace.Tx, p *workspace.Person, kind, view string) wire.Object {
	return wire.Object{
		"type": kind, "token": "legacy", "api_app_id": tx.Bot.App, "trigger_id": d.api.NewTrigger(tx, p, view),
		"team":       wire.Object{"id": tx.Team.ID, "domain": tx.Team.Domain},
		"user":       wire.Object{"id": p.ID, "username": p.Name, "name": p.Name, "team_id": p.TeamID},
		"enterprise": nil, "is_enterprise_install": false,
	}
}

// command types a slash command. Slack offers an app's commands outside threads
// only. https://docs.slack.dev/interactivity/implementing-slash-commands
func (d *Driver) command(p *workspace.Person, a Action) (Outcome, error) {
	var h *webapi.Hook
	payload, err := workspace.Update(d.store, func(tx *workspace.Tx) (payload wire.Object, err error) {
		payload, h, err = d.commandPayload(tx, p, a)
		return payload, err
	})
	if err != nil {
		return Outcome{}, err
	}
	end := d.hub.Ask(socketmode.TypeCommands, socketmode.TypeCommands, payload)
	if !end.OK {
		return Outcome{Error: commandFailure(a.Command, end.Failure)}, nil
	}
	return workspace.Update(d.store, func(tx *workspace.Tx) (Outcome, error) {
		return Outcome{Acked: true}, d.api.AnswerCommand(tx, h, end.Payload)
	})
}

func (d *Driver) commandPayload(tx *workspace.Tx, p *workspace.Person, a Action) (wire.Object, *webapi.Hook, error) {
	c, err := place(tx, p, a.Channel)
	switch {
	case err != nil:
		return nil, nil, err
	case a.Thread != "":
		return nil, nil, fmt.Errorf("%s is not supported in threads", a.Command)
	case p.TeamID != tx.Team.ID:
		return nil, nil, fmt.Errorf("people of other workspaces cannot use %s", a.Command)
	}
	h := webapi.Hook{Channel: c, Reader: p.ID}
	return wire.Object{
		"token": "legacy", "team_id": tx.Team.ID, "team_domain": tx.Team.Domain,
		"channel_id": c.ID, "channel_name": tx.WireName(c), "user_id": p.ID, "user_name": p.Name,
		"command": a.Command, "text": d.commandText(tx, a), "api_app_id": tx.Bot.App,
		"is_enterprise_install": "false", "response_url": d.api.NewHook(tx, h), "trigger_id": d.api.NewTrigger(tx, p, ""),
	}, &h, nil
}

// commandText is what follows a command, as its escape setting has it.
func (d *Driver) commandText(tx *workspace.Tx, a Action) string {
	for _, c := range d.commands {
		if c.Name == a.Command && c.Escape {
			return tx.Markup(a.Text)
		}
	}
	if tx.Beliefs.CommandsEscaped {
		return layout.Escaper.Replace(a.Text)
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
func (d *Driver) shortcut(p *workspace.Person, a Action) (Outcome, error) {
	var payload wire.Object
	d.store.Update(func(tx *workspace.Tx) {
		payload = d.interaction(tx, p, "shortcut", "")
		payload["callback_id"], payload["action_ts"] = a.Callback, tx.NewTS()
	})
	return d.tell(payload), nil
}

// messageShortcut picks a shortcut in the menu of a message; the bot need not
// be in the channel.
func (d *Driver) messageShortcut(p *workspace.Person, a Action) (Outcome, error) {
	payload, err := workspace.Update(d.store, func(tx *workspace.Tx) (wire.Object, error) { return d.shortcutPayload(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	return d.tell(payload), nil
}

func (d *Driver) shortcutPayload(tx *workspace.Tx, p *workspace.Person, a Action) (wire.Object, error) {
	c, m, err := about(tx, p, a)
	if err != nil {
		return nil, err
	}
	payload := d.interaction(tx, p, "message_action", "")
	payload["user"] = wire.Object{"id": p.ID, "name": p.Name, "team_id": p.TeamID}
	payload["callback_id"], payload["action_ts"], payload["message_ts"] = a.Callback, tx.NewTS(), m.TS
	payload["channel"], payload["message"] = wire.Object{"id": c.ID, "name": tx.WireName(c)}, tx.Wire(m)
	payload["response_url"] = d.api.NewHook(tx, webapi.Hook{Channel: c, Reader: p.ID, Source: m.TS, Private: m.OnlyFor != ""})
	return payload, nil
}

// tell sends an interaction whose acknowledgement carries nothing.
func (d *Driver) tell(payload wire.Object) Outcome {
	end := d.hub.Ask(socketmode.TypeInteractive, wire.Text(payload, "type"), payload)
	if !end.OK {
		return Outcome{Error: appSilentButton}
	}
	return Outcome{Acked: true}
}

// click presses a button, or chooses in a menu, of a message, the top modal or
// the Home tab.
func (d *Driver) click(p *workspace.Person, a Action) (Outcome, error) {
	payload, err := workspace.Update(d.store, func(tx *workspace.Tx) (wire.Object, error) { return d.clickPayload(tx, p, a) })
	if err != nil {
		return Outcome{}, err
	}
	out := d.tell(payload)
	d.store.View(func(*workspace.Tx) { out.View = p.Modal() })
	return out, nil
}

func (d *Driver) clickPayload(tx *workspace.Tx, p *workspace.Person, a Action) (wire.Object, error) {
	if a.Channel != "" {
		return d.messageClick(tx, p, a)
	}
	v, err := viewFor(p, a)
	if err != nil {
		return nil, err
	}
	return d.viewClick(tx, p, v, a)
}

func (d *Driver) messageClick(tx *workspace.Tx, p *workspace.Person, a Action) (wire.Object, error) {
	c, m, err := inView(tx, p, a)
	if err != nil {
		return nil, err
	}
	list := layout.Elements(layout.Decode(m.Blocks))
	el, ok := layout.Find(list, a.ActionID)
	if !ok {
		return nil, layout.Missing(list, a.ActionID)
	}
	action, value, err := chosen(tx, el, a)
	if err != nil {
		return nil, err
	}
	payload := d.interaction(tx, p, "block_actions", "")
	container := wire.Object{"type": "message", "message_ts": m.TS, "channel_id": c.ID, "is_ephemeral": m.OnlyFor != ""}
	wire.PutText(container, "thread_ts", m.ThreadTS)
	payload["container"], payload["channel"] = container, wire.Object{"id": c.ID, "name": tx.WireName(c)}
	payload["message"] = clickedMessage(tx, m)
	payload["state"] = wire.Object{"values": messageState(list, el, value)}
	payload["actions"] = []wire.Object{action}
	payload["response_url"] = d.api.NewHook(tx, webapi.Hook{Channel: c, Reader: p.ID, Source: m.TS, Private: m.OnlyFor != ""})
	return payload, nil
}

// clickedMessage is a stub for an ephemeral message.
func clickedMessage(tx *workspace.Tx, m *workspace.Message) wire.Object {
	if m.OnlyFor != "" {
		return wire.Object{"type": "message", "subtype": "bot_message", "bot_id": m.BotID, "ts": m.TS, "text": m.Text}
	}
	o := tx.Wire(m)
	if m.Text == "" {
		o["text"] = "This content can't be displayed."
	}
	return o
}

func messageState(list []layout.Element, clicked layout.Element, value wire.Object) layout.StateValues {
	values := layout.StateValues{}
	for _, el := range list {
		if layout.IsStateful(el.Kind) {
			values.Set(el, layout.Initial(el))
		}
	}
	if value != nil {
		values.Set(clicked, value)
	}
	return values
}

func (d *Driver) viewClick(tx *workspace.Tx, p *workspace.Person, v *workspace.View, a Action) (wire.Object, error) {
	list := v.Elements()
	el, ok := layout.Find(list, a.ActionID)
	if !ok {
		return nil, layout.Missing(list, a.ActionID)
	}
	action, value, err := chosen(tx, el, a)
	if err != nil {
		return nil, err
	}
	if value != nil {
		v = tx.SetValue(p, v, el, value)
	}
	return d.viewAction(tx, p, v, action), nil
}

func (d *Driver) viewAction(tx *workspace.Tx, p *workspace.Person, v *workspace.View, action wire.Object) wire.Object {
	payload := d.interaction(tx, p, "block_actions", v.ID)
	payload["container"], payload["view"] = wire.Object{"type": "view", "view_id": v.ID}, tx.WireView(v)
	payload["actions"] = []wire.Object{action}
	return payload
}

// chosen makes the action item of a click; value is what a stateful element
// holds afterwards, nil for a button or overflow menu.
func chosen(tx *workspace.Tx, el layout.Element, a Action) (wire.Object, wire.Object, error) {
	action := wire.Object{"type": el.Kind, "block_id": el.Block, "action_id": el.Action, "action_ts": tx.NewTS()}
	switch el.Kind {
	case "overflow":
		option := layout.FindOption(el.Raw, fmt.Sprint(a.Value))
		if option == nil {
			return nil, nil, fmt.Errorf("menu %q offers no %v", el.Action, a.Value)
		}
		action["selected_option"] = option
		return action, nil, nil
	case "button", "workflow_button", "icon_button":
		for _, key := range []string{"text", "value", "style"} {
			if v, ok := el.Raw[key]; ok {
				action[key] = v
			}
		}
		return action, nil, nil
	}
	value, err := el.Entered(a.Value, tx)
	for key, v := range value {
		action[key] = v
	}
	return action, value, err
}
