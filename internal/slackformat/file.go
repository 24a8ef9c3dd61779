package slackformat

import (
	"encoding/json"

	"github.com/slack-go/slack"
)

// File is a file as a message or a form describes it.
type File struct {
	ID        string
	Name      string // empty if Slack does not say
	Size      int64  // bytes
	Link      string // where people open it: in Slack, or at the service that keeps it
	Elsewhere bool   // another service keeps it
}

// wireFile is Slack's file object. https://docs.slack.dev/reference/objects/file-object
type wireFile struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Title      string `json:"title"`
	Mode       string `json:"mode"`
	Size       int64  `json:"size"`
	IsExternal bool   `json:"is_external"`
	URL        string `json:"url_private"`
	Permalink  string `json:"permalink"`
}

// ReadFiles reads the files of a message or a form, without deleted ones. Values that do not
// have Slack's format are left out.
func ReadFiles(raw json.RawMessage) []File {
	var list []json.RawMessage
	_ = json.Unmarshal(raw, &list) // in another format there are no files
	var files []File
	for _, one := range list {
		var f wireFile
		if json.Unmarshal(one, &f) == nil && f.ID != "" && f.Mode != "tombstone" {
			files = append(files, f.file())
		}
	}
	return files
}

func (w wireFile) file() File {
	f := File{ID: w.ID, Name: w.Name, Size: w.Size, Link: w.Permalink, Elsewhere: w.IsExternal}
	if f.Name == "" {
		f.Name = w.Title
	}
	if f.Elsewhere {
		f.Link = w.URL
	}
	return f
}

// FilesOf reads the files of a message that slack-go has read.
func FilesOf(list []slack.File) []File {
	var files []File
	for _, f := range list {
		if f.Mode != "tombstone" {
			files = append(files, FileOf(f))
		}
	}
	return files
}

// FileOf reads a file that slack-go has read.
func FileOf(f slack.File) File {
	w := wireFile{
		ID: f.ID, Name: f.Name, Title: f.Title, Mode: f.Mode, Size: int64(f.Size),
		IsExternal: f.IsExternal, URL: f.URLPrivate, Permalink: f.Permalink,
	}
	return w.file()
}
