package postgres_test

import (
	"errors"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/outbox"
	"supporty/internal/ticket"
)

// files enqueues two files of one message and takes the first.
func (b *postgresHarness) files() (ticket.Number, int64, outbox.Item) {
	b.t.Helper()
	n := b.open(ticket.P2, "U1")
	b.must(b.desk.Reply(b.t.Context(), b.gesture(n, "U1"), desk.Written{
		Message: ticket.Message{Channel: "D1", TS: "1.1"}, Private: true,
		Files: []desk.File{{ID: "F1", Name: "a.png"}, {ID: "F2"}},
	}))
	b.exec(`DELETE FROM outbox WHERE kind <> 'file'`)
	epoch := b.acquire("A")
	return n, epoch, b.take(epoch)
}

// Each file has its own row, which keeps the id of its upload.
func TestUploadIsKept(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n, epoch, i := b.files()
	if r := b.find(n); len(r.Posted) != 2 || i.File == nil || i.File.ID != "F1" || i.Upload != "" {
		t.Fatalf("taken: %+v of %+v", i, r.Posted)
	}
	b.must(nil, b.db.RecordUpload(t.Context(), i, "F9"))
	b.must(nil, b.db.RecordFailure(t.Context(), i, outbox.Failure{State: outbox.Unsure}))
	again := b.take(epoch)
	if again.ID != i.ID || again.Upload != "F9" || !again.Unsure {
		t.Errorf("taken again: %+v", again)
	}
	if err := b.db.RecordUpload(t.Context(), i, "F8"); !errors.Is(err, outbox.ErrOvertaken) {
		t.Errorf("by who had it before: %v", err)
	}
	b.must(nil, b.record(again, ticket.Message{Channel: "C1", TS: "2.1"}, monday))
	if next := b.take(epoch); next.File.ID != "F2" || next.Upload != "" {
		t.Errorf("the next file: %+v", next)
	}
}

// A sentence replaces a file that is not brought along, and the person who attached it is
// told.
func TestFileIsNotBrought(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	n, epoch, i := b.files()
	b.must(nil, b.db.RecordUpload(t.Context(), i, "F9"))
	f := desk.File{ID: "F1", Name: "a.png", Size: 7}
	told := b.find(n).UnbroughtNotice(i.Notice, f, desk.TooLarge, monday)
	b.must(nil, b.db.RecordFailure(t.Context(), i, outbox.Failure{State: outbox.Waiting, Free: true, File: &f, Unbrought: desk.TooLarge, Enqueue: told}))
	again := b.take(epoch)
	if again.ID != i.ID || again.Unbrought != desk.TooLarge || *again.File != f || again.Upload != "" || again.Thread != i.Thread {
		t.Errorf("taken again: %+v", again)
	}
	posted := b.find(n).Posted
	if last := posted[len(posted)-1]; last.Kind != desk.NoticeFileLeftOut || last.To != "U1" || *last.File != f {
		t.Errorf("told: %+v", last)
	}
}

// Why a picture was left out is told until a newer one was posted.
func TestPictureLeftOut(t *testing.T) {
	t.Parallel()
	b := newPostgresHarness(t)
	leftOut := func(want string) {
		t.Helper()
		if why, err := b.db.PictureLeftOut(t.Context()); why != want || err != nil {
			t.Errorf("left out because of %q, %v; want %q", why, err, want)
		}
	}
	leftOut("")
	all := ticket.Period{From: monday, To: monday}
	b.must(nil, b.desk.Draw(t.Context(), "U1", "1", all, desk.Counted{}, monday))
	b.must(nil, b.desk.Draw(t.Context(), "U1", "1", all, desk.Counted{}, monday)) // the same question
	epoch := b.acquire("A")
	b.must(nil, b.db.RecordFailure(t.Context(), b.take(epoch), outbox.Failure{State: outbox.Dropped, Reason: "file_uploads_disabled"}))
	leftOut("file_uploads_disabled")
	b.must(nil, b.desk.Draw(t.Context(), "U1", "2", all, desk.Counted{}, monday))
	b.must(nil, b.record(b.take(epoch), ticket.Message{Channel: "D1", TS: "2.1"}, monday))
	leftOut("")
}
