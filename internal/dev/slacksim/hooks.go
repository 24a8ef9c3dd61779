package slacksim

import (
	"encoding/json"
	"fmt"
	"net/http"
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

// newHook makes a response_url.
func (api *API) newHook(tx *Tx, h hook) string {
	id := randomHex(12)
	h.expires = time.Now().Add(hookLife)
	api.issued.Of(tx).hooks[id] = &h
	return tx.url + "/hooks/" + id
}

func (api *API) serveHook(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	a, _, err := readArgs(r)
	ans := failed(err)
	if err == nil {
		ans = api.withFaults(r, "response_url", a, func(tx *Tx) answer { return api.useHook(tx, r.PathValue("id"), a) })
	}
	api.answerCall(w, r, Entry{Method: "response_url", Args: a, Duration: time.Since(started)}, ans)
}

func (api *API) useHook(tx *Tx, id string, a args) answer {
	h := api.issued.Of(tx).hooks[id]
	switch {
	case h == nil || time.Now().After(h.expires):
		return gone("expired_url")
	case h.used >= hookUses:
		return gone("used_url")
	}
	h.used++
	if err := api.respond(tx, h, a); err != nil {
		return answer{status: http.StatusBadRequest, page: err.Error(), body: object{"error": err.Error()}}
	}
	return answer{status: http.StatusOK, page: "ok"}
}

func gone(code string) answer {
	return answer{status: http.StatusNotFound, page: code, body: object{"error": code}}
}

// respond carries out an answer to a command or interaction.
func (api *API) respond(tx *Tx, h *hook, a args) error {
	source := h.original(tx)
	if source != nil && a.flag("delete_original") {
		h.withdraw(tx, source)
		return nil
	}
	draft, err := newDraft(tx, a)
	if err != nil {
		return err
	}
	// A threaded answer overwrites its source unless told not to.
	threaded := a["thread_ts"] != "" && !a.has("replace_original")
	switch {
	case source != nil && (a.flag("replace_original") || threaded):
		h.overwrite(tx, source, draft)
	case a["response_type"] == "in_channel":
		tx.post(h.channel, draft)
	default:
		tx.postEphemeral(h.channel, h.reader, draft)
	}
	return nil
}

// original finds the message that an answer may replace: one of the bot's own.
func (h *hook) original(tx *Tx) *Message {
	list := h.channel.Messages
	if h.private {
		list = h.channel.Ephemerals
	}
	if i, ok := findMessage(list, h.source); ok && list[i].BotID == tx.bot.bot {
		return list[i]
	}
	return nil
}

func (h *hook) withdraw(tx *Tx, source *Message) {
	if h.private {
		tx.removeEphemeral(h.channel, source)
		return
	}
	tx.remove(h.channel, source)
}

func (h *hook) overwrite(tx *Tx, source *Message, draft Message) {
	if h.private {
		tx.replaceEphemeral(h.channel, source, draft)
		return
	}
	tx.change(h.channel, source, func(m *Message) { m.Text, m.Blocks = draft.Text, draft.Blocks })
}

// answerCommand shows what the acknowledgement of a command carries.
func (api *API) answerCommand(tx *Tx, h *hook, payload json.RawMessage) error {
	a := args{}
	if a.readJSON(payload) != nil || (a["text"] == "" && a["blocks"] == "") {
		return nil // nothing to show
	}
	if err := api.respond(tx, h, a); err != nil {
		return fmt.Errorf("showing the answer to the command: %w", err)
	}
	return nil
}
