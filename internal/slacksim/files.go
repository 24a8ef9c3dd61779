package slacksim

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// fileShare is the subtype of a message with files that a person posts.
const fileShare = "file_share"

// maxFile is how large a file in the workspace may be. Files live in memory.
const maxFile = 10 << 20

// pictures are the types that browsers show; everything else is downloaded.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// File is something a person has uploaded.
// https://docs.slack.dev/reference/objects/file-object
type File struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Title    string `json:"title"`
	Mimetype string `json:"mimetype"`
	Filetype string `json:"filetype"` // the ending of the name
	Size     int    `json:"size"`     // bytes
	User     string `json:"user"`
	URL      string `json:"url_private"`
	Created  int64  `json:"created"` // seconds since 1970, business time
	content  []byte
}

// upload takes a file from a person; they share it with a message or a form.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFile))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		reject(w, fmt.Errorf("a file may have %d MB at most", maxFile>>20))
		return
	case err != nil:
		reject(w, fmt.Errorf("reading the file: %w", err))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.ws.person(r.FormValue("as"))
	name := path.Base(strings.ReplaceAll(r.FormValue("name"), `\`, "/"))
	if p == nil || len(content) == 0 || name == "." || name == "/" {
		reject(w, errors.New("a file needs an owner, a name and content"))
		return
	}
	reply(w, s.keep(p, name, content))
}

// keep stores a file. The lock must be held.
func (s *Server) keep(p *Person, name string, content []byte) *File {
	kind := http.DetectContentType(content)
	if byName := mime.TypeByExtension(path.Ext(name)); byName != "" && !strings.HasPrefix(kind, "image/") {
		kind = byName
	}
	kind, _, _ = strings.Cut(kind, ";")
	f := &File{
		ID: s.ws.newID("F"), Name: name, Title: name, Mimetype: kind, Size: len(content), User: p.ID,
		Filetype: strings.TrimPrefix(path.Ext(name), "."), Created: s.ws.now().Unix(), content: content,
	}
	f.URL = s.url + "/files/" + f.ID
	s.ws.files[f.ID] = f
	return f
}

// shared finds the files that a message or form names.
func (w *workspace) shared(ids []string) ([]File, error) {
	list := []File{}
	for _, id := range ids {
		f := w.files[id]
		if f == nil {
			return nil, fmt.Errorf("there is no file %q", id)
		}
		list = append(list, *f)
	}
	return list, nil
}

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.ws.files[r.PathValue("id")]
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	how := "attachment"
	if slices.Contains(pictures, f.Mimetype) {
		how = "inline"
	}
	w.Header().Set("Content-Type", f.Mimetype)
	w.Header().Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(f.content) // an error means that the reader is gone
}
