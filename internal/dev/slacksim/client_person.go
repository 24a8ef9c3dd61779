package slacksim

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"supporty/internal/dev/slacksim/workspace"
)

// Actor is somebody who does things in the workspace.
type Actor struct {
	client *Client
	name   string
	again  int // how often it is done again
}

// Insistent does a thing again, up to so many times, if Slack says that the app did not
// answer in time. That is what people do, and a test whose point is something else
// does not depend on how busy the machine is.
func (p *Actor) Insistent(times int) *Actor {
	return &Actor{client: p.client, name: p.name, again: times}
}

// SayOption says where a message goes within a channel.
type SayOption func(*Action)

// InThread makes the message a reply to the one with that ts.
func InThread(ts string) SayOption { return func(a *Action) { a.Thread = ts } }

// Broadcast shows a reply in the channel as well.
func Broadcast() SayOption { return func(a *Action) { a.Broadcast = true } }

// Attach shares uploaded files with the message, whose text may be empty.
func Attach(files ...File) SayOption {
	return func(a *Action) {
		for _, f := range files {
			a.Files = append(a.Files, f.ID)
		}
	}
}

// Command types a slash command, such as "/support", and what follows it.
func (p *Actor) Command(ctx context.Context, channel, command, text string) (Outcome, error) {
	return p.do(ctx, Action{Do: "command", Channel: channel, Command: command, Text: text})
}

// Shortcut picks a global shortcut.
func (p *Actor) Shortcut(ctx context.Context, callback string) (Outcome, error) {
	return p.do(ctx, Action{Do: "shortcut", Callback: callback})
}

// MessageShortcut picks a shortcut in the menu of a message.
func (p *Actor) MessageShortcut(ctx context.Context, channel, ts, callback string) (Outcome, error) {
	return p.do(ctx, Action{Do: "message_shortcut", Channel: channel, TS: ts, Callback: callback})
}

// Say posts a message and returns it as an Outcome with its TS. Names such as
// @bob and #general become mentions; the channel may be "@bob".
func (p *Actor) Say(ctx context.Context, channel, text string, options ...SayOption) (Outcome, error) {
	a := Action{Do: "say", Channel: channel, Text: text}
	for _, option := range options {
		option(&a)
	}
	return p.do(ctx, a)
}

// SayToBot writes to the bot in its direct message.
func (p *Actor) SayToBot(ctx context.Context, text string, options ...SayOption) (Outcome, error) {
	state, err := p.client.State(ctx)
	if err != nil {
		return Outcome{}, err
	}
	return p.Say(ctx, "@"+state.BotUserID, text, options...)
}

// UploadOption makes a file unlike those that Slack keeps itself.
type UploadOption func(url.Values)

// KeptElsewhere makes it a file of another service, such as gdrive, at that address.
func KeptElsewhere(service, address string) UploadOption {
	return func(q url.Values) {
		q.Set("mode", workspace.ModeExternal)
		q.Set("external_type", service)
		q.Set("url", address)
	}
}

// HiddenByLimit makes it one that Slack hides in a free workspace.
func HiddenByLimit() UploadOption { return func(q url.Values) { q.Set("mode", workspace.ModeHidden) } }

// CheckFileInfo makes it one of another company, of which messages have the id alone.
func CheckFileInfo() UploadOption {
	return func(q url.Values) { q.Set("file_access", "check_file_info") }
}

// ClaimingSize lets Slack say that it has so many bytes, whatever it has.
func ClaimingSize(bytes int) UploadOption {
	return func(q url.Values) { q.Set("size", fmt.Sprint(bytes)) }
}

// Upload takes over a file of this person; Attach shares it, and Values take it
// by its id.
func (p *Actor) Upload(ctx context.Context, name string, content []byte, options ...UploadOption) (File, error) {
	query := url.Values{"as": {p.name}, "name": {name}}
	for _, option := range options {
		option(query)
	}
	var f File
	err := p.client.send(ctx, http.MethodPost, "files", query, content, &f)
	return f, err
}

// DeleteFile deletes a file of one's own; messages keep a tombstone of it.
func (p *Actor) DeleteFile(ctx context.Context, id string) (Outcome, error) {
	return p.do(ctx, Action{Do: "delete_file", Files: []string{id}})
}

