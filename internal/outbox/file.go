package outbox

import (
	"context"
	"errors"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/slackapi"
	"supporty/internal/slackformat"
)

// A file is brought to the other side by a row of its own. Its bytes stream from Slack
// to Slack; what they are to become there is stored before it is shared. So a share that
// had no answer is looked for by that, and done again only if it did not happen. What
// cannot be brought becomes a sentence, and then the row is a message like others.

const (
	// filesAtATime leaves a worker to everything else.
	filesAtATime = workersPerQueue - 1

	// fileWithin bounds the way of a file's bytes: what takes longer than LostAfter
	// counts as lost.
	fileWithin = LostAfter * 2 / 3

	// fileTries is after how many tries without success a file is given up: whoever
	// attached it believes that it is there.
	fileTries = 5

	// fileLooks is how often it is looked where a file stands before it is shared again.
	fileLooks = 2
)

// shareLooks are the waits before it is looked where a file stands that was shared: the
// message comes after the answer. https://github.com/slackapi/python-slack-sdk/issues/1520
var shareLooks = []time.Duration{150 * time.Millisecond, 300 * time.Millisecond, 600 * time.Millisecond, time.Second, 2 * time.Second}

// bring has a file stand where it is to be read, or go from there.
func (s *Sender) bring(ctx context.Context, i Item, p Plan) error {
	switch {
	case p.Delete:
		return s.takeAway(ctx, i)
	case i.Standing():
		return s.recordPosted(ctx, i, i.Posted)
	case i.Gone:
		return s.record(ctx, i, i.obsolete(takenBack)) // nothing has happened yet
	}
	select {
	case s.bringing <- struct{}{}:
		defer func() { <-s.bringing }()
	default:
		return s.record(ctx, i, i.later(shareLooks[0], "other files are on their way"))
	}
	if i.Upload != "" {
		return s.bringAgain(ctx, i, p)
	}
	return s.fetch(ctx, i, p)
}

// fetch has the bytes of a file where they can be shared.
func (s *Sender) fetch(ctx context.Context, i Item, p Plan) error {
	ctx, cancel := context.WithTimeout(ctx, fileWithin)
	defer cancel()
	f, err := s.Slack.Look(ctx, i.File.ID)
	if err != nil {
		return s.notFetched(ctx, i, *i.File, err)
	}
	if why := s.unbrought(f); why != "" {
		return s.giveUp(ctx, i, desk.File(f.File), why)
	}
	upload, err := s.Slack.Fetch(ctx, f)
	if err != nil {
		return s.notFetched(ctx, i, desk.File(f.File), err)
	}
	err = s.persist(ctx, func(ctx context.Context) error { return s.Store.RecordUpload(ctx, i, upload) })
	if err != nil {
		return unlessOvertaken(err) // the upload stands nowhere
	}
	i.Upload, i.File.Name = upload, f.Name
	return s.share(ctx, i, p)
}

// unbrought says why a file is not brought along; "" if it is.
func (s *Sender) unbrought(f slackapi.StoredFile) desk.Unbrought {
	most := s.composer.Load().MaxFile
	switch {
	case f.Elsewhere:
		return desk.KeptAway
	case most == 0:
		return desk.SwitchedOff
	case !f.Readable:
		return desk.Hidden
	case f.Size > most:
		return desk.TooLarge
	case f.Size == 0 || f.Name == "":
		return desk.Unreadable
	}
	return ""
}

// notFetched decides what becomes of a file of which nothing has happened yet.
func (s *Sender) notFetched(ctx context.Context, i Item, f desk.File, err error) error {
	scope := slackapi.ScopeOf(err)
	switch {
	case slackapi.CodeOf(err) == "missing_scope":
		return s.giveUp(ctx, i, f, desk.NotPermitted)
	case scope == slackapi.Limited:
		return s.record(ctx, i, i.later(slackapi.RetryAfter(err), reasonOf(err)))
	case scope == slackapi.Workspace:
		return s.deliveryFailed(ctx, i, Plan{}, err)
	case scope == slackapi.Gone, scope == slackapi.Refused, i.Attempts >= fileTries:
		return s.giveUp(ctx, i, f, s.whyUnreadable(ctx, i))
	}
	s.about(i).Warn("a file could not be fetched; trying again", "error", err)
	return s.record(ctx, i, Failure{State: Waiting, Reason: reasonOf(err), After: backoff(i.Attempts)})
}

// whyUnreadable asks whether the bot is where the file is: Slack says of a file elsewhere
// that it does not exist. https://docs.slack.dev/reference/methods/files.info
func (s *Sender) whyUnreadable(ctx context.Context, i Item) desk.Unbrought {
	if i.Channel == "" || strings.HasPrefix(i.Channel, "D") {
		return desk.Unreadable
	}
	if in, err := s.Slack.IsIn(ctx, i.Channel); err != nil || in {
		return desk.Unreadable
	}
	return desk.OutOfReach
}

