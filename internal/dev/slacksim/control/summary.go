package control

import (
	"net/http"
	"time"

	"supporty/internal/dev/slacksim/people"
	"supporty/internal/dev/slacksim/workspace"
)

// Summary is the state without messages, as one person sees it: what a chat
// client needs around the conversation it shows.
type Summary struct {
	Seq        int64                 `json:"seq"`
	Now        time.Time             `json:"now"`
	Sockets    int                   `json:"sockets"`
	Team       workspace.Team        `json:"team"`
	BotUserID  string                `json:"bot_user_id"`
	People     []workspace.Person    `json:"people"` // Home and Modals of the person only
	Channels   []ChannelSummary      `json:"channels"`
	Notified   map[string]int        `json:"notified"` // by user id: of how many unread messages Slack notified them
	Usergroups []workspace.Usergroup `json:"usergroups"`
	Commands   []people.Command      `json:"commands"`
	Shortcuts  []people.Shortcut     `json:"shortcuts"`
	Steps      []people.WorkflowStep `json:"steps"`   // that the app offers for workflows
	Runs       []workspace.Step      `json:"runs"`    // of steps, the newest last, with their outcome
	Home       bool                  `json:"home"`    // the app has a Home tab
	Time       bool                  `json:"time"`    // time can be moved
	Toggles    []string              `json:"toggles"` // names of what can go wrong beside Slack
	Links      []Link                `json:"links"`   // pages beside the workspace
}

// Link leads to a page beside the workspace.
type Link struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// mostRuns is how many of the newest runs of steps a summary has.
const mostRuns = 20

// ChannelSummary is a channel without its messages and what of them is new to
// the person.
type ChannelSummary struct {
	workspace.Channel
	Latest   string `json:"latest,omitempty"`   // ts of the newest message
	Unread   int    `json:"unread,omitempty"`   // messages of others since the person read it
	Mentions int    `json:"mentions,omitempty"` // those of them that the person was notified of
}

// Summary shows the state to a person by name or id; an unknown one sees it
// without unread marks.
func (s *Server) Summary(as string) (sum Summary) {
	s.markPrepared()
	s.store.View(func(tx *workspace.Tx) { sum = s.summaryFor(tx, tx.Person(as)) })
	return sum
}

func (s *Server) summaryFor(tx *workspace.Tx, viewer *workspace.Person) Summary {
	sockets, _ := s.hub.Open(tx)
	sum := Summary{
		Seq: tx.Journal.Last(), Now: tx.Now().UTC(), Sockets: sockets, Team: tx.Team, BotUserID: tx.Bot.User,
		Commands: s.cfg.Commands, Shortcuts: s.cfg.Shortcuts, Steps: s.cfg.Steps, Home: s.cfg.Home, Time: s.cfg.Time != nil, Toggles: s.toggleNames(), Links: append([]Link{}, s.cfg.Links...),
		Notified: tx.Waiting(),
	}
	mentions := map[string]int{}
	if viewer != nil {
		mentions = tx.NewNotified(viewer)
	}
	for _, p := range tx.People {
		person := *p
		person.Notified = nil
		if p != viewer {
			person.Home, person.Modals = nil, nil
		}
		sum.People = append(sum.People, person)
	}
	for _, c := range tx.Channels {
		sum.Channels = append(sum.Channels, channelSummary(tx, c, viewer, mentions[c.ID]))
	}
	for _, run := range tx.Steps[max(0, len(tx.Steps)-mostRuns):] {
		sum.Runs = append(sum.Runs, *run)
	}
	for _, group := range tx.Groups {
		sum.Usergroups = append(sum.Usergroups, *group)
	}
	return sum
}

func channelSummary(tx *workspace.Tx, c *workspace.Channel, viewer *workspace.Person, mentions int) ChannelSummary {
	sum := ChannelSummary{Channel: *c, Mentions: mentions}
	sum.Messages, sum.Ephemerals = nil, nil
	if n := len(c.Messages); n > 0 {
		sum.Latest = c.Messages[n-1].TS
	}
	if viewer != nil {
		sum.Unread = tx.Unread(viewer, c)
	}
	return sum
}

// markPrepared marks as read what was prepared in the background.
func (s *Server) markPrepared() {
	preparing := false
	if s.cfg.Progress != nil {
		done, total, _ := s.cfg.Progress()
		preparing = done < total
	}
	s.store.Update(func(tx *workspace.Tx) { tx.MarkPrepared(preparing) })
}

func (s *Server) getState(w http.ResponseWriter, r *http.Request) {
	if r.FormValue("light") != "" {
		reply(w, s.Summary(r.FormValue("as")))
		return
	}
	reply(w, s.State())
}
