package app_test

import (
	"bytes"
	"fmt"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

// solvedOne is a desk with a daily digest on which a ticket was solved.
func solvedOne(t *testing.T, options ...choice) *harness {
	t.Helper()
	h := setup(t, append(options, daily)...)
	h.as("alice").opens(usual("Slow reports"))
	card := h.reads("support", "Slow reports")
	h.as("bob").reacts(card, "white_check_mark")
	h.until(`SELECT count(*) = 1 FROM tickets WHERE state = 'resolved'`)
	return h
}

// withoutFiles takes the permission for files away.
func withoutFiles(_ *config_, s *simConfig) {
	s.Scopes = slices.DeleteFunc(slacksim.DefaultScopes(), func(s string) bool { return strings.HasPrefix(s, "files:") })
}

// drawn are the bot's messages with a picture of numbers.
func drawn(messages []*slacksim.Message) (with []*slacksim.Message) {
	for _, m := range messages {
		if len(m.Files) == 1 && strings.HasSuffix(m.Files[0].Name, ".png") {
			with = append(with, m)
		}
	}
	return with
}

// The thread of the digest has its picture, and then its details.
func TestPictureOfADigest(t *testing.T) {
	t.Parallel()
	h := solvedOne(t)
	h.advance(24 * time.Hour)
	post, details := h.reads("support-digest", "1 opened"), h.reads("support-digest", "Opened: 1")
	pictures := drawn(h.channel("support-digest"))
	if len(pictures) != 1 || pictures[0].ThreadTS != post.TS || details.ThreadTS != post.TS || pictures[0].TS >= details.TS {
		t.Fatalf("pictures %v under %s before %s", pictures, post.TS, details.TS)
	}
	f := pictures[0].Files[0]
	content, err := h.slack.FileContent(h.ctx, f.ID)
	if err != nil {
		t.Fatal(err)
	}
	if picture, err := png.DecodeConfig(bytes.NewReader(content)); err != nil || picture.Width != 800 {
		t.Errorf("%v, %v", picture, err)
	}
	if !strings.Contains(f.AltText, "On time and late, by week, ") || !strings.Contains(f.AltText, "0, 0, 1.") {
		t.Errorf("its words: %q", f.AltText)
	}
}

// It stands there once, whatever fails on the way.
func TestPictureStandsOnceAfterTrouble(t *testing.T) {
	t.Parallel()
	for _, f := range []slacksim.Fault{
		{Method: "files.getUploadURLExternal"}, {Method: "files.upload_bytes", AfterEffect: true},
		{Method: "files.completeUploadExternal"}, {Method: "files.completeUploadExternal", AfterEffect: true}, {Method: "files.info"},
	} {
		f.Kind, f.Count = slacksim.FaultCut, 1
		t.Run(fmt.Sprintf("%s, after its effect: %v", f.Method, f.AfterEffect), func(t *testing.T) {
			t.Parallel()
			h := solvedOne(t)
			if _, err := h.slack.Fault(h.ctx, f); err != nil {
				t.Fatal(err)
			}
			h.advance(24 * time.Hour)
			h.reads("support-digest", "Opened: 1")
			h.allPosted()
			if pictures := drawn(h.channel("support-digest")); len(pictures) != 1 {
				t.Errorf("it stands %d times", len(pictures))
			}
		})
	}
}

// Where Slack takes no uploads, the tables stand alone, and the doctor says why.
func TestPictureThatSlackDoesNotTake(t *testing.T) {
	t.Parallel()
	h := solvedOne(t)
	refused := slacksim.Fault{Kind: slacksim.FaultError, Method: "files.getUploadURLExternal", Error: "file_uploads_disabled"}
	if _, err := h.slack.Fault(h.ctx, refused); err != nil {
		t.Fatal(err)
	}
	h.advance(24 * time.Hour)
	h.reads("support-digest", "Opened: 1")
	h.until(`SELECT state = 'dropped' AND reason = 'file_uploads_disabled' FROM outbox WHERE kind = 'picture'`)
	if report, works := h.examined(); !works || !strings.Contains(report, "warn  pictures") || !strings.Contains(report, "file_uploads_disabled") {
		t.Errorf("the doctor says\n%s", report)
	}
}

// Who asks for numbers gets their picture by direct message, once, and nobody else does.
func TestPictureForWhoAsks(t *testing.T) {
	t.Parallel()
	h := solvedOne(t)
	h.as("dana").types("/support stats 30d Payments")
	h.as("dana").hears("The picture of these numbers comes by direct message.")
	s := h.await("a picture for Dana", func(s slacksim.State) bool { return len(drawn(s.DMs("dana"))) > 0 })
	h.allPosted()
	if name := drawn(s.DMs("dana"))[0].Files[0].Name; !strings.HasPrefix(name, "Payments, ") {
		t.Errorf("it is called %s", name)
	}
	s = h.look()
	if n := len(drawn(s.DMs("dana"))); n != 1 || len(drawn(s.Channel("support").Messages)) != 0 {
		t.Errorf("%d pictures", n)
	}
}

// Without the permission the answer has the tables, and promises no picture.
func TestNoPictureWithoutPermission(t *testing.T) {
	t.Parallel()
	h := solvedOne(t, withoutFiles)
	h.as("dana").types("/support stats 30d")
	if m := h.as("dana").hears("1 opened"); strings.Contains(m.Rendered(), "picture") {
		t.Errorf("it promises a picture: %s", m.Rendered())
	}
	h.until(`SELECT count(*) = 0 FROM outbox WHERE kind = 'picture'`)
}
