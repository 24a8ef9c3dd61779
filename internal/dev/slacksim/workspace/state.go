package workspace

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/layout"
)

// State is everything that can be seen in the workspace at one moment.
type State struct {
	Seq        int64       `json:"seq"`     // number of the last journal entry
	Now        time.Time   `json:"now"`     // business time
	Sockets    int         `json:"sockets"` // open Socket Mode connections
	Pending    int         `json:"pending"` // envelopes that the bot has yet to acknowledge
	Team       Team        `json:"team"`
	BotUserID  string      `json:"bot_user_id"`
	People     []Person    `json:"people"`
	Channels   []Channel   `json:"channels"` // direct messages included
	Usergroups []Usergroup `json:"usergroups"`
	Steps      []Step      `json:"steps,omitempty"` // of workflows
}

// Team is the workspace itself.
type Team struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
}

// Person is a member of the workspace, the bot included.
type Person struct {
	ID              string `json:"id"`
	Name            string `json:"name"` // handle, without @
	RealName        string `json:"real_name"`
	Email           string `json:"email,omitempty"`
	TZ              string `json:"tz,omitempty"`               // IANA name; "" means UTC
	Restricted      bool   `json:"restricted,omitempty"`       // a guest
	UltraRestricted bool   `json:"ultra_restricted,omitempty"` // a single-channel guest
	Deactivated     bool   `json:"deactivated,omitempty"`
	Bot             bool   `json:"bot,omitempty"`
	Admin           bool   `json:"admin,omitempty"`
	TeamID          string `json:"team_id,omitempty"` // another team's id makes a Slack Connect stranger
	StatusText      string `json:"status_text,omitempty"`
	StatusEmoji     string `json:"status_emoji,omitempty"`
	Presence        string `json:"presence,omitempty"` // active or away

	Home   *View   `json:"home,omitempty"`   // published Home tab
	Modals []*View `json:"modals,omitempty"` // open modals, the top one last

	Notified []Notification `json:"notified,omitempty"` // what Slack would have notified them of, oldest first
}

// Channel is a public or private channel, or a direct message of two people or
// more.
type Channel struct {
	ID       string   `json:"id"`
	Name     string   `json:"name,omitempty"` // without #; empty for a direct message
	Private  bool     `json:"private,omitempty"`
	IM       bool     `json:"im,omitempty"`   // a direct message of two people
	MPIM     bool     `json:"mpim,omitempty"` // a group message: a direct message of more than two
	Archived bool     `json:"archived,omitempty"`
	External bool     `json:"external,omitempty"` // shared by Slack Connect
	Topic    string   `json:"topic,omitempty"`
	Purpose  string   `json:"purpose,omitempty"` // its description
	Members  []string `json:"members"`           // user ids
	Creator  string   `json:"creator,omitempty"` // who made it; empty if it was there from the beginning

	Bookmarks []Bookmark `json:"bookmarks,omitempty"` // links at its top

	Messages   []*Message `json:"messages"`             // oldest first, replies included
	Ephemerals []*Message `json:"ephemerals,omitempty"` // each has OnlyFor
}

// Bookmark is a link at the top of a channel.
type Bookmark struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Link  string `json:"link"`
	By    string `json:"by"` // user id of who changed it last
}

// Usergroup is a group that can be mentioned.
type Usergroup struct {
	ID       string   `json:"id"`
	Handle   string   `json:"handle"` // without @
	Name     string   `json:"name"`
	Members  []string `json:"members"` // user ids
	Disabled bool     `json:"disabled,omitempty"`
	Admins   bool     `json:"admins,omitempty"` // the workspace lets only admins change it
}

// Message is a message as it stands. It is never changed in place: an edit
// makes a new one with the same TS.
type Message struct {
	Seq         int64             `json:"seq"` // journal entry of its posting
	Channel     string            `json:"channel"`
	TS          string            `json:"ts"`
	ThreadTS    string            `json:"thread_ts,omitempty"` // the parent's ts; a parent with replies has its own
	User        string            `json:"user"`                // "" if another app posted it
	BotID       string            `json:"bot_id,omitempty"`
	Username    string            `json:"username,omitempty"` // of another app
	Subtype     string            `json:"subtype,omitempty"`
	Text        string            `json:"text"`
	Blocks      json.RawMessage   `json:"blocks,omitempty"`
	Attachments json.RawMessage   `json:"attachments,omitempty"`
	Metadata    json.RawMessage   `json:"metadata,omitempty"`
	ClientMsgID string            `json:"client_msg_id,omitempty"`
	Files       []File            `json:"files,omitempty"`
	Edited      *Edit             `json:"edited,omitempty"`
	Reactions   []Reaction        `json:"reactions,omitempty"`
	Broadcast   bool              `json:"broadcast,omitempty"` // a reply also shown in the channel
	ReplyCount  int               `json:"reply_count,omitempty"`
	ReplyUsers  []string          `json:"reply_users,omitempty"`
	LatestReply string            `json:"latest_reply,omitempty"`
	Followers   []string          `json:"followers,omitempty"` // user ids of those who follow the thread that it begins
	OnlyFor     string            `json:"only_for,omitempty"`  // user id of the one reader of an ephemeral
	Names       map[string]string `json:"names,omitempty"`     // names of the ids it mentions, for Rendered
}

