package outbox

import (
	"context"

	"supporty/internal/chart"
	"supporty/internal/desk"
)

// A picture of numbers is drawn when it is posted, and uploaded and shared like a file that is
// brought along: its upload's id is stored before it is shared. If it cannot be uploaded, it is left
// out: the details have its numbers as tables.

// longestAlt is the most that Slack takes in words for those who do not see a picture.
// https://docs.slack.dev/reference/methods/files.getUploadURLExternal
const longestAlt = 1000

// draw uploads a picture, and shares that.
func (s *Sender) draw(ctx context.Context, i Item, p Plan) error {
	transfer, cancel := context.WithTimeout(ctx, fileWithin)
	defer cancel()
	drawn, err := p.Picture.PNG(chart.Light)
	if err != nil {
		return s.fail(ctx, i, i.again("drawing it"))
	}
	upload, err := s.Slack.Upload(transfer, p.Name, p.Picture.Alt(longestAlt), drawn)
	if err != nil {
		return s.notFetched(ctx, i, desk.File{Name: p.Name}, err)
	}
	err = s.persist(ctx, func(ctx context.Context) error { return s.Store.RecordUpload(ctx, i, upload) })
	if err != nil {
		return unlessOvertaken(err) // the upload stands nowhere
	}
	i.Upload = upload
	return s.share(ctx, i, p)
}

// leaveOut drops a picture that cannot be uploaded.
func (s *Sender) leaveOut(ctx context.Context, i Item, why desk.Unbrought, reason string) error {
	s.about(i).Warn("a picture is left out; its numbers are in the tables", "why", string(why), "reason", reason)
	return s.fail(ctx, i, Failure{State: Dropped, Reason: reason})
}

// isFile reports whether an item is a file that stands as one, and not the sentence in its place.
func (i Item) isFile() bool {
	return i.Kind == desk.NoticePicture || i.Kind == desk.NoticeFile && i.Unbrought == ""
}

// file is the file that an item brings, as far as it is known.
func (i Item) file(p Plan) desk.File {
	if i.File == nil {
		return desk.File{Name: p.Name}
	}
	return *i.File
}
