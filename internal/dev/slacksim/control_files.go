package slacksim

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
)

// upload takes a file from a person; they share it with a message or a form.
func (s *controlServer) upload(w http.ResponseWriter, r *http.Request) {
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxFile))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		err = fmt.Errorf("a file may have %d MB at most", maxFile>>20)
	case err != nil:
		err = fmt.Errorf("reading the file: %w", err)
	}
	if err != nil {
		reject(w, err)
		return
	}
	f, err := Update(s.store, func(tx *Tx) (*File, error) { return keepFor(tx, r.FormValue("as"), newFile(r, content)) })
	if err != nil {
		reject(w, err)
		return
	}
	reply(w, f)
}

func newFile(r *http.Request, content []byte) *File {
	f := &File{
		Name: path.Base(strings.ReplaceAll(r.FormValue("name"), `\`, "/")), Mode: cmp.Or(r.FormValue("mode"), modeHosted),
		ExternalType: r.FormValue("external_type"), URL: r.FormValue("url"), FileAccess: r.FormValue("file_access"), content: content,
	}
	f.Size, _ = strconv.Atoi(r.FormValue("size"))
	return f
}

// keepFor keeps a person's file.
func keepFor(tx *Tx, owner string, f *File) (*File, error) {
	p := tx.person(owner)
	if p == nil {
		return nil, errors.New("a file needs an owner")
	}
	f.User = p.ID
	if err := f.check(); err != nil {
		return nil, err
	}
	return tx.keep(f), nil
}

// pictures are the types that browsers show; everything else is downloaded.
var pictures = []string{"image/png", "image/jpeg", "image/gif", "image/webp"}

// serveFile gives a file to the page and to tests, whoever may see it.
func (s *controlServer) serveFile(w http.ResponseWriter, r *http.Request) {
	var f *File
	s.store.View(func(tx *Tx) { f = tx.files[r.PathValue("id")] })
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