// Edit changes the text of one's own message.
func (p *Actor) Edit(ctx context.Context, channel, ts, text string) (Outcome, error) {
	return p.do(ctx, Action{Do: "edit", Channel: channel, TS: ts, Text: text})
}

// Delete removes one's own message, or as an admin anybody's.
func (p *Actor) Delete(ctx context.Context, channel, ts string) (Outcome, error) {
	return p.do(ctx, Action{Do: "delete", Channel: channel, TS: ts})
}

// React gives an emoji, by name without colons.
func (p *Actor) React(ctx context.Context, channel, ts, emoji string) (Outcome, error) {
	return p.do(ctx, Action{Do: "react", Channel: channel, TS: ts, Emoji: emoji})
}

// Unreact takes an emoji back.
func (p *Actor) Unreact(ctx context.Context, channel, ts, emoji string) (Outcome, error) {
	return p.do(ctx, Action{Do: "unreact", Channel: channel, TS: ts, Emoji: emoji})
}

// Follow follows the thread under a message by choice.
func (p *Actor) Follow(ctx context.Context, channel, ts string) (Outcome, error) {
	return p.do(ctx, Action{Do: "follow", Channel: channel, TS: ts})
}

// Unfollow stops following it, until the person writes there or is named again.
func (p *Actor) Unfollow(ctx context.Context, channel, ts string) (Outcome, error) {
	return p.do(ctx, Action{Do: "unfollow", Channel: channel, TS: ts})
}

// Click presses a button of a message, ephemeral ones included.
func (p *Actor) Click(ctx context.Context, channel, ts, action string) (Outcome, error) {
	return p.do(ctx, Action{Do: "click", Channel: channel, TS: ts, ActionID: action})
}

// Choose picks an option, by value or label, in a menu of a message.
func (p *Actor) Choose(ctx context.Context, channel, ts, action string, value any) (Outcome, error) {
	return p.do(ctx, Action{Do: "choose", Channel: channel, TS: ts, ActionID: action, Value: value})
}

// ClickModal presses a button in the top modal.
func (p *Actor) ClickModal(ctx context.Context, action string) (Outcome, error) {
	return p.do(ctx, Action{Do: "click", ActionID: action})
}

// ChooseModal picks in a menu of the top modal and tells the app at once.
func (p *Actor) ChooseModal(ctx context.Context, action string, value any) (Outcome, error) {
	return p.do(ctx, Action{Do: "choose", ActionID: action, Value: value})
}

// RunStep has a workflow come to a step of the app. Its outcome is in the state.
func (p *Actor) RunStep(ctx context.Context, callback string, inputs FormValues) (Outcome, error) {
	return p.do(ctx, Action{Do: "step", Callback: callback, Values: inputs})
}

// OpenHome opens the bot's Home tab.
func (p *Actor) OpenHome(ctx context.Context) (Outcome, error) {
	return p.do(ctx, Action{Do: "home"})
}

// ClickHome presses a button on the Home tab.
func (p *Actor) ClickHome(ctx context.Context, action string) (Outcome, error) {
	return p.do(ctx, Action{Do: "click", Home: true, ActionID: action})
}

// ChooseHome picks in a menu on the Home tab.
func (p *Actor) ChooseHome(ctx context.Context, action string, value any) (Outcome, error) {
	return p.do(ctx, Action{Do: "choose", Home: true, ActionID: action, Value: value})
}

// Type fills in fields of the top modal without submitting it.
func (p *Actor) Type(ctx context.Context, values FormValues) (Outcome, error) {
	return p.do(ctx, Action{Do: "type", Values: values})
}

// TypeHome fills in a part of the Home tab. A field that asks for it tells the app.
func (p *Actor) TypeHome(ctx context.Context, values FormValues) (Outcome, error) {
	return p.do(ctx, Action{Do: "type", Home: true, Values: values})
}

// Suggest types into a menu of the top modal whose options the app provides.
func (p *Actor) Suggest(ctx context.Context, action, typed string) ([]Option, error) {
	out, err := p.do(ctx, Action{Do: "suggest", ActionID: action, Text: typed})
	return out.Options, err
}

// Submit fills in the top modal and submits it. What was filled in stays for
// the next try if the modal stays open.
func (p *Actor) Submit(ctx context.Context, values FormValues) (Outcome, error) {
	return p.do(ctx, Action{Do: "submit", Values: values})
}

