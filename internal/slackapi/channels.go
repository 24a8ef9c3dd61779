package slackapi

import (
	"context"
	"slices"

	"github.com/slack-go/slack"
)

// The channels that the bot makes itself. They need the scope groups:write, which the
// manifest asks for only on request. The end of ctx does not cancel a call that has begun.

// CreatePrivateChannel makes a private channel with the bot as its only member, and returns
// its id. The code name_taken says that there is a channel of that name, also one that is
// archived or that the bot cannot see. After an Unsure error the channel may exist:
// OwnChannels lists it.
// https://docs.slack.dev/reference/methods/conversations.create
func (c *Client) CreatePrivateChannel(ctx context.Context, name string) (string, error) {
	const method = "conversations.create"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return "", err
	}
	made, err := c.api.CreateConversationContext(context.WithoutCancel(ctx), slack.CreateConversationParams{ChannelName: name, IsPrivate: true})
	if err != nil {
		return "", c.failed(ctx, method, err)
	}
	return made.ID, nil
}

// mostInvited is the most people that one call may invite.
const mostInvited = 100

// Invite brings people into a channel, and returns why some cannot come, by their id. Slack
// takes all or nobody, and slack-go does not read of whom Slack complains. So after a refusal
// they are invited one by one. Who is in the channel already is no refusal.
// https://docs.slack.dev/reference/methods/conversations.invite
func (c *Client) Invite(ctx context.Context, channel string, people []string) (refused map[string]string, err error) {
	refused = map[string]string{}
	for some := range slices.Chunk(people, mostInvited) {
		err := c.invite(ctx, channel, some)
		if ScopeOf(err) != Refused {
			if err != nil {
				return refused, err
			}
			continue
		}
		if err := c.inviteEach(ctx, channel, some, refused); err != nil {
			return refused, err
		}
	}
	return refused, nil
}

func (c *Client) inviteEach(ctx context.Context, channel string, people []string, refused map[string]string) error {
	for _, person := range people {
		err := c.invite(ctx, channel, []string{person})
		switch code := CodeOf(err); {
		case err == nil, code == "already_in_channel":
		case ScopeOf(err) == Refused:
			refused[person] = code
		default:
			return err
		}
	}
	return nil
}

func (c *Client) invite(ctx context.Context, channel string, people []string) error {
	const method = "conversations.invite"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	if _, err := c.api.InviteUsersToConversationContext(context.WithoutCancel(ctx), channel, people...); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// RemoveMember takes a person out of a channel. It is no error if they are not in it.
// https://docs.slack.dev/reference/methods/conversations.kick
func (c *Client) RemoveMember(ctx context.Context, channel, person string) error {
	const method = "conversations.kick"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	err := c.api.KickUserFromConversationContext(context.WithoutCancel(ctx), channel, person)
	if err == nil {
		return nil
	}
	if err = c.failed(ctx, method, err); CodeOf(err) == "not_in_channel" {
		return nil
	}
	return err
}

// Archive archives a channel. It is no error if that is done already. The bot cannot bring a
// channel back: https://docs.slack.dev/reference/methods/conversations.unarchive, "Bug alert".
// Whether it still sees a private channel that is archived, Slack does not say.
// https://docs.slack.dev/reference/methods/conversations.archive
func (c *Client) Archive(ctx context.Context, channel string) error {
	const method = "conversations.archive"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	err := c.api.ArchiveConversationContext(context.WithoutCancel(ctx), channel)
	if err == nil {
		return nil
	}
	if err = c.failed(ctx, method, err); CodeOf(err) == "already_archived" {
		return nil
	}
	return err
}

// SetTopic sets the line beside a channel's name; at most 250 characters.
// https://docs.slack.dev/reference/methods/conversations.setTopic
func (c *Client) SetTopic(ctx context.Context, channel, topic string) error {
	const method = "conversations.setTopic"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	if _, err := c.api.SetTopicOfConversationContext(context.WithoutCancel(ctx), channel, topic); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}

// SetPurpose sets the description of a channel; at most 250 characters.
// https://docs.slack.dev/reference/methods/conversations.setPurpose
func (c *Client) SetPurpose(ctx context.Context, channel, purpose string) error {
	const method = "conversations.setPurpose"
	if err := c.beforeCall(ctx, nil, method, ""); err != nil {
		return err
	}
	if _, err := c.api.SetPurposeOfConversationContext(context.WithoutCancel(ctx), channel, purpose); err != nil {
		return c.failed(ctx, method, err)
	}
	return nil
}
