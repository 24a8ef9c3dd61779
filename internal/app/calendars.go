package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/fetch"
	"supporty/internal/ical"
	"supporty/internal/postgres"
)

// When calendars of other programs are read, and which shifts of them.
const (
	calendarEvery  = 5 * time.Minute
	calendarSoon   = time.Minute     // one that was never read
	calendarWithin = 5 * time.Second // all that a start waits for
	readWithin     = 5 * time.Second // of the content of one
	shiftsPast     = 35 * 24 * time.Hour
	shiftsAhead    = 26 * 7 * 24 * time.Hour
	shiftsFresh    = 24 * time.Hour // after that they are read again, because the period has moved
	calendarKept   = 30 * 24 * time.Hour
)

// calendars are the contents of calendars as this copy has them, by their keys.
type calendars struct {
	reading sync.Mutex // held while this copy reads what is due

	sync.Mutex
	known map[string]content
	at    time.Time // when the rotas were made of them
}

type content struct {
	version int64
	text    string
}

// calendarKey stands for the address of a calendar, which is a secret.
func calendarKey(l config.Layer) string {
	sum := sha256.Sum256([]byte(l.ICal.Reveal()))
	return hex.EncodeToString(sum[:16])
}

// calendarReader reads the shifts of a layer around a moment.
func calendarReader(l config.Layer, zone *time.Location, now time.Time) ical.Reader {
	return ical.Reader{Zone: zone, People: l.Called(), From: now.Add(-shiftsPast), Until: now.Add(shiftsAhead)}
}

// shiftsOf are the shifts of a layer that is a calendar, as it was read last.
func (a *App) shiftsOf(l config.Layer, zone *time.Location) []duty.Shift {
	a.calendars.Lock()
	known := a.calendars.known[calendarKey(l)]
	a.calendars.Unlock()
	if known.text == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	read, err := calendarReader(l, zone, a.clock.Now()).Read(ctx, known.text)
	if err != nil {
		a.log.Error("nobody is on duty by a calendar that could be read before", "error", err)
	}
	return read.Shifts
}

// madeOf says what the rotas of some settings are made of, with the calendars as this copy has them.
func (a *App) madeOf(cfg config.Config) desk.RosterMark {
	a.calendars.Lock()
	defer a.calendars.Unlock()
	made := desk.RosterMark{Calendars: map[string]int64{}, Settings: rotasOf(cfg)}
	for _, c := range cfg.Calendars() {
		key := calendarKey(c.Layer)
		made.Calendars[key] = a.calendars.known[key].version
	}
	return made
}

// rotasOf is the same for settings whose rotas are the same.
func rotasOf(cfg config.Config) string {
	type rota struct {
		Squad     string
		Members   []string
		Layers    []config.Layer
		Calendars []string
		Hours     any
	}
	var all []rota
	for _, s := range cfg.Squads {
		of := rota{Squad: s.Name, Members: s.Members, Layers: s.Rota, Hours: []any{cfg.Hours, s.Hours}}
		for _, l := range s.Rota {
			of.Calendars = append(of.Calendars, calendarKey(l))
		}
		all = append(all, of)
	}
	return digestOf(all)
}

// ReadCalendars reads the calendars that are due, in one copy, and has every copy use what has changed. If
// one cannot be read, what was read last stays.
func (a *App) ReadCalendars(ctx context.Context) error {
	a.calendars.reading.Lock() // who comes meanwhile has what was read
	defer a.calendars.reading.Unlock()
	cfg := a.components.Load().cfg
	now := a.clock.Now()
	if err := a.askForCalendars(ctx, cfg, now); err != nil {
		return err
	}
	return a.adoptCalendars(ctx)
}

