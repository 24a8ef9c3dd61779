package outbox

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"supporty/internal/chart"
	"supporty/internal/desk"
	"supporty/internal/insight"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// Plan says what to post, and where.
type Plan struct {
	Drop     string // the reason not to post it; then nothing else is set
	Obsolete string // the reason why it is obsolete; it may have been posted
	Delete   bool   // the message is deleted where it stands
	Channel  string // a channel's id, or a person's for a direct message
	Thread   string // the message that it replies to; empty for none
	Message  slackformat.Message
	Plain    bool // without blocks, because Slack has refused them

	Picture chart.Picture // of NoticePicture, instead of a message
	Name    string        // of the picture's file

	worded time.Time // real time
}

// takenBack is the reason not to post a message that repeats words which were deleted.
const takenBack = "it was taken back"

// Composer renders a pending message when it is posted: from the ticket as it is then,
// for the reader as they are then.
type Composer struct {
	Desk      Desk
	People    People
	Digests   Digests
	Store     Store
	Pages     Pager
	Support   string   // channel id
	Digest    string   // channel id
	Operators []string // they are notified when the support channel takes no messages
	Group     string   // the user group that is mentioned if a ticket has no owner and nobody is on duty; may be empty
	Command   string
	About     slackview.Abouts // what the settings tell of categories
	URL       string           // of the workspace, for links to messages
	Asleep    bool             // the ladder of some categories wakes nobody
	MaxFile   int64            // the largest file that is brought along, in bytes; 0: no file is
	Singly    bool             // a mention in the thread of a direct message does not notify
}

// Compose decides what to do with an item at now.
func (c *Composer) Compose(ctx context.Context, i Item, now time.Time) (Plan, error) {
	switch {
	case i.Gone && (i.Standing() || i.Upload != ""):
		return Plan{Delete: true}, nil
	case i.Gone && !i.Unsure: // if it may stand somewhere, it is looked for first
		return Plan{Drop: takenBack}, nil
	case i.Gone && i.Left != nil:
		return Plan{Channel: cmp.Or(i.Left.Channel, c.Support), Thread: i.Left.TS}, nil
	case i.Queue == desk.QueueDigest:
		return c.composeDigest(ctx, i, now)
	case i.Ticket == 0:
		return c.composeUnticketed(ctx, i, now)
	}
	r, err := c.Desk.Known(ctx, i.Ticket, i.Version)
	if err != nil {
		return Plan{}, fmt.Errorf("finding %s: %w", i.Ticket, err)
	}
	scene := c.scene(ctx, now)
	obsolete := desk.Obsolete(i.Notice, r, now)
	if obsolete != "" && !i.Standing() && !i.Unsure {
		return Plan{Drop: obsolete}, nil
	}
	requester, err := c.People.Person(ctx, r.Ticket.Requester)
	if err != nil && i.To == r.Ticket.Requester { // other readers hardly need the profile
		return Plan{}, fmt.Errorf("looking up the requester: %w", err)
	}
	scene.Obsolete, scene.Outside = obsolete != "", err == nil && !r.Inside(requester)
	if i.Kind == desk.NoticeCard || i.Kind == desk.NoticeErased {
		return c.composeCard(ctx, r, scene)
	}
	p, err := c.composeAbout(ctx, i, r, scene)
	p.Obsolete = obsolete
	if err != nil || !r.Ticket.Private() {
		return p, err
	}
	return c.keepPrivate(ctx, i, r, p, now)
}

func (c *Composer) composeCard(ctx context.Context, r desk.Record, scene slackview.Scene) (Plan, error) {
	var err error
	if scene.Cause, err = c.Desk.CauseOf(ctx, r.Ticket); err != nil {
		return Plan{}, fmt.Errorf("finding what caused %s: %w", r.Ticket.Number, err)
	}
	home := r.Home(c.Support)
	switch {
	case home == "" && r.CardRemoved(scene.Now):
		return Plan{Drop: "the ticket was over before its room was made"}, nil
	case home == "":
		return Plan{}, fmt.Errorf("%s has no room yet", r.Ticket.Number)
	}
	return Plan{Channel: home, Message: slackview.Card(r, scene)}, nil
}

