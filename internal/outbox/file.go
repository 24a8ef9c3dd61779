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

// Each file that is brought along has its own row. Its bytes stream from Slack to Slack. The
// upload's id is stored before the upload is shared. If a share had no answer, the sender
// looks for the upload by this id, and shares it again only if it was not shared. A sentence
// replaces a file that cannot be brought, and the row is then a message like others.

const (
	// filesAtATime bounds what a copy transfers at the same time.
	filesAtATime = 2

	// fileWithin bounds the transfer of a file's bytes. It is less than LostAfter, after
	// which the row counts as lost.
	fileWithin = LostAfter * 2 / 3

	// After fileTries failures a file is given up. The person who attached it believes that
	// it is there, and is told soon.
	fileTries = 5

	// A file is shared again only after fileLooks searches for the place where it stands.
	fileLooks = 2
)

// shareLooks are the waits between searches for the message of a shared file. The message
// comes after the answer. https://github.com/slackapi/python-slack-sdk/issues/1520
var shareLooks = []time.Duration{150 * time.Millisecond, 300 * time.Millisecond, 600 * time.Millisecond, time.Second, 2 * time.Second}

// bring makes a file stand where it is to be read, or deletes it there.
func (s *Sender) bring(ctx context.Context, i Item, p Plan) error {
	switch {
	case p.Delete:
		return s.takeAway(ctx, i)
	case i.Standing():
		return s.recordPosted(ctx, i, i.Posted)
	case i.Gone:
		return s.fail(ctx, i, i.obsolete(takenBack)) // nothing has happened yet
	}
	select {
	case s.bringing <- struct{}{}:
		defer func() { <-s.bringing }()
	default:
		return s.fail(ctx, i, i.later(shareLooks[0], "other files are on their way"))
	}
	if i.Upload != "" {
		return s.bringAgain(ctx, i, p)
	}
	if i.Kind == desk.NoticePicture {
		return s.draw(ctx, i, p)
	}
	return s.fetch(ctx, i, p)
}

