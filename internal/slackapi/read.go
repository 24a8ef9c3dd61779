package slackapi

import (
	"cmp"
	"context"
	"errors"
	"net/url"

	"github.com/slack-go/slack"

	"supporty/internal/directory"
	"supporty/internal/emoji"
	"supporty/internal/slackformat"
)

// ChannelInfo is a channel as the bot sees it.
type ChannelInfo struct {
	ID       string
	Name     string
	Creator  string // who made it
	Private  bool
	Archived bool
	Member   bool // whether the bot is in it
}

func (c *Client) channelByID(ctx context.Context, id string) (ChannelInfo, error) {
	const method = "conversations.info"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return ChannelInfo{}, err
	}
	ch, err := c.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	if err != nil {
		return ChannelInfo{}, c.failed(ctx, method, err)
	}
	return infoOf(*ch), nil
}

// IsIn reports whether the bot is in a channel. It is not in a channel that it cannot see.
func (c *Client) IsIn(ctx context.Context, channel string) (bool, error) {
	info, err := c.channelByID(ctx, channel)
	if CodeOf(err) == "channel_not_found" {
		return false, nil
	}
	return info.Member, err
}

// IsPublic reports whether everybody in the workspace can read a channel. A channel that the
// bot cannot see is private.
func (c *Client) IsPublic(ctx context.Context, channel string) (bool, error) {
	const method = "conversations.info"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return false, err
	}
	ch, err := c.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
	if err != nil {
		if err = c.failed(ctx, method, err); CodeOf(err) == "channel_not_found" {
			err = nil
		}
		return false, err
	}
	return ch.IsChannel && !ch.IsPrivate && !ch.IsIM && !ch.IsMpIM, nil
}

// OwnChannels returns the channels that the bot is in, archived ones included. It does not
// list other channels: a workspace may have tens of thousands.
// https://docs.slack.dev/reference/methods/users.conversations
func (c *Client) OwnChannels(ctx context.Context) ([]ChannelInfo, error) {
	const method = "users.conversations"
	params := &slack.GetConversationsForUserParameters{Types: []string{"public_channel", "private_channel"}, Limit: 200}
	var own []ChannelInfo
	for {
		if err := c.beforeCall(ctx, nil, method, ""); err != nil {
			return nil, err
		}
		page, next, err := c.api.GetConversationsForUserContext(ctx, params)
		if err != nil {
			return nil, c.failed(ctx, method, err)
		}
		for _, ch := range page {
			info := infoOf(ch)
			info.Member = true // the method does not return it
			own = append(own, info)
		}
		if next == "" {
			return own, nil
		}
		params.Cursor = next
	}
}

func infoOf(ch slack.Channel) ChannelInfo {
	return ChannelInfo{ID: ch.ID, Name: ch.Name, Creator: ch.Creator, Private: ch.IsPrivate, Archived: ch.IsArchived, Member: ch.IsMember}
}

// Reply returns a message and the thread in which it stands. Both are empty if the message is
// not there; the thread is empty if the message stands in none. Slack is asked with the
// reply's own ts. Its documentation says that it answers with the thread; it was seen to
// answer with the reply alone. Either answer names the thread.
// https://docs.slack.dev/reference/methods/conversations.replies
func (c *Client) Reply(ctx context.Context, channel, ts string) (thread string, w Written, err error) {
	const method = "conversations.replies"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return "", w, err
	}
	page, _, _, err := c.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
		ChannelID: channel, Timestamp: ts, Oldest: ts, Latest: ts, Inclusive: true, Limit: 2,
	})
	if err != nil {
		if err = c.failed(ctx, method, err); CodeOf(err) == "thread_not_found" {
			err = nil
		}
		return "", w, err
	}
	for _, m := range page {
		thread = cmp.Or(thread, m.ThreadTimestamp)
		if m.Timestamp == ts {
			w = written(m)
		}
	}
	return thread, w, nil
}

// Profile implements directory.Slack.
func (c *Client) Profile(ctx context.Context, id string) (directory.Profile, error) {
	const method = "users.info"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return directory.Profile{}, err
	}
	u, err := c.api.GetUserInfoContext(ctx, id)
	if err != nil {
		e := c.failed(ctx, method, err)
		if code := CodeOf(e); code == "user_not_found" || code == "user_not_visible" {
			return directory.Profile{ID: id, External: true}, nil // another question would get the same answer
		}
		return directory.Profile{}, e
	}
	return directory.Profile{
		ID: u.ID, Name: slackformat.CalledName(u.Profile.DisplayName, u.RealName, u.Name), Zone: u.TZ, Bot: u.IsBot,
		Guest: u.IsRestricted || u.IsUltraRestricted, External: u.IsStranger || c.foreign(u), Deactivated: u.Deleted,
		Status: emoji.Name(u.Profile.StatusEmoji), StatusEnd: slackformat.UnixTime(int64(u.Profile.StatusExpiration)),
	}, nil
}

func (c *Client) foreign(u *slack.User) bool {
	self := c.self.Load()
	return self != nil && self.Foreign(u.TeamID, u.Enterprise.EnterpriseID)
}

// ChannelMembers implements directory.Slack.
func (c *Client) ChannelMembers(ctx context.Context, channel string) ([]string, error) {
	const method = "conversations.members"
	params := &slack.GetUsersInConversationParameters{ChannelID: channel, Limit: 200}
	var all []string
	for {
		if err := c.beforeCall(ctx, nil, method, ""); err != nil {
			return nil, err
		}
		page, next, err := c.api.GetUsersInConversationContext(ctx, params)
		if err != nil {
			return nil, c.failed(ctx, method, err)
		}
		all = append(all, page...)
		if next == "" {
			return all, nil
		}
		params.Cursor = next
	}
}

// GroupMembers implements directory.Slack.
func (c *Client) GroupMembers(ctx context.Context, group string) ([]string, error) {
	const method = "usergroups.users.list"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return nil, err
	}
	people, err := c.api.GetUserGroupMembersContext(ctx, group)
	if err != nil {
		return nil, c.failed(ctx, method, err)
	}
	return people, nil
}

// GroupInfo is a user group.
type GroupInfo struct {
	ID     string
	Handle string // without @
}

// Groups returns the user groups of the workspace, except disabled ones.
// https://docs.slack.dev/reference/methods/usergroups.list
func (c *Client) Groups(ctx context.Context) ([]GroupInfo, error) {
	const method = "usergroups.list"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return nil, err
	}
	groups, err := c.api.GetUserGroupsContext(ctx)
	if err != nil {
		return nil, c.failed(ctx, method, err)
	}
	var all []GroupInfo
	for _, g := range groups {
		all = append(all, GroupInfo{ID: g.ID, Handle: g.Handle})
	}
	return all, nil
}

// SetGroupMembers has these people, at least one, and nobody else in a user group.
// https://docs.slack.dev/reference/methods/usergroups.users.update
func (c *Client) SetGroupMembers(ctx context.Context, group string, people []string) error {
	const method = "usergroups.users.update"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	if _, err := c.api.UpdateUserGroupMembersListContext(ctx, group, people); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// redactURL drops the address from an error: a response_url is a secret.
func redactURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
