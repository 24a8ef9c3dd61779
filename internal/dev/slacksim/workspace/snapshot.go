package workspace

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
)

// snapshotForm changes whenever an older file can no longer be read as it is.
const snapshotForm = 1

// Snapshot is the workspace as a file keeps it. Open modals, response_urls and
// the journal are not in it: nobody misses them in a new run.
type Snapshot struct {
	Form      int                         `json:"form"`
	AppToken  string                      `json:"app_token"`
	BotToken  string                      `json:"bot_token"`
	Team      Team                        `json:"team"`
	Bot       savedBot                    `json:"bot"`
	People    []*Person                   `json:"people"`
	Channels  []*Channel                  `json:"channels"`
	Groups    []*Usergroup                `json:"usergroups"`
	Files     []savedFile                 `json:"files"`
	Reads     map[string]map[string]int64 `json:"reads"`
	ReadByAll int64                       `json:"settled"`
	Seq       int64                       `json:"seq"`
	LastTS    int64                       `json:"last_ts"`
	LastID    int64                       `json:"last_id"`
}

type savedBot struct {
	App  string `json:"app"`
	Bot  string `json:"bot"`
	User string `json:"user"`
	Name string `json:"name"`
}

type savedFile struct {
	File
	Content []byte `json:"content"`
	Given   bool   `json:"given,omitempty"`
}

// LoadSnapshot reads the file; nil if there is none.
func LoadSnapshot(path string) (*Snapshot, error) {
	if path == "" {
		return nil, nil
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the simulated workspace: %w", err)
	}
	var saved Snapshot
	if err := json.Unmarshal(data, &saved); err != nil {
		return nil, fmt.Errorf("reading the simulated workspace in %s: %w", path, err)
	}
	if saved.Form != snapshotForm {
		return nil, fmt.Errorf("the simulated workspace in %s was saved by another version of this program; remove it to start over", path)
	}
	return &saved, nil
}

// Restore puts back what was saved; nil leaves the workspace as it is.
func (tx *Tx) Restore(saved *Snapshot) {
	if saved == nil {
		return
	}
	tx.Team = saved.Team
	tx.Bot = Bot{App: saved.Bot.App, ID: saved.Bot.Bot, User: saved.Bot.User, Name: saved.Bot.Name}
	tx.People, tx.Channels, tx.Groups = saved.People, saved.Channels, saved.Groups
	for _, f := range saved.Files {
		file := f.File
		file.Content, file.Given, file.Mode = f.Content, f.Given, cmp.Or(f.Mode, ModeHosted)
		tx.Files[file.ID] = &file
	}
	maps.Copy(tx.reads, saved.Reads)
	tx.readByAll, tx.Journal.Dropped = saved.ReadByAll, saved.Seq
	tx.lastTS, tx.lastID = saved.LastTS, saved.LastID
}

// Snapshot takes what is to be saved. Messages are never changed in place, so
// the copy may be written out after the lock is gone.
func (tx *Tx) Snapshot() Snapshot {
	saved := Snapshot{
		Form: snapshotForm, Team: tx.Team,
		Bot:       savedBot{App: tx.Bot.App, Bot: tx.Bot.ID, User: tx.Bot.User, Name: tx.Bot.Name},
		ReadByAll: tx.readByAll, Seq: tx.Journal.Last(), LastTS: tx.lastTS, LastID: tx.lastID,
		Reads: map[string]map[string]int64{},
	}
	visible := tx.Visible()
	for i := range visible.People {
		visible.People[i].Modals = nil
		saved.People = append(saved.People, &visible.People[i])
	}
	for i := range visible.Channels {
		saved.Channels = append(saved.Channels, &visible.Channels[i])
	}
	for i := range visible.Usergroups {
		saved.Groups = append(saved.Groups, &visible.Usergroups[i])
	}
	for person, reads := range tx.reads {
		saved.Reads[person] = maps.Clone(reads)
	}
	for _, f := range tx.Files {
		saved.Files = append(saved.Files, savedFile{*f, f.Content, f.Given})
	}
	return saved
}

// Write replaces the file at once: whoever reads it finds the old or the new
// one, whole. It holds tokens and what people wrote, so it is for its owner only.
func (saved Snapshot) Write(path string) error {
	data, err := json.Marshal(saved)
	if err != nil {
		return fmt.Errorf("encoding the simulated workspace: %w", err)
	}
	fresh, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-")
	if err != nil {
		return fmt.Errorf("saving the simulated workspace: %w", err)
	}
	_, err = fresh.Write(data)
	if err = errors.Join(err, fresh.Close()); err == nil {
		err = os.Rename(fresh.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("saving the simulated workspace: %w", err), os.Remove(fresh.Name()))
	}
	return nil
}
