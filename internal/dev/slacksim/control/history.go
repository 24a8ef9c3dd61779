package control

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"supporty/internal/dev/slacksim/workspace"
)

// maxPage is how many messages GET /sim/v1/messages gives at most.
const maxPage = 200

// Page is a stretch of a channel or a thread, oldest first.
type Page struct {
	Seq      int64                `json:"seq"` // the journal's last number when it was read
	Channel  string               `json:"channel"`
	Messages []*workspace.Message `json:"messages"` // ephemerals of the reader included
	More     bool                 `json:"more"`     // there are older ones
}

// getMessages answers with the newest messages of a channel before a ts, or
// with a thread.
func (s *Server) getMessages(w http.ResponseWriter, r *http.Request) {
	replyWith(w, s.store, func(tx *workspace.Tx) (Page, error) { return readPage(tx, r) })
}

func readPage(tx *workspace.Tx, r *http.Request) (Page, error) {
	reader := tx.Person(r.FormValue("as"))
	c, err := shownTo(tx, r.FormValue("channel"), reader)
	if err != nil {
		return Page{}, err
	}
	page := Page{Channel: c.ID}
	if thread := r.FormValue("thread"); thread != "" {
		page.Messages = threadFor(c, thread, reader)
	} else {
		limit, _ := strconv.Atoi(r.FormValue("limit"))
		limit = min(cmp.Or(max(limit, 0), 50), maxPage)
		page = stretch(c, r.FormValue("before"), r.FormValue("around"), limit)
		page.Messages = withEphemerals(page.Messages, c, reader, r.FormValue("before"))
	}
	page.Seq = tx.Journal.Last()
	return page, nil
}

// shownTo finds a channel by id or name, or as "@name" the direct message of
// the reader with somebody: an empty one without id if they never wrote.
func shownTo(tx *workspace.Tx, ref string, reader *workspace.Person) (*workspace.Channel, error) {
	if c := tx.Channel(ref); c != nil {
		return c, nil
	}
	others := strings.Split(ref, ",")
	members := tx.IDs(others)
	if !strings.HasPrefix(ref, "@") || reader == nil || len(members) < len(others) {
		return nil, fmt.Errorf("there is no channel %q", ref)
	}
	if c := tx.FindConversation(append(members, reader.ID)...); c != nil {
		return c, nil
	}
	return &workspace.Channel{IM: true}, nil
}

// stretch takes up to limit messages of the channel itself, before a ts, or so
// many that the one with the ts around is among them.
func stretch(c *workspace.Channel, before, around string, limit int) Page {
	end := len(c.Messages)
	if before != "" {
		end, _ = workspace.FindMessage(c.Messages, before)
	}
	page := Page{Channel: c.ID, Messages: []*workspace.Message{}}
	for i := end - 1; i >= 0; i-- {
		m := c.Messages[i]
		if m.IsReply() && !m.Broadcast {
			continue
		}
		if len(page.Messages) >= limit && (around == "" || m.TS < around) {
			page.More = true
			break
		}
		page.Messages = append(page.Messages, m)
	}
	slices.Reverse(page.Messages)
	return page
}

// withEphemerals adds what only the reader was shown in that stretch.
func withEphemerals(list []*workspace.Message, c *workspace.Channel, reader *workspace.Person, before string) []*workspace.Message {
	from := ""
	if len(list) > 0 {
		from = list[0].TS
	}
	return merged(list, c.Ephemerals, func(m *workspace.Message) bool {
		return reader != nil && m.OnlyFor == reader.ID && !m.IsReply() && m.TS > from && (before == "" || m.TS < before)
	})
}

func threadFor(c *workspace.Channel, ts string, reader *workspace.Person) []*workspace.Message {
	return merged(c.Thread(ts), c.Ephemerals, func(m *workspace.Message) bool {
		return reader != nil && m.OnlyFor == reader.ID && m.ThreadTS == ts
	})
}

func merged(list, ephemerals []*workspace.Message, wanted func(*workspace.Message) bool) []*workspace.Message {
	all := slices.Clone(list)
	for _, m := range ephemerals {
		if wanted(m) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b *workspace.Message) int { return strings.Compare(a.TS, b.TS) })
	return all
}
