package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"supporty/internal/config"
	"supporty/internal/ical"
)

// What a calendar has of a rota.
const (
	calendarPast  = 4 * 7 * 24 * time.Hour
	calendarAhead = 12 * 7 * 24 * time.Hour
)

// feedKey is the secret part of the address of a squad's calendar: who knows that of one squad knows no
// other. It is empty if there are no calendars.
func feedKey(cfg config.Config, squad string) string {
	if cfg.Duty.Feed == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(cfg.Duty.Feed.Reveal()))
	mac.Write([]byte("calendar of " + strings.ToLower(squad)))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// feedAddress is the address of a squad's calendar; empty if there is none.
func feedAddress(cfg config.Config, squad string) string {
	if cfg.Duty.Feed == "" || cfg.HTTP.PublicURL == "" {
		return ""
	}
	return strings.TrimSuffix(cfg.HTTP.PublicURL, "/") + "/v1/duty/" + url.PathEscape(squad) + ".ics?key=" + feedKey(cfg, squad)
}

// dutyCalendar returns the calendar of a squad's rota to who knows its key.
func (a *App) dutyCalendar(ctx context.Context, squad, key string) (string, bool, error) {
	p := a.components.Load()
	if p == nil {
		return "", false, nil // it starts
	}
	want := feedKey(p.cfg, squad)
	if want == "" || subtle.ConstantTimeCompare([]byte(want), []byte(key)) != 1 {
		return "", false, nil
	}
	now := a.clock.Now()
	roster, err := p.desk.Roster(ctx, now)
	of, ok := roster.Named(squad)
	if err != nil || !ok {
		return "", false, err
	}
	shifts := of.Rota.Between(now.Add(-calendarPast).Truncate(24*time.Hour), now.Add(calendarAhead).Truncate(24*time.Hour))
	name := func(person string) string { return p.people.Name(ctx, person) }
	return ical.Calendar(of.Name, feedKey(p.cfg, squad)[:8], shifts, name, now), true, nil
}