// composeAbout is a message about a ticket beside its card.
func (c *Composer) composeAbout(ctx context.Context, i Item, r desk.Record, scene slackview.Scene) (Plan, error) {
	var err error
	if i.Kind == desk.NoticeAlert || i.Kind == desk.NoticeEscalation {
		scene.OnDuty = c.onDuty(ctx, r, scene.Now)
	}
	if r.Ticket.Private() {
		scene.Group = "" // who of it is in the room is unknown, so all who are there are called
	}
	if scene.Original, err = c.original(ctx, i.Kind, r); err != nil {
		return Plan{}, err
	}
	if i.Kind == desk.NoticeSurvey && !i.Standing() && !i.Unsure {
		if reason, err := c.unaskable(ctx, i, scene.Now); err != nil || reason != "" {
			return Plan{Drop: reason}, err
		}
	}
	if i.Kind.ToFollowers() {
		return c.composeForFollower(ctx, i, r, scene)
	}
	return c.route(i, r, scene)
}

// keepPrivate keeps a message about a private ticket from those who may not read it. Outside of
// the ticket's room they hear its number and what became of it, and other channels nothing.
func (c *Composer) keepPrivate(ctx context.Context, i Item, r desk.Record, p Plan, now time.Time) (Plan, error) {
	room, _ := r.Room()
	switch place := cmp.Or(i.Posted.Channel, p.Channel); {
	case p.Drop != "" || place == room.At.Channel:
		return p, nil
	case !isPerson(i.To):
		return Plan{Drop: "the ticket is private"}, nil
	}
	reader, err := c.People.Person(ctx, i.To)
	if err != nil {
		return Plan{}, fmt.Errorf("looking up a reader: %w", err)
	}
	if !desk.MayRead(reader, r.Ticket) {
		scene := c.scene(ctx, now)
		scene.MayNotRead, scene.Obsolete = true, p.Obsolete != ""
		p.Message = slackview.Hidden(i.Notice, r, scene)
	}
	return p, nil
}

// original returns the ticket of which this one is a duplicate, for messages that tell how it
// stands; nil for others.
func (c *Composer) original(ctx context.Context, kind desk.NoticeKind, r desk.Record) (*desk.Record, error) {
	if r.Ticket.DuplicateOf == 0 || kind != desk.NoticeClosed && kind != desk.NoticeStillBroken {
		return nil, nil //nolint:nilnil // most messages are about no duplicate
	}
	of, err := c.Desk.Find(ctx, r.Ticket.DuplicateOf)
	switch {
	case err != nil:
		return nil, fmt.Errorf("finding the original of %s: %w", r.Ticket.Number, err)
	case of.Ticket.Private():
		return nil, nil //nolint:nilnil // it was made private since; how it stands is not told
	}
	return &of, nil
}

// composeForFollower tells a follower of a ticket. What they may read is decided now: they
// may have left the channel since they followed.
func (c *Composer) composeForFollower(ctx context.Context, i Item, r desk.Record, scene slackview.Scene) (Plan, error) {
	follower, err := c.People.Person(ctx, i.To)
	if err != nil {
		return Plan{}, fmt.Errorf("looking up a follower: %w", err)
	}
	if unheard := r.Unheard(i.Notice, follower); unheard != "" && !i.Standing() && !i.Unsure {
		return Plan{Drop: unheard}, nil
	}
	scene.MayNotRead = !desk.MayRead(follower, r.Ticket)
	return c.routeDirect(i, r, scene), nil
}

// composeUnticketed decides what to do with a message about no ticket.
func (c *Composer) composeUnticketed(ctx context.Context, i Item, now time.Time) (Plan, error) {
	switch i.Kind {
	case desk.NoticeWhere:
		return c.composeWhere(ctx, i, now)
	case desk.NoticeOffer:
		return Plan{Channel: i.Thread.Channel, Thread: i.Root, Message: slackview.Offer(i.Notice)}, nil
	case desk.NoticeUnowned:
		return c.composeUnowned(ctx, i, now)
	case desk.NoticeOnDuty:
		return c.composeOnDuty(ctx, i, now)
	case desk.NoticeLeftUnowned:
		return c.composeLeftUnowned(ctx, i, now)
	case desk.NoticeThanks:
		return c.composeThanks(ctx, i, now)
	case desk.NoticeRotaMade:
		return c.composeRotaMade(ctx, i, now)
	case desk.NoticeOverridden:
		return c.composeOverridden(ctx, i, now)
	case desk.NoticeSwapAsked, desk.NoticeSwapAccepted, desk.NoticeSwapDeclined:
		return c.composeSwap(ctx, i, now)
	case desk.NoticeUnfair:
		return Plan{Channel: i.To, Message: slackview.Unfair(i.Notice, c.scene(ctx, now))}, nil
	case desk.NoticeOffDuty:
		return c.composeOffDuty(ctx, i, now)
	case desk.NoticeDutyNote:
		return Plan{Channel: i.To, Message: slackview.DutyNote(i.Notice, c.scene(ctx, now))}, nil
	case desk.NoticeWoken:
		return c.composeWoken(ctx, i, now)
	case desk.NoticeFirstSteps:
		return Plan{Channel: i.To, Message: slackview.FirstSteps(c.Support, c.Asleep, c.scene(ctx, now))}, nil
	case desk.NoticePeopleNamed:
		return Plan{Channel: c.Support, Message: slackview.PeopleNamed()}, nil
	case desk.NoticeUnreachable:
		return composeUnreachable(i), nil
	default:
		return Plan{}, fmt.Errorf("a %s is about no ticket", i.Kind)
	}
}