func (a *App) askForCalendars(ctx context.Context, cfg config.Config, now time.Time) error {
	var failed []error
	for _, c := range cfg.Calendars() {
		since := now.Add(-calendarEvery)
		if !a.hasCalendar(c) {
			since = now.Add(-calendarSoon)
		}
		if err := a.askForCalendar(ctx, c, since); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

func (a *App) askForCalendar(ctx context.Context, c config.Calendar, since time.Time) error {
	now := a.clock.Now()
	known, claimed, err := a.db.ClaimRotaCalendar(ctx, calendarKey(c.Layer), now, since)
	if err != nil || !claimed {
		return err
	}
	answer, read, err := readCalendar(ctx, a.fetcher, c, fetch.Mark{ETag: known.ETag, Modified: known.Modified}, now)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		if known.Failure != err.Error() {
			a.log.Warn("a calendar could not be read; what was read last says who is on duty", "setting", c.Path, "squad", c.Squad, "error", err)
		}
		return a.db.FailRotaCalendar(ctx, known.Key, err.Error())
	case known.Failure != "":
		a.log.Info("a calendar is read again", "setting", c.Path, "squad", c.Squad)
	}
	if answer.Same {
		return a.db.ConfirmRotaCalendar(ctx, known.Key, now)
	}
	if len(read.Unknown) > 0 || read.Skipped > 0 {
		a.log.Warn("not all of a calendar is understood; the doctor says more", "setting", c.Path, "squad", c.Squad, "unknown_people", len(read.Unknown), "skipped_events", read.Skipped)
	}
	err = a.db.KeepRotaCalendar(ctx, postgres.RotaCalendar{Key: known.Key, ETag: answer.Mark.ETag, Modified: answer.Mark.Modified}, answer.Text, now)
	if err != nil {
		return errors.Join(err, a.db.FailRotaCalendar(ctx, known.Key, notKept))
	}
	return nil
}

// notKept is the failure of a calendar that could be read. Reading it again does not find it.
const notKept = "what was read could not be kept"

// readCalendar asks for a calendar, and reads it. One that was cut off is refused, because it would take who comes
// later off duty. Its errors are sentences without the address.
func readCalendar(ctx context.Context, from *fetch.Client, c config.Calendar, known fetch.Mark, now time.Time) (fetch.Answer, ical.Reading, error) {
	answer, err := from.Get(ctx, c.Layer.ICal.Reveal(), known)
	if err != nil || answer.Same {
		return answer, ical.Reading{}, err
	}
	within, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	answer.Text = ical.Decode(answer.Text)
	read, err := calendarReader(c.Layer, c.Zone, now).Read(within, answer.Text)
	switch {
	case errors.Is(err, ical.ErrNoCalendar):
		err = errors.New("what is at the address is not a calendar")
	case err != nil:
		err = fmt.Errorf("the calendar is not used: %w", err)
	case !ical.IsWhole(answer.Text):
		err = errors.New("the calendar is cut off before its end")
	}
	return answer, read, err
}

// prepareCalendars has the calendars of new settings at hand, also those that were never read.
func (a *App) prepareCalendars(ctx context.Context, cfg config.Config) error {
	if len(cfg.Calendars()) == 0 {
		return nil
	}
	if _, err := a.loadCalendars(ctx); err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, calendarWithin)
	defer cancel()
	for _, c := range cfg.Calendars() {
		if a.hasCalendar(c) {
			continue
		}
		if err := a.askForCalendar(within, c, a.clock.Now()); err != nil {
			a.log.Warn("a calendar is read later", "setting", c.Path, "squad", c.Squad, "error", err)
		}
	}
	_, err := a.loadCalendars(ctx)
	a.calendars.Lock()
	defer a.calendars.Unlock()
	a.calendars.at = time.Time{} // the rotas are made anew, also if the new settings are refused
	return err
}

func (a *App) hasCalendar(c config.Calendar) bool {
	a.calendars.Lock()
	defer a.calendars.Unlock()
	return a.calendars.known[calendarKey(c.Layer)].version > 0
}

// loadCalendars takes over what has changed in the database, and reports whether anything has.
func (a *App) loadCalendars(ctx context.Context) (changed bool, err error) {
	list, err := a.db.RotaCalendars(ctx)
	if err != nil {
		return false, err
	}
	a.calendars.Lock()
	defer a.calendars.Unlock()
	for _, c := range list {
		if a.calendars.known[c.Key].version == c.Version {
			continue
		}
		text, err := a.db.RotaCalendarContent(ctx, c.Key)
		if err != nil {
			return changed, err
		}
		if a.calendars.known == nil {
			a.calendars.known = map[string]content{}
		}
		a.calendars.known[c.Key], changed = content{c.Version, text}, true
	}
	now := a.clock.Now()
	if stale := now.Sub(a.calendars.at) > shiftsFresh; changed || stale {
		a.calendars.at = now
		return true, nil
	}
	return false, nil
}

// adoptCalendars makes the rotas anew if a calendar has changed, in this copy or another.
func (a *App) adoptCalendars(ctx context.Context) error {
	if len(a.components.Load().cfg.Calendars()) == 0 {
		return nil
	}
	if !a.changing.TryLock() {
		return nil // the settings are being read: that, or the next minute, makes the rotas
	}
	defer a.changing.Unlock()
	changed, err := a.loadCalendars(ctx)
	if err != nil || !changed {
		return err
	}
	p := *a.components.Load()
	roster, err := p.cfg.Roster(a.shiftsOf)
	if err != nil {
		return err
	}
	p.desk = p.desk.OnDuty(roster, a.madeOf(p.cfg))
	a.replaceComponents(&p)
	return nil
}
