package webapi

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// Names by which faults strike what is no method of the Web API.
const (
	methodDownload = "files.download"     // url_private and url_private_download
	methodUpload   = "files.upload_bytes" // the upload_url of files.getUploadURLExternal
)

// serveDownload is url_private. Who may not read the file is led to a page on
// which to sign in, which a client that follows takes for the file: status 200 and
// HTML. https://docs.slack.dev/messaging/working-with-files; slack-go, misc.go
func (api *API) serveDownload(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	_, id, _ := strings.Cut(r.PathValue("file"), "-")
	ans := api.withFaults(r, methodDownload, nil, func(tx *workspace.Tx) answer { return api.download(tx, id, r) })
	api.answerCall(w, r, workspace.Entry{Method: methodDownload, Args: args{"file": id}, Duration: time.Since(started)}, ans)
}

func (api *API) download(tx *workspace.Tx, id string, r *http.Request) answer {
	f := tx.Files[id]
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if f == nil || f.Mode != workspace.ModeHosted || token != api.cfg.BotToken || !api.granted("files:read") || !botSees(tx, f) {
		return answer{
			status: http.StatusFound, header: map[string]string{"Location": "/signin?redir=" + r.URL.EscapedPath()},
			page: "<html><body>Redirecting</body></html>", body: wire.Object{"error": "not allowed"},
		}
	}
	return answer{status: http.StatusOK, header: map[string]string{"Content-Type": f.Mimetype}, raw: f.Content}
}

// serveSignIn is the page on which people sign in to the workspace.
func (api *API) serveSignIn(w http.ResponseWriter, r *http.Request) {
	api.write(w, r, answer{status: http.StatusOK, page: "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"})
}

// botSees says whether files:read lets the bot at a file: its own, what it got
// with a form, and what is shared where it is.
// https://docs.slack.dev/reference/scopes/files.read
func botSees(tx *workspace.Tx, f *workspace.File) bool {
	if f.Given || f.User == tx.Bot.User {
		return true
	}
	return slices.ContainsFunc(tx.Channels, func(c *workspace.Channel) bool { return c.Has(tx.Bot.User) && len(sharesIn(c, f)) > 0 })
}

// sharesIn lists the messages of a channel that have the file.
func sharesIn(c *workspace.Channel, f *workspace.File) []*workspace.Message {
	var list []*workspace.Message
	for _, m := range c.Messages {
		if m.FileIndex(f.ID) >= 0 {
			list = append(list, m)
		}
	}
	return list
}
