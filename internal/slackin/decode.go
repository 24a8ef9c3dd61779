package slackin

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// Slack's payloads are decoded into small structs of our own: a field or an
// element that Slack adds tomorrow must not cost us the event. Shapes:
// https://docs.slack.dev/reference/interaction-payloads and
// https://docs.slack.dev/reference/events.

// Kinds of envelopes.
const (
	kindEvent       = "events_api"
	kindCommand     = "slash_commands"
	kindInteraction = "interactive"

	kindHello      = "hello" // these two have no id
	kindDisconnect = "disconnect"
)

// envelope is one frame. If it has an id, it wants an acknowledgement.
// https://docs.slack.dev/apis/events-api/using-socket-mode
type envelope struct {
	ID          string          `json:"envelope_id"`
	Kind        string          `json:"type"`
	Payload     json.RawMessage `json:"payload"`
	Retry       int             `json:"retry_attempt"`
	Connections int             `json:"num_connections"` // of a greeting
	Reason      string          `json:"reason"`          // of a disconnect
}

// isHome reports whether it is the Home tab, and no form.
func (v view) isHome() bool { return v.Type == "home" }

func decodeEnvelope(frame []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(frame, &e); err != nil {
		return envelope{}, fmt.Errorf("decoding an envelope: %w", err)
	}
	return e, nil
}