// Edit marks a message as edited.
type Edit struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// Reaction is one emoji under a message and those who gave it.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

// View is an open modal or a published Home tab.
type View struct {
	ID              string             `json:"id"`
	Type            string             `json:"type"` // modal or home
	CallbackID      string             `json:"callback_id,omitempty"`
	ExternalID      string             `json:"external_id,omitempty"`
	PrivateMetadata string             `json:"private_metadata,omitempty"`
	Hash            string             `json:"hash"`
	RootID          string             `json:"root_id"`
	PreviousID      string             `json:"previous_id,omitempty"`
	Body            json.RawMessage    `json:"body"`   // as the app sent it, missing ids filled in
	Values          layout.StateValues `json:"values"` // what is typed and chosen now
	Errors          map[string]string  `json:"errors,omitempty"`
	Banner          string             `json:"banner,omitempty"` // what went wrong, above the form
	Names           map[string]string  `json:"names,omitempty"`
}

// Channel returns the channel with that name (# optional) or id; the zero
// Channel if there is none.
func (s State) Channel(ref string) Channel {
	ref = strings.TrimPrefix(ref, "#")
	for _, c := range s.Channels {
		if c.ID == ref || (c.Name == ref && ref != "") {
			return c
		}
	}
	return Channel{}
}

// Person returns the person with that handle (@ optional) or id; the zero
// Person if there is none.
func (s State) Person(ref string) Person {
	ref = strings.TrimPrefix(ref, "@")
	for _, p := range s.People {
		if p.ID == ref || p.Name == ref {
			return p
		}
	}
	return Person{}
}

// Thread returns the message with that ts and its replies, in whatever channel
// it is; nil if there is none.
func (s State) Thread(ts string) []*Message {
	for _, c := range s.Channels {
		if thread := c.Thread(ts); len(thread) > 0 {
			return thread
		}
	}
	return nil
}

// DMs returns the direct messages between the bot and a person, oldest first.
func (s State) DMs(person string) []*Message {
	return s.dm(s.Person(person).ID).Messages
}

// Ephemerals returns what was shown to that person alone, in any channel,
// oldest first.
func (s State) Ephemerals(person string) []*Message {
	id := s.Person(person).ID
	var found []*Message
	for _, c := range s.Channels {
		for _, m := range c.Ephemerals {
			if m.OnlyFor == id {
				found = append(found, m)
			}
		}
	}
	slices.SortFunc(found, func(a, b *Message) int { return strings.Compare(a.TS, b.TS) })
	return found
}

// Conversation returns the direct message of exactly these people, by handle or
// id: of two, or the group message of more. The zero Channel if they have none.
func (s State) Conversation(people ...string) Channel {
	var ids []string
	for _, ref := range people {
		ids = append(ids, s.Person(ref).ID)
	}
	members := distinct(ids)
	for _, c := range s.Channels {
		if c.isOf(members) {
			return c
		}
	}
	return Channel{}
}

func (s State) dm(userID string) Channel {
	for _, c := range s.Channels {
		if c.IM && slices.Contains(c.Members, userID) && slices.Contains(c.Members, s.BotUserID) {
			return c
		}
	}
	return Channel{}
}

// Roots returns the messages that stand in the channel itself: no replies,
// except those that were also sent to the channel.
func (c Channel) Roots() []*Message {
	var roots []*Message
	for _, m := range c.Messages {
		if !m.IsReply() || m.Broadcast {
			roots = append(roots, m)
		}
	}
	return roots
}

// Thread returns the message with that ts and its replies, oldest first.
func (c Channel) Thread(ts string) []*Message {
	var thread []*Message
	for _, m := range c.Messages {
		if m.TS == ts || m.ThreadTS == ts {
			thread = append(thread, m)
		}
	}
	return thread
}

// Message returns the message with that ts, or nil.
func (c Channel) Message(ts string) *Message {
	if i, ok := FindMessage(c.Messages, ts); ok {
		return c.Messages[i]
	}
	return nil
}

// IsReply says whether the message stands in a thread under another.
func (m *Message) IsReply() bool { return m.ThreadTS != "" && m.ThreadTS != m.TS }

// ReactedBy says whether the person with that user id gave that emoji.
func (m *Message) ReactedBy(userID, emoji string) bool {
	for _, r := range m.Reactions {
		if r.Name == emoji {
			return slices.Contains(r.Users, userID)
		}
	}
	return false
}

// FindMessage looks a ts up in messages ordered by ts. Stamps have ten digits
// of seconds until the year 2286, so they sort as text.
func FindMessage(messages []*Message, ts string) (int, bool) {
	return slices.BinarySearchFunc(messages, ts, func(m *Message, ts string) int {
		return strings.Compare(m.TS, ts)
	})
}
