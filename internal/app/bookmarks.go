package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"supporty/internal/config"
	"supporty/internal/slackapi"
)

// runbook is a bookmark that a channel is to have.
type runbook struct{ title, link string }

// runbooks are the bookmarks of the channels in which tickets live: the runbook of each category
// whose tickets live there. Private tickets live elsewhere. A channel that is to have none is there
// without any, so that those that it had go.
func runbooks(cfg config.Config, w workspace) map[string][]runbook {
	all := map[string][]runbook{w.support: nil}
	for _, home := range w.homes {
		all[home] = nil
	}
	if !cfg.Bookmarks {
		return all
	}
	lives := w.homesOfCategories(cfg)
	for _, c := range cfg.Categories {
		if c.Runbook == "" || c.Private {
			continue
		}
		channel := w.support
		if home := lives[c.Name]; home != "" {
			channel = home
		}
		all[channel] = append(all[channel], runbook{"Runbook: " + c.Name, c.Runbook})
	}
	return all
}

// bookmark keeps the bookmarks of the channels as the settings have them. It calls Slack only if
// they have changed since it last succeeded, and at the start. Of several copies, the one that sends
// does it.
func (a *App) bookmark(ctx context.Context) error {
	p := a.components.Load()
	wanted := runbooks(p.cfg, p.workspace)
	if !p.workspace.bookmarks || reflect.DeepEqual(a.bookmarked, wanted) || !a.holdsLease(ctx) {
		return nil
	}
	var failed []error
	for _, channel := range slices.Sorted(maps.Keys(wanted)) {
		failed = append(failed, a.bookmarkIn(ctx, channel, wanted[channel]))
	}
	err := errors.Join(failed...)
	if err == nil || !passing(slackapi.ScopeOf(err)) {
		a.bookmarked = wanted // what Slack refuses, it refuses again
	}
	return err
}

// bookmarkIn makes the bookmarks of a channel what they are to be. A bookmark is ours if the bot
// changed it last: if somebody edits one, it is theirs, and stays. One of theirs with the same link
// is as good as ours.
func (a *App) bookmarkIn(ctx context.Context, channel string, wanted []runbook) error {
	there, err := a.slack.Bookmarks(ctx, channel)
	if err != nil {
		return fmt.Errorf("listing bookmarks: %w", err)
	}
	bot := a.components.Load().workspace.bot.UserID
	ours := slices.DeleteFunc(slices.Clone(there), func(b slackapi.Bookmark) bool { return b.By != bot })
	var missing []runbook
	for _, r := range wanted {
		own := slices.IndexFunc(ours, func(b slackapi.Bookmark) bool { return b.Title == r.title && b.Link == r.link })
		theirs := func(b slackapi.Bookmark) bool { return b.By != bot && b.Link == r.link }
		switch {
		case own >= 0:
			ours = slices.Delete(ours, own, own+1)
		case !slices.ContainsFunc(there, theirs):
			missing = append(missing, r)
		}
	}
	return a.changeBookmarks(ctx, channel, ours, missing)
}

// changeBookmarks adds what is missing. A bookmark with the same title or link becomes what is
// missing; other ones that are too many go.
func (a *App) changeBookmarks(ctx context.Context, channel string, tooMany []slackapi.Bookmark, missing []runbook) error {
	var failed []error
	for _, r := range missing {
		i := slices.IndexFunc(tooMany, func(b slackapi.Bookmark) bool { return b.Title == r.title || b.Link == r.link })
		if i < 0 {
			failed = append(failed, a.slack.AddBookmark(ctx, channel, r.title, r.link))
			continue
		}
		failed = append(failed, a.slack.EditBookmark(ctx, channel, tooMany[i].ID, r.title, r.link))
		tooMany = slices.Delete(tooMany, i, i+1)
	}
	for _, b := range tooMany {
		failed = append(failed, a.slack.RemoveBookmark(ctx, channel, b.ID))
	}
	return errors.Join(failed...)
}