func (c *Composer) scene(ctx context.Context, now time.Time) slackview.Scene {
	return slackview.Scene{
		Names:   func(id string) string { return c.People.Name(ctx, id) },
		Group:   c.Group,
		Command: c.Command, About: c.About, Workspace: c.URL,
		Now: now,
	}
}

// route decides where a notice is posted: in the ticket's thread, or in direct messages if
// its reader is a requester whom a mention in the channel does not reach.
func (c *Composer) route(i Item, r desk.Record, scene slackview.Scene) (Plan, error) {
	switch {
	case direct(i, r, scene):
		return c.routeDirect(i, r, scene), nil
	case r.CardRemoved(scene.Now):
		return Plan{Drop: "the ticket's card is gone"}, nil
	case r.Card == (ticket.Message{}) && !standsAlone(i, r):
		return Plan{}, fmt.Errorf("%s has no card yet", r.Ticket.Number)
	}
	p := Plan{Channel: r.Card.Channel, Thread: r.Card.TS, Message: slackview.Notice(i.Notice, r, scene)}
	switch {
	case i.Kind == desk.NoticeEscalation && i.To != "", i.Kind == desk.NoticeOffered, i.Kind == desk.NoticeTask, i.Kind == desk.NoticeRefiled,
		i.Kind == desk.NoticeUnreached && i.To != "" && i.To != r.Ticket.Requester:
		p.Channel, p.Thread = i.To, "" // posted elsewhere, with a link to the card
	case i.Kind == desk.NoticeMade:
		p.Channel, p.Thread = i.Thread.Channel, i.Thread.TS
	case i.Kind == desk.NoticeFlood:
		p.Channel, p.Thread = r.Home(c.Support), ""
	case i.Kind == desk.NoticeAskSolution, i.Kind == desk.NoticeThirdTime, i.Kind == desk.NoticeFiledAtOnce, i.Kind == desk.NoticeForestalled:
		p.Thread = "" // where the gesture was made: on the card, or beside the message
	case i.Kind == desk.NoticeFileLeftOut && i.Thread.TS == "" && r.Direct(i.To).TS != "":
		p.Channel, p.Thread = r.Direct(i.To).Channel, r.Direct(i.To).TS // the file was attached to the form
	case i.Ephemeral() && i.Thread.TS != "" && i.Thread.Channel == "":
		p.Thread = "" // about a saved answer: it was posted by a command, or from the card
	case i.Ephemeral() && i.Thread.TS != "" && i.Thread.Channel != r.Card.Channel:
		p.Channel, p.Thread = i.Thread.Channel, i.Root // where they wrote: in direct messages
	}
	return p, nil
}

// standsAlone reports whether a notice can be posted before the ticket's card: a flood in the
// channel itself, or an escalation to somewhere else while the card has to wait.
func standsAlone(i Item, r desk.Record) bool {
	return i.Kind == desk.NoticeFlood || i.Kind == desk.NoticeEscalation && i.To != "" && r.CardWaits()
}

// direct reports whether a notice is a direct message.
func direct(i Item, r desk.Record, scene slackview.Scene) bool {
	switch i.Kind {
	case desk.NoticeReceipt, desk.NoticeConsent, desk.NoticeParked, desk.NoticeDeleteYours, desk.NoticeRemaining:
		return true
	case desk.NoticeAlert:
		return false
	default:
		return i.Kind.OfHelp() || i.To == r.Ticket.Requester && scene.Outside && !i.Ephemeral()
	}
}

