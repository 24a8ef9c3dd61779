package webapi

import (
	"slices"
	"strings"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// mostBookmarks is how many a channel has.
// https://docs.slack.dev/reference/methods/bookmarks.add
const mostBookmarks = 100

func (api *API) bookmarksList(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := bookmarked(tx, a)
	if err != nil {
		return nil, err
	}
	list := []wire.Object{}
	for _, b := range c.Bookmarks {
		list = append(list, wireBookmark(tx, c, b))
	}
	return wire.Object{"bookmarks": list}, nil
}

func (api *API) bookmarksAdd(tx *workspace.Tx, a args) (wire.Object, error) {
	c, err := bookmarked(tx, a)
	switch {
	case err != nil:
		return nil, err
	case a["type"] != "link":
		return nil, refuse("invalid_bookmark_type")
	case a["title"] == "":
		return nil, refuse("invalid_arguments")
	case !isLink(a["link"]):
		return nil, refuse("invalid_link")
	case len(c.Bookmarks) >= mostBookmarks:
		return nil, refuse("too_many_bookmarks")
	}
	b := workspace.Bookmark{ID: tx.NewID("Bk"), Title: a["title"], Link: a["link"], By: tx.Bot.User}
	c.Bookmarks = append(slices.Clone(c.Bookmarks), b)
	showBookmarks(tx, c)
	return wire.Object{"bookmark": wireBookmark(tx, c, b)}, nil
}

func (api *API) bookmarksEdit(tx *workspace.Tx, a args) (wire.Object, error) {
	c, i, err := oneBookmark(tx, a)
	if err != nil {
		return nil, err
	}
	c.Bookmarks = slices.Clone(c.Bookmarks)
	b := &c.Bookmarks[i]
	if title, given := a["title"]; given {
		b.Title = title
	}
	if link, given := a["link"]; given {
		if !isLink(link) {
			return nil, refuse("invalid_link")
		}
		b.Link = link
	}
	b.By = tx.Bot.User
	showBookmarks(tx, c)
	return wire.Object{"bookmark": wireBookmark(tx, c, *b)}, nil
}

func (api *API) bookmarksRemove(tx *workspace.Tx, a args) (wire.Object, error) {
	c, i, err := oneBookmark(tx, a)
	if err != nil {
		return nil, err
	}
	c.Bookmarks = slices.Delete(slices.Clone(c.Bookmarks), i, i+1)
	showBookmarks(tx, c)
	return wire.Object{}, nil
}

// bookmarked is the channel of a call. Whether the app has to be in it is not documented: here it
// has to be.
func bookmarked(tx *workspace.Tx, a args) (*workspace.Channel, error) {
	c := tx.Channel(a["channel_id"])
	switch {
	case c == nil:
		return nil, refuse("channel_not_found")
	case !slices.Contains(c.Members, tx.Bot.User):
		return nil, refuse("permission_denied")
	}
	return c, nil
}

func oneBookmark(tx *workspace.Tx, a args) (c *workspace.Channel, i int, err error) {
	if c, err = bookmarked(tx, a); err != nil {
		return nil, 0, err
	}
	i = slices.IndexFunc(c.Bookmarks, func(b workspace.Bookmark) bool { return b.ID == a["bookmark_id"] })
	if i < 0 {
		return nil, 0, refuse("not_found")
	}
	return c, i, nil
}

func isLink(link string) bool {
	return strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://")
}

func wireBookmark(tx *workspace.Tx, c *workspace.Channel, b workspace.Bookmark) wire.Object {
	return wire.Object{
		"id": b.ID, "channel_id": c.ID, "title": b.Title, "link": b.Link, "emoji": "", "icon_url": nil, "type": "link",
		"entity_id": nil, "date_created": tx.Now().Unix(), "date_updated": 0, "rank": "g",
		"last_updated_by_user_id": b.By, "last_updated_by_team_id": tx.Team.ID, "shortcut_id": nil, "app_id": nil,
	}
}

// showBookmarks has every window see that the links of a channel have changed.
func showBookmarks(tx *workspace.Tx, c *workspace.Channel) {
	tx.Journal.Add(workspace.Entry{Kind: workspace.KindPeople, What: "bookmarks", Channel: c.ID})
}
