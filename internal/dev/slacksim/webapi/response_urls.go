package webapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// Hook is a response_url. https://docs.slack.dev/interactivity/handling-user-interaction
type Hook struct {
	Channel *workspace.Channel
	Reader  string // who caused it, and sees ephemeral answers
	Source  string // ts of the message it came from; "" for a command
	Private bool   // the source is ephemeral
	used    int
	expires time.Time
}

// NewHook makes a response_url.
func (api *API) NewHook(tx *workspace.Tx, h Hook) string {
	id := wire.RandomHex(12)
	h.expires = time.Now().Add(hookLife)
	api.issued.Of(tx).hooks[id] = &h
	return tx.URL + "/hooks/" + id
}

func (api *API) serveHook(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	a, _, err := readArgs(r)
	ans := failed(err)
	if err == nil {
		ans = api.withFaults(r, "response_url", a, func(tx *workspace.Tx) answer { return api.useHook(tx, r.PathValue("id"), a) })
	}
	api.answerCall(w, r, workspace.Entry{Method: "response_url", Args: a, Duration: time.Since(started)}, ans)
}

func (api *API) useHook(tx *workspace.Tx, id string, a args) answer {
	h := api.issued.Of(tx).hooks[id]
	switch {
	case h == nil || time.Now().After(h.expires):
		return gone("expired_url")
	case h.used >= hookUses:
		return gone("used_url")
	}
	h.used++
	if err := api.respond(tx, h, a); err != nil {
		return answer{status: http.StatusBadRequest, page: err.Error(), body: wire.Object{"error": err.Error()}}
	}
	return answer{status: http.StatusOK, page: "ok"}
}

func gone(code string) answer {
	return answer{status: http.StatusNotFound, page: code, body: wire.Object{"error": code}}
}

// respond carries out an answer to a command or interaction.
func (api *API) respond(tx *workspace.Tx, h *Hook, a args) error {
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
		tx.Post(h.Channel, draft)
	default:
		tx.PostEphemeral(h.Channel, h.Reader, draft)
	}
	return nil
}

// original finds the message that an answer may replace: one of the bot's own.
func (h *Hook) original(tx *workspace.Tx) *workspace.Message {
	list := h.Channel.Messages
	if h.Private {
		list = h.Channel.Ephemerals
	}
	if i, ok := workspace.FindMessage(list, h.Source); ok && list[i].BotID == tx.Bot.ID {
		return list[i]
	}
	return nil
}

func (h *Hook) withdraw(tx *workspace.Tx, source *workspace.Message) {
	if h.Private {
		tx.RemoveEphemeral(h.Channel, source)
		return
	}
	tx.Remove(h.Channel, source)
}

func (h *Hook) overwrite(tx *workspace.Tx, source *workspace.Message, draft workspace.Message) {
	if h.Private {
		tx.ReplaceEphemeral(h.Channel, source, draft)
		return
	}
	tx.Change(h.Channel, source, func(m *workspace.Message) { m.Text, m.Blocks = draft.Text, draft.Blocks })
}

// AnswerCommand shows what the acknowledgement of a command carries.
func (api *API) AnswerCommand(tx *workspace.Tx, h *Hook, payload json.RawMessage) error {
	a := args{}
	if a.readJSON(payload) != nil || (a["text"] == "" && a["blocks"] == "") {
		return nil // nothing to show
	}
	if err := api.respond(tx, h, a); err != nil {
		return fmt.Errorf("showing the answer to the command: %w", err)
	}
	return nil
}