// giveUp has a sentence stand in place of a file, and whoever attached it told.
func (s *Sender) giveUp(ctx context.Context, i Item, f desk.File, why desk.Unbrought) error {
	if f.Name == "" {
		f.Name = i.File.Name
	}
	r, err := s.composer.Load().Desk.Find(ctx, i.Ticket)
	if err != nil {
		return s.record(ctx, i, i.untried("finding the ticket: "+reasonOf(err)))
	}
	s.about(i).Info("a file is not brought along", "why", string(why))
	return s.record(ctx, i, Failure{
		State: Waiting, Free: true, File: &f, Unbrought: why, Enqueue: r.UnbroughtNotice(i.Notice, f, why, s.Clock.Now()),
	})
}

// share has an upload stand where it belongs, and finds out where that is.
func (s *Sender) share(ctx context.Context, i Item, p Plan) error {
	guard := func() error { var m slackformat.Message; return s.refresh(ctx, i, &p, &m) }
	err := s.shareIn(ctx, guard, i, &p)
	switch {
	case slackapi.CodeOf(err) == "missing_scope":
		return s.giveUp(ctx, i, *i.File, desk.NotPermitted)
	case slackapi.CodeOf(err) == "file_not_found", err != nil && slackapi.ScopeOf(err) == slackapi.Refused:
		return s.notShared(ctx, i, err)
	case err != nil:
		return s.deliveryFailed(ctx, i, p, err)
	}
	return s.awaitShare(ctx, i)
}

// notShared: Slack does not know the upload, or not any more; so all is done anew. Whether
// one that was shared can be shared again is not documented.
func (s *Sender) notShared(ctx context.Context, i Item, err error) error {
	if i.Attempts >= fileTries {
		return s.giveUp(ctx, i, *i.File, desk.Unreadable)
	}
	if gone := s.Slack.DeleteFile(ctx, i.Upload); gone != nil {
		s.about(i).Warn("deleting an upload that is not shared", "error", gone)
	}
	failed := s.persist(ctx, func(ctx context.Context) error { return s.Store.RecordUpload(ctx, i, "") })
	if failed != nil {
		return unlessOvertaken(failed)
	}
	return s.record(ctx, i, Failure{State: Waiting, Reason: reasonOf(err), After: backoff(i.Attempts)})
}

// awaitShare looks where a file stands that was shared.
func (s *Sender) awaitShare(ctx context.Context, i Item) error {
	for _, wait := range shareLooks {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return s.record(ctx, i, Failure{State: Unsure, Reason: "not found yet", After: s.LookAfter})
		}
		f, err := s.Slack.Look(ctx, i.Upload)
		if err == nil && len(f.Shared) > 0 {
			return s.recordPosted(ctx, i, f.Shared[0])
		}
	}
	return s.record(ctx, i, Failure{State: Unsure, Reason: "not found yet", After: s.LookAfter})
}

// bringAgain goes on with a file whose bytes are there: it may have been shared.
func (s *Sender) bringAgain(ctx context.Context, i Item, p Plan) error {
	f, err := s.Slack.Look(ctx, i.Upload)
	switch {
	case err == nil && len(f.Shared) > 0:
		return s.recordPosted(ctx, i, f.Shared[0])
	case err != nil && slackapi.ScopeOf(err) != slackapi.Gone:
		return s.record(ctx, i, Failure{State: Unsure, Reason: "looking for it: " + reasonOf(err), After: max(s.LookAfter, slackapi.RetryAfter(err)), Looked: i.Looked})
	case (err == nil || i.Unsure) && i.Looked+1 < fileLooks:
		return s.record(ctx, i, Failure{State: Unsure, Reason: "not found yet", After: s.LookAfter, Looked: i.Looked + 1})
	}
	return s.share(ctx, i, p)
}

// takeAway deletes a file, and the message that it stands in.
func (s *Sender) takeAway(ctx context.Context, i Item) error {
	at := i.Posted
	if f, err := s.Slack.Look(ctx, i.Upload); at.TS == "" && err == nil && len(f.Shared) > 0 {
		at = f.Shared[0]
	}
	err := s.Slack.DeleteFile(ctx, i.Upload)
	if slackapi.CodeOf(err) == "missing_scope" {
		err = nil // what can be done is done
	}
	if err == nil && at.TS != "" {
		err = s.Slack.Delete(ctx, at)
	}
	switch {
	case err != nil:
		return s.deliveryFailed(ctx, i, Plan{}, err)
	case at.TS == "":
		return s.record(ctx, i, i.obsolete(takenBack))
	}
	return s.recordPosted(ctx, i, at)
}

func unlessOvertaken(err error) error {
	if errors.Is(err, ErrOvertaken) {
		return nil
	}
	return err
}
