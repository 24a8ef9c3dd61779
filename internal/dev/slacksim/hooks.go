package slacksim

import (
	"net/http"
	"slices"
	"time"
)

const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// hook is a response_url. https://docs.slack.dev/interactivity/handling-user-interaction
type hook struct {
	channel *Channel
	reader  string // who caused it, and sees ephemeral answers
	source  string // ts of the message it came from; "" for a command
	private bool   // the source is ephemeral
	used    int
	expires time.Time
}

// newHook makes a response_url. The lock must be held.
func (s *Server) newHook(h hook) string {
	id := randomHex(12)
	h.expires = time.Now().Add(hookLife)
	s.hooks[id] = &h
	return s.url + "/hooks/" + id
}

func (s *Server) serveHook(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	a, _, err := readArgs(r)
	ans := failed(err)
	if err == nil {
		ans = s.troubled(r, "response_url", a, func() answer { return s.useHook(r.PathValue("id"), a) })
	}
	s.answerCall(w, r, Entry{Method: "response_url", Args: a, Duration: time.Since(started)}, ans)
}

func (s *Server) useHook(id string, a args) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := s.hooks[id]
	switch {
	case h == nil || time.Now().After(h.expires):
		return gone("expired_url")
	case h.used >= hookUses:
		return gone("used_url")
	}
	h.used++
	if err := s.respond(h, a); err != nil {
		return answer{status: http.StatusBadRequest, page: err.Error(), body: object{"error": err.Error()}}
	}
	return answer{status: http.StatusOK, page: "ok"}
}

func gone(code string) answer {
	return answer{status: http.StatusNotFound, page: code, body: object{"error": code}}
}

// respond carries out an answer to a command or interaction. The lock must be
// held.
func (s *Server) respond(h *hook, a args) error {
	source := s.sourceOf(h)
	if source != nil && a.flag("delete_original") {
		s.withdraw(h, source)
		return nil
	}
	draft, err := s.draft(a)
	if err != nil {
		return err
	}
	// A threaded answer overwrites its source unless told not to.
	threaded := a["thread_ts"] != "" && !a.has("replace_original")
	switch {
	case source != nil && (a.flag("replace_original") || threaded):
		s.overwrite(h, source, draft)
	case a["response_type"] == "in_channel":
		s.ws.post(h.channel, draft)
	default:
		s.ws.whisper(h.channel, h.reader, draft)
	}
	return nil
}

// sourceOf finds the message that an answer may replace: one of the bot's own.
func (s *Server) sourceOf(h *hook) *Message {
	list := h.channel.Messages
	if h.private {
		list = h.channel.Ephemerals
	}
	if i, ok := findMessage(list, h.source); ok && list[i].BotID == s.ws.bot.bot {
		return list[i]
	}
	return nil
}

func (s *Server) withdraw(h *hook, source *Message) {
	if !h.private {
		s.ws.remove(h.channel, source)
		return
	}
	c := h.channel
	c.Ephemerals = slices.DeleteFunc(slices.Clone(c.Ephemerals), func(m *Message) bool { return m == source })
	s.ws.journal.add(Entry{Kind: KindMessage, What: "deleted", Channel: c.ID, User: h.reader, Message: source})
}

func (s *Server) overwrite(h *hook, source *Message, draft Message) {
	if !h.private {
		s.ws.change(h.channel, source, func(m *Message) { m.Text, m.Blocks = draft.Text, draft.Blocks })
		return
	}
	draft.TS, draft.Channel, draft.Seq, draft.OnlyFor = source.TS, source.Channel, s.ws.journal.last()+1, source.OnlyFor
	m := s.ws.finished(draft)
	if i, ok := findMessage(h.channel.Ephemerals, source.TS); ok {
		h.channel.Ephemerals = slices.Clone(h.channel.Ephemerals)
		h.channel.Ephemerals[i] = m
	}
	s.ws.journal.add(Entry{Kind: KindMessage, What: "changed", Channel: h.channel.ID, User: h.reader, Message: m})
}
