package slacksim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"
)

// snapshotForm changes whenever an older file can no longer be read as it is.
const snapshotForm = 1

// saveEvery is the longest time, real, for which a change is in memory only.
const saveEvery = 5 * time.Second

// snapshot is the workspace as a file keeps it. Open modals, response_urls and
// the journal are not in it: nobody misses them in a new run.
type snapshot struct {
	Form     int                         `json:"form"`
	AppToken string                      `json:"app_token"`
	BotToken string                      `json:"bot_token"`
	Team     Team                        `json:"team"`
	Bot      savedBot                    `json:"bot"`
	People   []*Person                   `json:"people"`
	Channels []*Channel                  `json:"channels"`
	Groups   []*Usergroup                `json:"usergroups"`
	Files    []savedFile                 `json:"files"`
	Reads    map[string]map[string]int64 `json:"reads"`
	Settled  int64                       `json:"settled"`
	Seq      int64                       `json:"seq"`
	LastTS   int64                       `json:"last_ts"`
	LastID   int64                       `json:"last_id"`
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

// loadSnapshot reads the file; nil if there is none.
func loadSnapshot(path string) (*snapshot, error) {
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
	var saved snapshot
	if err := json.Unmarshal(data, &saved); err != nil {
		return nil, fmt.Errorf("reading the simulated workspace in %s: %w", path, err)
	}
	if saved.Form != snapshotForm {
		return nil, fmt.Errorf("the simulated workspace in %s was saved by another version of this program; remove it to start over", path)
	}
	return &saved, nil
}

// tokensOf makes the tokens of an earlier run valid again, unless others are
// asked for.
func (c Config) tokensOf(saved *snapshot) Config {
	if saved != nil {
		c.AppToken = cmp.Or(c.AppToken, saved.AppToken)
		c.BotToken = cmp.Or(c.BotToken, saved.BotToken)
	}
	return c
}

// restore puts back what was saved; nil leaves the workspace as it is.
func (w *workspace) restore(saved *snapshot) {
	if saved == nil {
		return
	}
	w.team = saved.Team
	w.bot = botIdentity{app: saved.Bot.App, bot: saved.Bot.Bot, user: saved.Bot.User, name: saved.Bot.Name}
	w.people, w.channels, w.groups = saved.People, saved.Channels, saved.Groups
	for _, f := range saved.Files {
		file := f.File
		file.content, file.given, file.Mode = f.Content, f.Given, cmp.Or(f.Mode, modeHosted)
		w.files[file.ID] = &file
	}
	maps.Copy(w.reads, saved.Reads)
	w.settled, w.journal.dropped = saved.Settled, saved.Seq
	w.lastTS, w.lastID = saved.LastTS, saved.LastID
}

// snapshot takes what is to be saved. Messages are never changed in place, so
// the copy may be written out after the lock is gone.
func (s *Server) snapshot() snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.ws
	saved := snapshot{
		Form: snapshotForm, AppToken: s.cfg.AppToken, BotToken: s.cfg.BotToken, Team: w.team,
		Bot:     savedBot{App: w.bot.app, Bot: w.bot.bot, User: w.bot.user, Name: w.bot.name},
		Settled: w.settled, Seq: w.journal.last(), LastTS: w.lastTS, LastID: w.lastID,
		Reads: map[string]map[string]int64{},
	}
	visible := w.state()
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
	for person, reads := range w.reads {
		saved.Reads[person] = maps.Clone(reads)
	}
	for _, f := range w.files {
		saved.Files = append(saved.Files, savedFile{*f, f.content, f.given})
	}
	return saved
}

// keepSaved saves every few seconds what has changed, until the server closes.
// What cannot be written then is reported by Close, which tries again.
func (s *Server) keepSaved() {
	ticker := time.NewTicker(saveEvery)
	defer ticker.Stop()
	var kept int64
	for {
		select {
		case <-ticker.C:
			if now := s.snapshot(); now.Seq != kept && now.write(s.cfg.File) == nil {
				kept = now.Seq
			}
		case <-s.stopping:
			return
		}
	}
}

// write replaces the file at once: whoever reads it finds the old or the new
// one, whole. It holds tokens and what people wrote, so it is for its owner only.
func (saved snapshot) write(path string) error {
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
