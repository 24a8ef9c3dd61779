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

// getJournal lists entries. With brief they come without what makes them long;
// GET journal/N gives one in full.
func (s *Server) getJournal(w http.ResponseWriter, r *http.Request) {
	after, _ := strconv.ParseInt(r.FormValue("after"), 10, 64)
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	entries := s.entries(after)
	if kinds := r.FormValue("kinds"); kinds != "" {
		entries = newest(entries, strings.Split(kinds, ","), limit)
	} else if limit > 0 && len(entries) > limit {
		entries = entries[len(entries)-limit:]
	}
	if r.FormValue("brief") != "" {
		entries = briefly(entries)
	}
	reply(w, entries)
}

func (s *Server) entries(after int64) (entries []workspace.Entry) {
	s.store.View(func(tx *workspace.Tx) { entries = tx.Journal.After(after) })
	return entries
}

// newest takes the last entries of some kinds; all of them without a limit.
func newest(entries []workspace.Entry, kinds []string, limit int) []workspace.Entry {
	found := []workspace.Entry{}
	for _, e := range slices.Backward(entries) {
		if limit > 0 && len(found) == limit {
			break
		}
		if slices.Contains(kinds, e.Kind) {
			found = append(found, e)
		}
	}
	slices.Reverse(found)
	return found
}

func briefly(entries []workspace.Entry) []workspace.Entry {
	short := make([]workspace.Entry, len(entries))
	for i, e := range entries {
		e.Detail = subject(e)
		e.Payload, e.Args, e.Message, e.View, e.Notification = nil, nil, nil, nil, nil
		short[i] = e
	}
	return short
}

// subject is what a line of the inspector says of an entry beside its method or
// type: the channel it is about, or a form.
func subject(e workspace.Entry) string {
	switch {
	case e.Detail != "":
		return e.Detail
	case e.Args["channel"] != "":
		return e.Args["channel"]
	case e.Args["view_id"] != "":
		return e.Args["view_id"]
	}
	return ""
}

func (s *Server) getEntry(w http.ResponseWriter, r *http.Request) {
	seq, _ := strconv.ParseInt(r.PathValue("seq"), 10, 64)
	entries := s.entries(seq - 1)
	if len(entries) == 0 || entries[0].Seq != seq {
		reject(w, fmt.Errorf("there is no entry %d", seq))
		return
	}
	reply(w, entries[0])
}

// getNotified answers with what a person was notified of after a journal number.
func (s *Server) getNotified(w http.ResponseWriter, r *http.Request) {
	after, _ := strconv.ParseInt(r.FormValue("after"), 10, 64)
	replyWith(w, s.store, func(tx *workspace.Tx) ([]workspace.Notification, error) {
		p := tx.Person(r.FormValue("as"))
		if p == nil {
			return nil, fmt.Errorf("nobody is called %q", r.FormValue("as"))
		}
		i, _ := slices.BinarySearchFunc(p.Notified, after+1, func(n workspace.Notification, seq int64) int { return cmp.Compare(n.Seq, seq) })
		return append([]workspace.Notification{}, p.Notified[i:]...), nil
	})
}
