package slackapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

var picture = []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("pixel", 100))

// sent shares a file of Bob in the support channel, and returns it.
func (o *office) sent(name string, content []byte, options ...slacksim.UploadOption) (StoredFile, ticket.Message) {
	o.t.Helper()
	bob := o.slack.As("bob")
	f, err := bob.Upload(o.t.Context(), name, content, options...)
	if err != nil {
		o.t.Fatal(err)
	}
	out, err := bob.Say(o.t.Context(), "support", "", slacksim.Attach(f))
	if err != nil {
		o.t.Fatal(err)
	}
	stored, err := o.Look(o.t.Context(), f.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return stored, ticket.Message{Channel: o.channel("support"), TS: out.TS}
}

// stands waits until an upload stands somewhere.
func (o *office) stands(upload string) ticket.Message {
	o.t.Helper()
	for o.t.Context().Err() == nil {
		f, err := o.Look(o.t.Context(), upload)
		if err != nil {
			o.t.Fatal(err)
		}
		if len(f.Shared) > 0 {
			return f.Shared[0]
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-o.t.Context().Done():
		}
	}
	return ticket.Message{}
}

func TestFileGoesAlong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	f, at := o.sent("Screen shot.png", picture)
	if !f.Readable || f.Name != "Screen shot.png" || f.Size != int64(len(picture)) || !slices.Equal(f.Shared, []ticket.Message{at}) {
		t.Errorf("Slack knows of it: %+v", f)
	}
	root := o.post(o.person("carol"), "", "1")
	upload, err := o.Fetch(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Look(t.Context(), upload); ScopeOf(err) != Gone {
		t.Errorf("an upload that is not shared: %v", err)
	}
	asked := 0
	guard := func() error { asked++; return nil }
	if err := o.Share(t.Context(), guard, upload, "Screen shot.png", o.person("carol"), root.TS); err != nil || asked != 1 {
		t.Fatalf("%v, asked %d times", err, asked)
	}
	stands := o.stands(upload)
	m := o.sim.State().DMs("carol")
	i := slices.IndexFunc(m, func(m *slacksim.Message) bool { return m.TS == stands.TS })
	content, err := o.slack.FileContent(t.Context(), upload)
	if i < 0 || m[i].ThreadTS != root.TS || stands.Channel != root.Channel || err != nil || !bytes.Equal(content, picture) {
		t.Errorf("it stands at %v with %d bytes, %v", stands, len(content), err)
	}
	for range 2 {
		if err := o.DeleteFile(t.Context(), upload); err != nil {
			t.Error(err)
		}
	}
}

// An answer that is not the file, such as a sign-in page, is not uploaded in its place.
func TestFilesThatCannotBeHad(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	tests := []struct {
		name string
		of   func() StoredFile
		want Error
	}{
		{"deleted meanwhile", func() StoredFile {
			f, _ := o.sent("a.png", picture)
			if _, err := o.slack.As("bob").DeleteFile(t.Context(), f.ID); err != nil {
				t.Fatal(err)
			}
			return f
		}, Error{Code: notTheFile, Scope: Refused}},
		{"shorter than Slack says", func() StoredFile {
			f, _ := o.sent("b.png", picture, slacksim.ClaimingSize(900))
			return f
		}, Error{Code: notTheFile, Scope: Refused}},
		{"somewhere else", func() StoredFile {
			f, _ := o.sent("c.png", picture)
			f.address = "https://slack.com.example/c.png"
			return f
		}, Error{Code: "not_slack", Scope: Refused}},
		{"a download that is cut", func() StoredFile {
			f, _ := o.sent("d.png", picture)
			o.trouble(slacksim.Fault{Kind: slacksim.FaultCut, Method: methodDownload, AfterEffect: true, Count: 1})
			return f
		}, Error{Code: "no_answer", Scope: Temporary}},
		{"an upload that fails", func() StoredFile {
			f, _ := o.sent("e.png", picture)
			o.trouble(slacksim.Fault{Kind: slacksim.FaultHTTP, Method: methodUpload, AfterEffect: true, Count: 1})
			return f
		}, Error{Code: "http_500", Scope: Temporary}},
	}
	for _, tc := range tests {
		_, err := o.Fetch(t.Context(), tc.of())
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Code != tc.want.Code || e.Scope != tc.want.Scope {
			t.Errorf("%s: %v, want %s (%s)", tc.name, err, tc.want.Code, tc.want.Scope)
		}
	}
}

func TestFilesOfOtherKinds(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	drive, _ := o.sent("plan", picture, slacksim.KeptElsewhere("gdrive", "https://drive.example/1"))
	hidden, _ := o.sent("old.png", picture, slacksim.HiddenByLimit())
	partners, _ := o.sent("theirs.png", picture, slacksim.CheckFileInfo())
	if drive.Readable || !drive.Elsewhere || drive.Link != "https://drive.example/1" || hidden.Readable || !partners.Readable || partners.Name != "theirs.png" {
		t.Errorf("they are %+v, %+v, %+v", drive, hidden, partners)
	}
}

func TestSharingIsHeldBack(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	outdated := errors.New("outdated")
	err := o.Share(t.Context(), func() error { return outdated }, "F1", "a.png", o.channel("support"), "")
	if !errors.Is(err, outdated) || o.calls("files.completeUploadExternal") != 0 {
		t.Errorf("%v, and it was called", err)
	}
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.Fetch(canceled, StoredFile{File: slackformat.File{Name: "a", Size: 1}}); ScopeOf(err) != Temporary {
		t.Errorf("after the end: %v", err)
	}
}

func TestReadFiles(t *testing.T) {
	t.Parallel()
	got := slackformat.ReadFiles(json.RawMessage(`[{"id":"F1","name":"a.png","size":3,"mode":"hosted","permalink":"https://a.slack.com/f"},
		{"id":"F2","title":"Plan","is_external":true,"url_private":"https://drive.example"},
		{"id":"F3","mode":"tombstone"},{"id":"F4","mode":"file_access","file_access":"check_file_info"},{"id":5},"F6",null]`))
	want := []slackformat.File{
		{ID: "F1", Name: "a.png", Size: 3, Link: "https://a.slack.com/f"},
		{ID: "F2", Name: "Plan", Link: "https://drive.example", Elsewhere: true}, {ID: "F4"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzReadFiles(f *testing.F) {
	f.Add(`[{"id":"F1","name":"a.png","mode":"hosted","size":1}]`)
	f.Add(`{"id":1}`)
	f.Fuzz(func(t *testing.T, raw string) {
		for _, file := range slackformat.ReadFiles(json.RawMessage(raw)) {
			if file.ID == "" {
				t.Errorf("%q has a file without an id", raw)
			}
		}
	})
}
