package workspace

import (
	"cmp"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"supporty/internal/dev/slacksim/wire"
)

// FileShare is the subtype of a message that is posted with files.
const FileShare = "file_share"

// MaxFile is how large a file in the workspace may be. Files live in memory.
const MaxFile = 64 << 20

// Modes of a file. https://docs.slack.dev/reference/objects/file-object
const (
	ModeHosted   = "hosted"
	ModeExternal = "external"        // kept by another service, url_private leads there
	ModeHidden   = "hidden_by_limit" // out of reach in a free workspace
	modeDeleted  = "tombstone"
)

// File is something that a person or the bot has uploaded, or a link to what
// another service keeps.
type File struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Title        string `json:"title"`
	AltText      string `json:"alt_txt,omitempty"` // words for who does not see it
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

	Content []byte `json:"-"`
	Given   bool   `json:"-"` // the app got it with a form
}

// Check refuses a file that lacks what files of its mode have.
func (f *File) Check() error {
	switch {
	case f.Name == "." || f.Name == "/":
		return errors.New("a file needs a name")
	case !slices.Contains([]string{ModeHosted, ModeExternal, ModeHidden}, f.Mode):
		return fmt.Errorf("no file has the mode %q", f.Mode)
	case f.Mode == ModeHosted && len(f.Content) == 0:
		return errors.New("a file needs content")
	case f.Mode == ModeExternal && f.URL == "":
		return errors.New("a file of another service needs its url")
	}
	return nil
}

// Keep stores a file and fills in what follows from its content and name. A
// size that is given may be more than the content has.
func (tx *Tx) Keep(f *File) *File {
	f.ID = cmp.Or(f.ID, tx.NewID("F"))
	kind := http.DetectContentType(f.Content)
	if byName := mime.TypeByExtension(path.Ext(f.Name)); byName != "" && !strings.HasPrefix(kind, "image/") {
		kind = byName
	}
	f.Mimetype, _, _ = strings.Cut(kind, ";")
	f.Filetype, f.Title = strings.TrimPrefix(path.Ext(f.Name), "."), cmp.Or(f.Title, f.Name)
	f.Size, f.Created, f.IsExternal = cmp.Or(f.Size, len(f.Content)), tx.Now().Unix(), f.Mode == ModeExternal
	f.Permalink = "https://" + tx.Team.Domain + ".slack.com/files/" + f.User + "/" + f.ID + "/" + pathName(f.Name)
	if !f.IsExternal {
		place := tx.URL + "/files-pri/" + tx.Team.ID + "-" + f.ID
		f.URL, f.DownloadURL = place+"/"+pathName(f.Name), place+"/download/"+pathName(f.Name)
	}
	tx.Files[f.ID] = f
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

// FilesByID finds the files that a message or form names.
func (tx *Tx) FilesByID(ids []string) ([]File, error) {
	list := []File{}
	for _, id := range ids {
		f := tx.Files[id]
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
		case f.Mode == modeDeleted || f.Mode == ModeHidden:
			list[i] = wire.Object{"id": f.ID, "mode": f.Mode}
		case f.FileAccess != "":
			list[i] = wire.Object{"id": f.ID, "mode": "file_access", "file_access": f.FileAccess}
		default:
			list[i] = f
		}
	}
	return list
}

// EraseFile deletes a file; in messages a tombstone stays where it was.
func (tx *Tx) EraseFile(f *File) {
	delete(tx.Files, f.ID)
	tx.Journal.Add(Entry{Kind: KindFile, What: "deleted", Detail: f.ID, User: f.User})
	for _, c := range tx.Channels {
		for _, m := range slices.Clone(c.Messages) {
			if i := m.FileIndex(f.ID); i >= 0 {
				tx.Change(c, m, func(m *Message) {
					m.Files = slices.Clone(m.Files)
					m.Files[i] = File{ID: f.ID, Mode: modeDeleted}
				})
			}
		}
	}
}

// FileIndex is where a message has a file; -1 if it has not.
func (m *Message) FileIndex(id string) int {
	return slices.IndexFunc(m.Files, func(f File) bool { return f.ID == id })
}