type command struct {
	Text        string `json:"text"`
	UserID      string `json:"user_id"`
	ChannelID   string `json:"channel_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
}

// interaction is a button, a form or a shortcut.
type interaction struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	User        struct {
		ID string `json:"id"`
	} `json:"user"`
	Channel   channel   `json:"channel"`
	Message   message   `json:"message"` // of a message shortcut
	Container container `json:"container"`
	Actions   []action  `json:"actions"`
	Value     string    `json:"value"` // what is typed into a menu
	View      view      `json:"view"`
}

type channel struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type container struct {
	ChannelID string `json:"channel_id"`
	MessageTS string `json:"message_ts"`
	ThreadTS  string `json:"thread_ts"`
	Ephemeral bool   `json:"is_ephemeral"`
}

// thread is the thread in which the gesture was made and in which its answer belongs. It
// is empty for a gesture on the card, which stands in the channel.
func (c container) thread() string {
	if c.ThreadTS == c.MessageTS {
		return ""
	}
	return c.ThreadTS
}

type action struct {
	ActionID       string `json:"action_id"`
	ActionTS       string `json:"action_ts"`
	Value          string `json:"value"`
	SelectedOption *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// chosen is the value of the button, or of the chosen option.
func (a action) chosen() string {
	if a.SelectedOption != nil {
		return a.SelectedOption.Value
	}
	return a.Value
}

type view struct {
	ID              string          `json:"id"`
	Type            string          `json:"type"`
	Hash            string          `json:"hash"`
	CallbackID      string          `json:"callback_id"`
	PrivateMetadata string          `json:"private_metadata"`
	Blocks          json.RawMessage `json:"blocks"`
	State           struct {
		Values json.RawMessage `json:"values"`
	} `json:"state"`
}

type message struct {
	Subtype  string `json:"subtype"`
	User     string `json:"user"`
	BotID    string `json:"bot_id"`
	Text     string `json:"text"`
	TS       string `json:"ts"`
	ThreadTS string `json:"thread_ts"`

	ParentUser  string          `json:"parent_user_id"` // who began the thread
	Blocks      json.RawMessage `json:"blocks"`
	Attachments json.RawMessage `json:"attachments"`
	Files       attached        `json:"files"`

	Metadata struct {
		Payload struct {
			ID      string `json:"id"`
			Version string `json:"version"`
		} `json:"event_payload"`
	} `json:"metadata"`
}

// mark identifies a message of ours. It is the zero Mark if the message carries none. Of
// a message's metadata Slack may send the type only, or nothing.
func (m message) mark() slackformat.Mark {
	var blocks []struct {
		ID string `json:"block_id"`
	}
	if json.Unmarshal(m.Blocks, &blocks) == nil && len(blocks) > 0 {
		if mark := slackformat.MarkIn(blocks[0].ID); mark.ID != "" {
			return mark
		}
	}
	version, err := strconv.ParseInt(m.Metadata.Payload.Version, 10, 64)
	if err != nil {
		return slackformat.Mark{} // not our metadata
	}
	return slackformat.Mark{ID: m.Metadata.Payload.ID, Version: version}
}

// source is the content of the message.
func (m message) source() slackformat.Source {
	s := slackformat.Source{Text: m.Text, Blocks: m.Blocks, Attachments: m.Attachments}
	for _, f := range m.Files {
		s.Files = append(s.Files, f.Name)
	}
	return s
}

// attached are the files of a message or a form. A value of another shape decodes to
// none.
type attached []slackformat.File

// UnmarshalJSON implements json.Unmarshaler.
func (a *attached) UnmarshalJSON(raw []byte) error {
	*a = slackformat.ReadFiles(raw)
	return nil
}

// files converts them to the desk's type.
func (a attached) files() []desk.File {
	var all []desk.File
	for _, f := range a {
		all = append(all, desk.File(f))
	}
	return all
}

// mostRemembered is how many files of a message a ticket takes over.
const mostRemembered = 10

// ids joins the files' ids, as a form stores them in its metadata.
func (a attached) ids() string {
	var ids []string
	for _, f := range a[:min(len(a), mostRemembered)] {
		ids = append(ids, f.ID)
	}
	return strings.Join(ids, " ")
}

// isReply reports whether the message is a reply. The first message of a thread carries
// its own ts as the thread's.
func (m message) isReply() bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }

// event is the inner event of events_api, of any type. Where some events have the id of a
// channel or a person, others have the whole object.
type event struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype"`
	ChannelType string          `json:"channel_type"`
	ChannelRaw  json.RawMessage `json:"channel"`
	UserRaw     json.RawMessage `json:"user"`
	BotID       string          `json:"bot_id"`
	Text        string          `json:"text"`
	Files       attached        `json:"files"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	EventTS     string          `json:"event_ts"`
	DeletedTS   string          `json:"deleted_ts"`
	Reaction    string          `json:"reaction"`
	Tab         string          `json:"tab"`            // of the app, that somebody opened
	View        json.RawMessage `json:"view"`           // what is shown there; empty for nothing
	ItemUser    string          `json:"item_user"`      // who wrote the message that got the reaction
	ParentUser  string          `json:"parent_user_id"` // who began the thread
	Item        struct {
		Type    string `json:"type"`
		Channel string `json:"channel"`
		TS      string `json:"ts"`
	} `json:"item"`
	Message  message `json:"message"`
	Previous message `json:"previous_message"`
	Function struct {
		Callback string `json:"callback_id"`
	} `json:"function"` // of a workflow's step
	Inputs     map[string]json.RawMessage `json:"inputs"`
	Execution  string                     `json:"function_execution_id"`
	Team       string                     `json:"-"` // the workspace in which it happened
	SubteamID  string                     `json:"subteam_id"`
	AddedUsers []string                   `json:"added_users"`
	Removed    []string                   `json:"removed_users"`
}

// channel is the id of the channel that the event is about.
func (e event) channel() string { return idOf(e.ChannelRaw) }

// user is the id of the person that the event is about.
func (e event) user() string { return idOf(e.UserRaw) }

// asMessage is the message that a message event carries.
func (e event) asMessage() message {
	return message{User: e.user(), BotID: e.BotID, Text: e.Text, TS: e.TS, ThreadTS: e.ThreadTS, ParentUser: e.ParentUser, Files: e.Files}
}

func idOf(raw json.RawMessage) string {
	var id string
	if json.Unmarshal(raw, &id) == nil {
		return id
	}
	var object struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &object) != nil {
		return ""
	}
	return object.ID
}

type profile struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	TZ      string `json:"tz"`
	Deleted bool   `json:"deleted"`
	IsBot   bool   `json:"is_bot"`
	Guest   bool   `json:"is_restricted"`
	Single  bool   `json:"is_ultra_restricted"`
	Foreign bool   `json:"is_stranger"`
	TeamID  string `json:"team_id"`
	Org     struct {
		ID string `json:"enterprise_id"`
	} `json:"enterprise_user"`
	Profile struct {
		RealName         string `json:"real_name"`
		DisplayName      string `json:"display_name"`
		StatusEmoji      string `json:"status_emoji"`
		StatusExpiration int64  `json:"status_expiration"`
	} `json:"profile"`
}

func decodeEvent(payload json.RawMessage) (event, error) {
	var outer struct {
		Team  string `json:"team_id"`
		Event event  `json:"event"`
	}
	if err := json.Unmarshal(payload, &outer); err != nil {
		return event{}, fmt.Errorf("decoding an event: %w", err)
	}
	outer.Event.Team = outer.Team
	return outer.Event, nil
}

// eventID is Slack's id of an event. It stays the same when Slack sends the event again.
// It is empty for a payload that is no event.
func eventID(payload json.RawMessage) string {
	var outer struct {
		ID string `json:"event_id"`
	}
	_ = json.Unmarshal(payload, &outer) // handleEvent reports a payload that cannot be decoded
	return outer.ID
}

func decodeCommand(payload json.RawMessage) (command, error) {
	var c command
	if err := json.Unmarshal(payload, &c); err != nil {
		return command{}, fmt.Errorf("decoding a command: %w", err)
	}
	return c, nil
}

func decodeInteraction(payload json.RawMessage) (interaction, error) {
	var i interaction
	if err := json.Unmarshal(payload, &i); err != nil {
		return interaction{}, fmt.Errorf("decoding an interaction: %w", err)
	}
	return i, nil
}
