package slacksim

import (
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Names by which faults strike what is no method of the Web API.
const (
	methodDownload = "files.download"     // url_private and url_private_download
	methodUpload   = "files.upload_bytes" // the upload_url of files.getUploadURLExternal
)

// pictures are the types that browsers show; everything else is downloaded.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// serveFile gives a file to the page and to tests, whoever may see it.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.ws.files[r.PathValue("id")]
	s.mu.Unlock()
	if f == nil || f.Mode != modeHosted {
		http.NotFound(w, r)
		return
	}
	how := "attachment"
	if slices.Contains(pictures, f.Mimetype) {
		how = "inline"
	}
	w.Header().Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Type", f.Mimetype)
	_, _ = w.Write(f.content) // an error means that the reader is gone
}

// serveDownload is url_private. Who may not read the file is led to a page on
// which to sign in, which a client that follows takes for the file: status 200 and
// HTML. https://docs.slack.dev/messaging/working-with-files; slack-go, misc.go
func (s *Server) serveDownload(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	_, id, _ := strings.Cut(r.PathValue("file"), "-")
	ans := s.troubled(r, methodDownload, nil, func() answer { return s.download(id, r) })
	s.answerCall(w, r, Entry{Method: methodDownload, Args: args{"file": id}, Duration: time.Since(started)}, ans)
}

func (s *Server) download(id string, r *http.Request) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.ws.files[id]
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if f == nil || f.Mode != modeHosted || token != s.cfg.BotToken || !s.granted("files:read") || !s.ws.botSees(f) {
		return answer{
			status: http.StatusFound, header: map[string]string{"Location": "/signin?redir=" + r.URL.EscapedPath()},
			page: "<html><body>Redirecting</body></html>", body: object{"error": "not allowed"},
		}
	}
	return answer{status: http.StatusOK, header: map[string]string{"Content-Type": f.Mimetype}, raw: f.content}
}

// serveSignIn is the page on which people sign in to the workspace.
func (s *Server) serveSignIn(w http.ResponseWriter, r *http.Request) {
	s.write(w, r, answer{status: http.StatusOK, page: "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in</body></html>"})
}

// botSees says whether files:read lets the bot at a file: its own, what it got
// with a form, and what is shared where it is.
// https://docs.slack.dev/reference/scopes/files.read
func (w *workspace) botSees(f *File) bool {
	if f.given || f.User == w.bot.user {
		return true
	}
	return slices.ContainsFunc(w.channels, func(c *Channel) bool { return c.has(w.bot.user) && len(sharesIn(c, f)) > 0 })
}

// sharesIn lists the messages of a channel that have the file.
func sharesIn(c *Channel, f *File) []*Message {
	var list []*Message
	for _, m := range c.Messages {
		if m.fileIndex(f.ID) >= 0 {
			list = append(list, m)
		}
	}
	return list
}
