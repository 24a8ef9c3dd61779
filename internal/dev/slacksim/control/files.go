package control

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"supporty/internal/dev/slacksim/workspace"
)

// upload takes a file from a person; they share it with a message or a form.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, workspace.MaxFile))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		err = fmt.Errorf("a file may have %d MB at most", workspace.MaxFile>>20)
	case err != nil:
		err = fmt.Errorf("reading the file: %w", err)
	}
	if err != nil {
		reject(w, err)
		return
	}
	f, err := workspace.Update(s.store, func(tx *workspace.Tx) (*workspace.File, error) {
		return keepFor(tx, r.FormValue("as"), newFile(r, content))
	})
	if err != nil {
		reject(w, err)
		return
	}
	reply(w, f)
}

func newFile(r *http.Request, content []byte) *workspace.File {
	f := &workspace.File{
		Name: path.Base(strings.ReplaceAll(r.FormValue("name"), `\`, "/")), Mode: cmp.Or(r.FormValue("mode"), workspace.ModeHosted),
		ExternalType: r.FormValue("external_type"), URL: r.FormValue("url"), FileAccess: r.FormValue("file_access"), Content: content,
	}
	f.Size, _ = strconv.Atoi(r.FormValue("size"))
	return f
}

// keepFor keeps a person's file.
func keepFor(tx *workspace.Tx, owner string, f *workspace.File) (*workspace.File, error) {
	p := tx.Person(owner)
	if p == nil {
		return nil, errors.New("a file needs an owner")
	}
	f.User = p.ID
	if err := f.Check(); err != nil {
		return nil, err
	}
	return tx.Keep(f), nil
}

// pictures are the types that browsers show; everything else is downloaded.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// serveFile gives a file to the page and to tests, whoever may see it.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	var f *workspace.File
	s.store.View(func(tx *workspace.Tx) { f = tx.Files[r.PathValue("id")] })
	if f == nil || f.Mode != workspace.ModeHosted {
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
	_, _ = w.Write(f.Content) // an error means that the reader is gone
}
