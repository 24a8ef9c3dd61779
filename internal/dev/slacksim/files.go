package slacksim

import (
	"cmp"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// fileShare is the subtype of a message that is posted with files.
const fileShare = "file_share"

// maxFile is how large a file in the workspace may be. Files live in memory.
const maxFile = 64 << 20

// Modes of a file. https://docs.slack.dev/reference/objects/file-object
const (
	modeHosted   = "hosted"
	modeExternal = "external"        // kept by another service, url_private leads there
	modeHidden   = "hidden_by_limit" // out of reach in a free workspace
	modeDeleted  = "tombstone"
)

// File is something that a person or the bot has uploaded, or a link to what
// another service keeps.
type File struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Title        string `json:"title"`
	Mimetype     string `json:"mimetype"`
	Filetype     string `json:"filetype"` // the ending of the name
	Size         int    `json:"size"`     // bytes
	User         string `json:"user"`
	Mode         string `json:"mode"` // hosted, external, hidden_by_limit or tombstone
	IsExternal   bool   `json:"is_external"`
	ExternalType string `json:"external_type"`         // such as gdrive
	FileAccess   string `json:"file_access,omitempty"` // check_file_info: messages have nothing but its id
	URL          string `json:"url_private"`           // needs the bot's token; of another service its own address
	DownloadURL  string `json:"url_private_download,omitempty"`
	Permalink    string `json:"permalink"`
	Created      int64  `json:"created"` // seconds since 1970, business time

	content []byte
	given   bool // the app got it with a form
}

func (f *File) check() error {
	switch {
	case f.Name == "." || f.Name == "/":
		return errors.New("a file needs a name")
	case !slices.Contains([]string{modeHosted, modeExternal, modeHidden}, f.Mode):
		return fmt.Errorf("no file has the mode %q", f.Mode)
	case f.Mode == modeHosted && len(f.content) == 0:
		return errors.New("a file needs content")
	case f.Mode == modeExternal && f.URL == "":
		return errors.New("a file of another service needs its url")
	}
	return nil
}

// keep stores a file and fills in what follows from its content and name. A
// size that is given may be more than the content has.
func (tx *Tx) keep(f *File) *File {
	f.ID = cmp.Or(f.ID, tx.newID("F"))
	kind := http.DetectContentType(f.content)
	if byName := mime.TypeByExtension(path.Ext(f.Name)); byName != "" && !strings.HasPrefix(kind, "image/") {
		kind = byName
	}
	f.Mimetype, _, _ = strings.Cut(kind, ";")
	f.Filetype, f.Title = strings.TrimPrefix(path.Ext(f.Name), "."), cmp.Or(f.Title, f.Name)
	f.Size, f.Created, f.IsExternal = cmp.Or(f.Size, len(f.content)), tx.now().Unix(), f.Mode == modeExternal
	f.Permalink = "https://" + tx.team.Domain + ".slack.com/files/" + f.User + "/" + f.ID + "/" + pathName(f.Name)
	if !f.IsExternal {
		place := tx.url + "/files-pri/" + tx.team.ID + "-" + f.ID
		f.URL, f.DownloadURL = place+"/"+pathName(f.Name), place+"/download/"+pathName(f.Name)
	}
	tx.files[f.ID] = f
	return f
}

// pathName is how a file's name stands in addresses.
func pathName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '.' || r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z') {
			return r
		}
		return '_'
	}, strings.ToLower(name))
}

// shared finds the files that a message or form names.
func (tx *Tx) shared(ids []string) ([]File, error) {
	list := []File{}
	for _, id := range ids {
		f := tx.files[id]
		if f == nil {
			return nil, fmt.Errorf("there is no file %q", id)
		}
		list = append(list, *f)
	}
	return list, nil
}

// wireFiles are files as messages show them: of those that are hidden, deleted
// or of another company, little more than the id.
func wireFiles(files []File) []any {
	list := make([]any, len(files))
	for i, f := range files {
		switch {
		case f.Mode == modeDeleted || f.Mode == modeHidden:
			list[i] = object{"id": f.ID, "mode": f.Mode}
		case f.FileAccess != "":
			list[i] = object{"id": f.ID, "mode": "file_access", "file_access": f.FileAccess}
		default:
			list[i] = f
		}
	}
	return list
}

// eraseFile deletes a file; in messages a tombstone stays where it was.
func (tx *Tx) eraseFile(f *File) {
	delete(tx.files, f.ID)
	tx.journal.add(Entry{Kind: KindFile, What: "deleted", Detail: f.ID, User: f.User})
	for _, c := range tx.channels {
		for _, m := range slices.Clone(c.Messages) {
			if i := m.fileIndex(f.ID); i >= 0 {
				tx.change(c, m, func(m *Message) {
					m.Files = slices.Clone(m.Files)
					m.Files[i] = File{ID: f.ID, Mode: modeDeleted}
				})
			}
		}
	}
}

// fileIndex is where a message has a file; -1 if it has not.
func (m *Message) fileIndex(id string) int {
	return slices.IndexFunc(m.Files, func(f File) bool { return f.ID == id })
}