// fetch copies the bytes of a file to an upload, and shares that.
func (s *Sender) fetch(ctx context.Context, i Item, p Plan) error {
	transfer, cancel := context.WithTimeout(ctx, fileWithin)
	defer cancel()
	f, err := s.Slack.Look(transfer, i.File.ID)
	if err != nil {
		return s.notFetched(ctx, i, *i.File, err)
	}
	if why := s.unbrought(f); why != "" {
		return s.giveUp(ctx, i, desk.File(f.File), why, string(why))
	}
	upload, err := s.Slack.Fetch(transfer, f)
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

// unbrought returns the reason why a file is not brought along; "" if it is.
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

// notFetched decides what to do with a file that could not be fetched.
func (s *Sender) notFetched(ctx context.Context, i Item, f desk.File, err error) error {
	scope := slackapi.ScopeOf(err)
	switch {
	case slackapi.CodeOf(err) == "missing_scope":
		return s.giveUp(ctx, i, f, desk.NotPermitted, reasonOf(err))
	case scope == slackapi.Limited:
		return s.fail(ctx, i, i.later(slackapi.RetryAfter(err), reasonOf(err)))
	case scope == slackapi.Workspace:
		return s.deliveryFailed(ctx, i, Plan{}, err)
	case scope == slackapi.Gone, scope == slackapi.Refused, i.Attempts >= fileTries:
		return s.giveUp(ctx, i, f, s.whyUnreadable(ctx, i), reasonOf(err))
	}
	s.about(i).Warn("a file did not get through; trying again", "error", err)
	return s.fail(ctx, i, Failure{State: Waiting, Reason: reasonOf(err), After: backoff(i.Attempts)})
}

// whyUnreadable asks whether the bot is in the file's channel. If not, Slack says that the
// file does not exist. https://docs.slack.dev/reference/methods/files.info
func (s *Sender) whyUnreadable(ctx context.Context, i Item) desk.Unbrought {
	if i.Channel == "" || strings.HasPrefix(i.Channel, "D") {
		return desk.Unreadable
	}
	if in, err := s.Slack.IsIn(ctx, i.Channel); err != nil || in {
		return desk.Unreadable
	}
	return desk.OutOfReach
}

// giveUp posts a sentence in place of a file, and tells the person who attached it.
func (s *Sender) giveUp(ctx context.Context, i Item, f desk.File, why desk.Unbrought, reason string) error {
	if i.Kind == desk.NoticePicture {
		return s.leaveOut(ctx, i, why, reason)
	}
	if f.Name == "" {
		f.Name = i.File.Name
	}
	r, err := s.composer.Load().Desk.Find(ctx, i.Ticket)
	if err != nil {
		return s.fail(ctx, i, i.untried("finding the ticket: "+reasonOf(err)))
	}
	s.about(i).Info("a file is not brought along", "why", string(why))
	return s.fail(ctx, i, Failure{
		State: Waiting, Free: true, File: &f, Unbrought: why, Enqueue: r.UnbroughtNotice(i.Notice, f, why, s.Clock.Now()),
	})
}

// share shares an upload where it belongs, and looks for its message.
func (s *Sender) share(ctx context.Context, i Item, p Plan) error {
	guard := func() error { var m slackformat.Message; return s.refresh(ctx, i, &p, &m) }
	err := s.shareIn(ctx, guard, i, &p)
	switch {
	case slackapi.CodeOf(err) == "missing_scope":
		return s.giveUp(ctx, i, i.file(p), desk.NotPermitted, reasonOf(err))
	case slackapi.CodeOf(err) == "file_not_found", err != nil && slackapi.ScopeOf(err) == slackapi.Refused:
		return s.notShared(ctx, i, p, err)
	case err != nil:
		return s.deliveryFailed(ctx, i, p, err)
	}
	return s.awaitShare(ctx, i)
}

// notShared handles an upload that Slack does not know, or does not know any more: the file
// is fetched again. Slack does not document whether an upload can be shared twice.
func (s *Sender) notShared(ctx context.Context, i Item, p Plan, err error) error {
	if i.Attempts >= fileTries {
		return s.giveUp(ctx, i, i.file(p), desk.Unreadable, reasonOf(err))
	}
	if gone := s.Slack.DeleteFile(ctx, i.Upload); gone != nil {
		s.about(i).Warn("deleting an upload that is not shared", "error", gone)
	}
	failed := s.persist(ctx, func(ctx context.Context) error { return s.Store.RecordUpload(ctx, i, "") })
	if failed != nil {
		return unlessOvertaken(failed)
	}
	return s.fail(ctx, i, Failure{State: Waiting, Reason: reasonOf(err), After: backoff(i.Attempts)})
}

// awaitShare looks for the message of a file that was shared.
func (s *Sender) awaitShare(ctx context.Context, i Item) error {
	for _, wait := range shareLooks {
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return s.fail(ctx, i, Failure{State: Unsure, Reason: "not found yet", After: s.LookAfter})
		}
		f, err := s.Slack.Look(ctx, i.Upload)
		if err == nil && len(f.Shared) > 0 {
			return s.recordPosted(ctx, i, f.Shared[0])
		}
	}
	return s.fail(ctx, i, Failure{State: Unsure, Reason: "not found yet", After: s.LookAfter})
}

// bringAgain continues with a file that is uploaded and may have been shared.
func (s *Sender) bringAgain(ctx context.Context, i Item, p Plan) error {
	f, err := s.Slack.Look(ctx, i.Upload)
	switch {
	case err == nil && len(f.Shared) > 0:
		return s.recordPosted(ctx, i, f.Shared[0])
	case err != nil && slackapi.ScopeOf(err) != slackapi.Gone:
		return s.fail(ctx, i, Failure{State: Unsure, Reason: "looking for it: " + reasonOf(err), After: max(s.LookAfter, slackapi.RetryAfter(err)), Looked: i.Looked})
	case (err == nil || i.Unsure) && i.Looked+1 < fileLooks:
		return s.fail(ctx, i, Failure{State: Unsure, Reason: "not found yet", After: s.LookAfter, Looked: i.Looked + 1})
	}
	return s.share(ctx, i, p)
}

// takeAway deletes a file and its message.
func (s *Sender) takeAway(ctx context.Context, i Item) error {
	at := i.Posted
	if f, err := s.Slack.Look(ctx, i.Upload); at.TS == "" && err == nil && len(f.Shared) > 0 {
		at = f.Shared[0]
	}
	err := s.Slack.DeleteFile(ctx, i.Upload)
	if slackapi.CodeOf(err) == "missing_scope" {
		err = nil // more than deleting the message is not possible
	}
	if err == nil && at.TS != "" {
		err = s.Slack.Delete(ctx, at)
	}
	switch {
	case err != nil:
		return s.deliveryFailed(ctx, i, Plan{}, err)
	case at.TS == "":
		return s.fail(ctx, i, i.obsolete(takenBack))
	}
	return s.recordPosted(ctx, i, at)
}

func unlessOvertaken(err error) error {
	if errors.Is(err, ErrOvertaken) {
		return nil
	}
	return err
}