// routeDirect puts a direct message into the thread that the first one about the ticket
// began. The message mentions its reader until they follow that thread. If a mention does
// not notify them, the message stands outside the thread until then, and links to it.
func (c *Composer) routeDirect(i Item, r desk.Record, scene slackview.Scene) Plan {
	root := r.Direct(i.To)
	scene.Direct = true
	p := Plan{Channel: i.To}
	if root.TS == "" || i.Posted == root || i.Kind == desk.NoticeParked || i.Kind.OfHelp() {
		p.Message = slackview.Notice(i.Notice, r, scene)
		return p
	}
	follows := r.FollowsDirect(i.To, root)
	singly := c.Singly && !follows && i.Kind.Concerns()
	p.Channel, p.Thread = root.Channel, root.TS
	scene.Calls = !follows && !singly && i.Kind.Concerns()
	m := slackview.Notice(i.Notice, r, scene)
	if singly {
		p.Thread, m = "", slackview.LeadingTo(m, scene.Link(root))
	}
	p.Message = m
	return p
}

// composeWhere asks to which ticket a message belongs, and offers those that its writer may mean.
func (c *Composer) composeWhere(ctx context.Context, i Item, now time.Time) (Plan, error) {
	candidates, err := c.Desk.Candidates(ctx, i.Notice, now)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for somebody's tickets: %w", err)
	}
	return Plan{Channel: i.Messages[0].Channel, Message: slackview.Where(i.Notice, candidates)}, nil
}

func (c *Composer) composeUnowned(ctx context.Context, i Item, now time.Time) (Plan, error) {
	late, err := c.Desk.Unowned(ctx, i.Channel, i.At)
	if err != nil {
		return Plan{}, fmt.Errorf("looking for what nobody has: %w", err)
	}
	switch {
	case len(late) == 0 && i.Standing(): // what it named was made private
		return Plan{Delete: true}, nil
	case len(late) == 0 && !i.Unsure:
		return Plan{Drop: "nothing is late without an owner"}, nil
	}
	return Plan{Channel: cmp.Or(i.Channel, c.Support), Message: slackview.Unowned(late, c.scene(ctx, now))}, nil
}

// composeUnreachable tells an operator that a channel takes no messages, or takes them again.
func composeUnreachable(i Item) Plan {
	obsolete := when(i.Over, "the channel takes messages again")
	if obsolete != "" && !i.Standing() && !i.Unsure {
		return Plan{Drop: obsolete}
	}
	return Plan{Obsolete: obsolete, Channel: i.To, Message: slackview.Unreachable(i.Notice)}
}

func (c *Composer) composeDigest(ctx context.Context, i Item, now time.Time) (Plan, error) {
	d, err := c.digest(ctx, i)
	switch {
	case err != nil:
		return Plan{}, fmt.Errorf("computing the digest: %w", err)
	case i.Kind == desk.NoticeDigest:
		return Plan{Channel: c.Digest, Message: slackview.Digest(d, c.scene(ctx, now))}, nil
	case i.Kind == desk.NoticePicture && i.To != "":
		return drawn(d, i.To, ""), nil
	}
	root, err := c.Store.Root(ctx, i.OrderingKey)
	if err != nil {
		return Plan{}, fmt.Errorf("finding the digest's post: %w", err)
	}
	if root.TS == "" {
		return Plan{Drop: "the digest was not posted"}, nil
	}
	if i.Kind == desk.NoticePicture {
		return drawn(d, root.Channel, root.TS), nil
	}
	return Plan{Channel: root.Channel, Thread: root.TS, Message: slackview.DigestDetails(d, c.scene(ctx, now))}, nil
}

// digest computes what a message of a digest tells.
func (c *Composer) digest(ctx context.Context, i Item) (insight.Digest, error) {
	of := insight.Selection{}
	if i.Of != nil {
		of = insight.Selection{Name: i.Of.Name, Categories: i.Of.Categories}
	}
	d, err := c.Digests.Digest(ctx, *i.Period, of)
	if err != nil || i.Kind == desk.NoticeDigest {
		return d, err
	}
	d.Asked = i.To != ""
	return c.Digests.WithWeeks(ctx, d)
}

// drawn is the picture of a digest, if it shows anything.
func drawn(d insight.Digest, channel, thread string) Plan {
	p := Plan{Channel: channel, Thread: thread, Picture: slackview.Picture(d), Name: slackview.PictureName(d)}
	p.Drop = when(len(p.Picture.Charts) == 0, "there is nothing to draw")
	return p
}

func when(condition bool, reason string) string {
	if condition {
		return reason
	}
	return ""
}
