package slackapi

import (
	"context"

	"github.com/slack-go/slack"
)

// Bookmark is a link at the top of a channel.
type Bookmark struct {
	ID    string
	Title string
	Link  string
	By    string // who changed it last
}

// Bookmarks returns the bookmarks of a channel: at most 100.
// https://docs.slack.dev/reference/methods/bookmarks.list
func (c *Client) Bookmarks(ctx context.Context, channel string) ([]Bookmark, error) {
	const method = "bookmarks.list"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return nil, err
	}
	listed, err := c.api.ListBookmarksContext(ctx, channel)
	if err != nil {
		return nil, c.failed(ctx, method, err)
	}
	var all []Bookmark
	for _, b := range listed {
		all = append(all, Bookmark{ID: b.ID, Title: b.Title, Link: b.Link, By: b.LastUpdatedByUserID})
	}
	return all, nil
}

// AddBookmark adds a link to a channel's bookmarks.
// https://docs.slack.dev/reference/methods/bookmarks.add
func (c *Client) AddBookmark(ctx context.Context, channel, title, link string) error {
	const method = "bookmarks.add"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	_, err := c.api.AddBookmarkContext(ctx, channel, slack.AddBookmarkParameters{Title: title, Type: "link", Link: link})
	if err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// EditBookmark changes a bookmark's title and link.
// https://docs.slack.dev/reference/methods/bookmarks.edit
func (c *Client) EditBookmark(ctx context.Context, channel, id, title, link string) error {
	const method = "bookmarks.edit"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	if _, err := c.api.EditBookmarkContext(ctx, channel, id, slack.EditBookmarkParameters{Title: &title, Link: link}); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// RemoveBookmark removes a bookmark. One that is gone already is no error.
// https://docs.slack.dev/reference/methods/bookmarks.remove
func (c *Client) RemoveBookmark(ctx context.Context, channel, id string) error {
	const method = "bookmarks.remove"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	err := c.api.RemoveBookmarkContext(ctx, channel, id)
	if err == nil {
		return nil
	}
	if err = c.failed(ctx, method, err); CodeOf(err) == "not_found" {
		return nil
	}
	return err
}