// Resubmit presses the submit button again, with what is filled in.
func (p *Actor) Resubmit(ctx context.Context) (Outcome, error) { return p.Submit(ctx, nil) }

// CloseModal presses Cancel in the top modal.
func (p *Actor) CloseModal(ctx context.Context) (Outcome, error) {
	return p.do(ctx, Action{Do: "close"})
}

// CloseAll closes every open view.
func (p *Actor) CloseAll(ctx context.Context) (Outcome, error) {
	return p.do(ctx, Action{Do: "close", All: true})
}

// Join enters a public channel.
func (p *Actor) Join(ctx context.Context, channel string) (Outcome, error) {
	return p.do(ctx, Action{Do: "join", Channel: channel})
}

// Leave leaves a channel.
func (p *Actor) Leave(ctx context.Context, channel string) (Outcome, error) {
	return p.do(ctx, Action{Do: "leave", Channel: channel})
}

// Invite adds somebody, or the bot, to a channel.
func (p *Actor) Invite(ctx context.Context, channel, person string) (Outcome, error) {
	return p.do(ctx, Action{Do: "invite", Channel: channel, Person: person})
}

// Archive archives a channel.
func (p *Actor) Archive(ctx context.Context, channel string) (Outcome, error) {
	return p.do(ctx, Action{Do: "archive", Channel: channel})
}

// Unarchive brings an archived channel back.
func (p *Actor) Unarchive(ctx context.Context, channel string) (Outcome, error) {
	return p.do(ctx, Action{Do: "unarchive", Channel: channel})
}

// View waits for a modal and returns the top one.
func (p *Actor) View(ctx context.Context) (*View, error) {
	return p.AwaitView(ctx, func(*View) bool { return true })
}

// AwaitView waits until the top modal is as wanted.
func (p *Actor) AwaitView(ctx context.Context, wanted func(*View) bool) (*View, error) {
	state, err := p.client.Await(ctx, func(s State) bool {
		person := s.Person(p.name)
		return person.Modal() != nil && wanted(person.Modal())
	})
	if err != nil {
		return nil, fmt.Errorf("waiting for a modal of %s: %w", p.name, err)
	}
	person := state.Person(p.name)
	return person.Modal(), nil
}

// Home waits until the Home tab is as wanted; nil takes whatever is published.
func (p *Actor) Home(ctx context.Context, wanted func(*View) bool) (*View, error) {
	state, err := p.client.Await(ctx, func(s State) bool {
		home := s.Person(p.name).Home
		return home != nil && (wanted == nil || wanted(home))
	})
	if err != nil {
		return nil, fmt.Errorf("waiting for the Home tab of %s: %w", p.name, err)
	}
	return state.Person(p.name).Home, nil
}

// Heard waits for something shown to this person alone after that journal
// number, such as Outcome.Seq, and returns the first.
func (p *Actor) Heard(ctx context.Context, after int64) (*Message, error) {
	var heard *Message
	_, err := p.client.Await(ctx, func(s State) bool {
		for _, m := range s.Ephemerals(p.name) {
			if m.Seq > after {
				heard = m
				return true
			}
		}
		return false
	})
	if err != nil {
		return nil, fmt.Errorf("waiting for an answer to %s alone: %w", p.name, err)
	}
	return heard, nil
}

// Notified waits until Slack has notified this person after that journal number
// of something as wanted, and returns the first; nil takes whatever comes.
func (p *Actor) Notified(ctx context.Context, after int64, wanted func(Notification) bool) (Notification, error) {
	var found Notification
	_, err := p.client.Await(ctx, func(s State) bool {
		for _, n := range s.Notified(p.name) {
			if n.Seq > after && (wanted == nil || wanted(n)) {
				found = n
				return true
			}
		}
		return false
	})
	if err != nil {
		return found, fmt.Errorf("waiting for %s to be notified: %w", p.name, err)
	}
	return found, nil
}

func (p *Actor) do(ctx context.Context, a Action) (Outcome, error) {
	a.As = p.name
	out, err := p.client.Do(ctx, a)
	for again := 0; again < p.again && err == nil && out.Unanswered(); again++ {
		out, err = p.client.Do(ctx, a)
	}
	return out, err
}

// Name is the handle or user id that the actor was made with.
func (p *Actor) Name() string { return p.name }
