package slacksim

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim/wire"
)

// picture is what tests attach.
var picture = []byte("\x89PNG\r\n\x1a\n" + strings.Repeat("pixel", 100))

// without is all scopes but some.
func without(scopes ...string) Config {
	return Config{Scopes: slices.DeleteFunc(moreScopes(), func(s string) bool { return slices.Contains(scopes, s) })}
}

func attached(t *testing.T, ctx context.Context, b *simHarness, as, channel string, options ...SayOption) (File, Outcome) {
	t.Helper()
	f, err := b.client.As(as).Upload(ctx, "Screen shot.png", picture)
	must(t)(nil, err)
	out, err := b.client.As(as).Say(ctx, channel, "", append(options, Attach(f))...)
	must(t)(nil, err)
	return f, out
}

func TestDownloads(t *testing.T) {
	t.Parallel()
	const refused = "file download was redirected to the sign-in page"
	say := func(channel string) func(*testing.T, context.Context, *simHarness) File {
		return func(t *testing.T, ctx context.Context, b *simHarness) File {
			f, _ := attached(t, ctx, b, "bob", channel)
			return f
		}
	}
	tests := []struct {
		name, want string
		cfg        Config
		share      func(*testing.T, context.Context, *simHarness) File
	}{
		{name: "in a channel", share: say("support")},
		{name: "in a direct message to the bot", share: say("@supporty")},
		{name: "in a thread of a direct message", share: func(t *testing.T, ctx context.Context, b *simHarness) File {
			root, err := b.client.As("bob").SayToBot(ctx, "hello")
			must(t)(nil, err)
			f, _ := attached(t, ctx, b, "bob", "@supporty", InThread(root.TS))
			return f
		}},
		{name: "without the scope", cfg: without("files:read"), share: say("support"), want: refused},
		{name: "where the bot is not", share: say("general"), want: refused},
		{name: "in a direct message of others", share: say("@alice"), want: refused},
		{name: "kept but not shared", share: func(t *testing.T, ctx context.Context, b *simHarness) File {
			f, err := b.client.As("bob").Upload(ctx, "a.txt", picture)
			must(t)(nil, err)
			return f
		}, want: refused},
		{name: "deleted", share: func(t *testing.T, ctx context.Context, b *simHarness) File {
			f, _ := attached(t, ctx, b, "bob", "support")
			must(t)(b.client.As("bob").DeleteFile(ctx, f.ID))
			return f
		}, want: refused},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ctx, b := disconnected(t, tc.cfg, nil)
			f := tc.share(t, ctx, b)
			for _, address := range []string{f.URL, f.DownloadURL} {
				var got bytes.Buffer
				err := b.api.GetFileContext(ctx, address, &got)
				switch {
				case tc.want == "" && (err != nil || !bytes.Equal(got.Bytes(), picture)):
					t.Errorf("%s: %d bytes, %v", address, got.Len(), err)
				case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
					t.Errorf("%s: %v, want %s", address, err, tc.want)
				}
			}
		})
	}
}

func TestDownloadWithoutATokenIsAPage(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	f, _ := attached(t, ctx, b, "bob", "support")
	response, err := oneShot().Get(f.URL)
	must(t)(nil, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/html") {
		t.Errorf("answered %d, %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
}

func TestFilesInEvents(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, nil)
	bob := b.client.As("bob")
	upload := func(name string, options ...UploadOption) File {
		f, err := bob.Upload(ctx, name, picture, options...)
		must(t)(nil, err)
		return f
	}
	drive, hidden := upload("plan", KeptElsewhere("gdrive", "https://drive.example/1")), upload("old.png", HiddenByLimit())
	partner, large := upload("theirs.png", CheckFileInfo()), upload("large.png", ClaimingSize(2_000_000_000))
	out, err := bob.Say(ctx, "support", "", Attach(drive, hidden, partner, large))
	must(t)(nil, err)
	files := b.await(t, ctx, "the files", ofType("message")).event()["files"].([]any)
	var got []wire.Object
	for _, f := range files {
		o := f.(wire.Object)
		short := wire.Object{}
		for _, key := range []string{"mode", "is_external", "external_type", "file_access", "url_private", "size", "name"} {
			if o[key] != nil {
				short[key] = o[key]
			}
		}
		got = append(got, short)
	}
	want := []wire.Object{
		{"mode": "external", "is_external": true, "external_type": "gdrive", "url_private": "https://drive.example/1", "size": 508.0, "name": "plan"},
		{"mode": "hidden_by_limit"}, {"mode": "file_access", "file_access": "check_file_info"},
		{"mode": "hosted", "is_external": false, "external_type": "", "url_private": large.URL, "size": 2e9, "name": "large.png"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the bot hears (-want +got):\n%s", diff)
	}
	info, _, _, err := b.api.GetFileInfoContext(ctx, partner.ID, 0, 0)
	if err != nil || info.Name != "theirs.png" || info.Shares.Public[b.srv.State().Channel("support").ID][0].Ts != out.TS {
		t.Errorf("files.info tells %+v, %v", info, err)
	}
	must(t)(bob.DeleteFile(ctx, large.ID))
	changed := b.await(t, ctx, "the deletion", func(r received) bool { return r.event()["subtype"] == "message_changed" }).event()
	left := changed["message"].(wire.Object)["files"].([]any)
	if diff := cmp.Diff(wire.Object{"id": large.ID, "mode": "tombstone"}, left[3]); diff != "" {
		t.Errorf("of the deleted file stays (-want +got):\n%s", diff)
	}
}

func TestBotSharesAFile(t *testing.T) {
	t.Parallel()
	for _, beliefs := range []Beliefs{{}, {FilesAtOnce: true}} {
		ctx, b := setup(t, Config{Beliefs: beliefs}, nil)
		root, err := b.client.As("alice").Say(ctx, "support", "it looks odd")
		must(t)(nil, err)
		support := b.srv.State().Channel("support").ID
		f, err := b.api.UploadFileContext(ctx, slack.UploadFileParameters{
			Filename: "shot.png", FileSize: len(picture), Reader: bytes.NewReader(picture), Title: "A shot",
			Channel: support, ThreadTimestamp: root.TS, InitialComment: "From Bob",
		})
		must(t)(nil, err)
		info, _, _, err := b.api.GetFileInfoContext(ctx, f.ID, 0, 0)
		if err != nil || (len(info.Shares.Public) > 0) != beliefs.FilesAtOnce {
			t.Errorf("at once, with %+v, shares are %+v, %v", beliefs, info, err)
		}
		n, err := b.client.As("alice").Notified(ctx, 0, nil)
		if err != nil || n.Text != "From Bob\n[file: shot.png]" || n.Why != WhyThread {
			t.Errorf("alice was notified of %+v, %v", n, err)
		}
		info, _, _, err = b.api.GetFileInfoContext(ctx, f.ID, 0, 0)
		if share := info.Shares.Public[support]; err != nil || len(share) != 1 || share[0].ThreadTs != root.TS || share[0].Ts != n.TS || info.Title != "A shot" {
			t.Errorf("afterwards files.info tells %+v, %v", info, err)
		}
		if content, err := b.client.FileContent(ctx, f.ID); err != nil || !bytes.Equal(content, picture) {
			t.Errorf("people get %d bytes, %v", len(content), err)
		}
		must(t)(nil, b.api.DeleteFileContext(ctx, f.ID))
		if m := b.srv.State().Channel("support").Message(n.TS); m.Rendered() != "From Bob\n[deleted file]" {
			t.Errorf("after files.delete people read %q", m.Rendered())
		}
	}
}

// complete uploads a file up to the last step.
func complete(t *testing.T, b *simHarness) string {
	t.Helper()
	started := b.srv.call("files.getUploadURLExternal", b.srv.BotToken(), params{"filename": "a.txt", "length": "5"})
	address := wire.Text(started.body, "upload_url")
	response, err := oneShot().Post(address, "application/octet-stream", strings.NewReader("hello"))
	must(t)(nil, err)
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the bytes were answered %s", response.Status)
	}
	return wire.Text(started.body, "file_id")
}

func TestFileRefusals(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	hers, said := attached(t, ctx, b, "alice", "support")
	elsewhere, _ := attached(t, ctx, b, "bob", "general")
	state := b.srv.State()
	named := func(id string) string { return `[{"id":"` + id + `"}]` }
	ready := func() string { return named(complete(t, b)) }
	done := complete(t, b)
	b.srv.call("files.completeUploadExternal", b.srv.BotToken(), params{"files": named(done)})
	tests := []struct {
		name, method string
		args         params
		want         string
	}{
		{"no length", "files.getUploadURLExternal", params{"filename": "a"}, "missing_argument"},
		{"too large", "files.getUploadURLExternal", params{"filename": "a", "length": "2000000000"}, "file_upload_size_restricted"},
		{"no files", "files.completeUploadExternal", params{}, "invalid_arguments"},
		{"bytes that never came", "files.completeUploadExternal", params{"files": named("F0")}, "file_not_found"},
		{"a second time", "files.completeUploadExternal", params{"files": named(done)}, "file_not_found"},
		{"to a channel where the bot is not", "files.completeUploadExternal", params{"files": ready(), "channel_id": state.Channel("general").ID}, "not_in_channel"},
		{"to a person", "files.completeUploadExternal", params{"files": ready(), "channel_id": state.Person("alice").ID}, "channel_not_found"},
		{"to a channel by name", "files.completeUploadExternal", params{"files": ready(), "channel_id": "support"}, "channel_not_found"},
		{"to a thread of nothing", "files.completeUploadExternal", params{"files": ready(), "channel_id": state.Channel("support").ID, "thread_ts": "1.0"}, "thread_not_found"},
		{"to a thread", "files.completeUploadExternal", params{"files": ready(), "channel_id": state.Channel("support").ID, "thread_ts": said.TS}, ""},
		{"of a file the bot cannot see", "files.info", params{"file": elsewhere.ID}, "file_not_found"},
		{"of a person's file", "files.info", params{"file": hers.ID}, ""},
		{"deletion of a person's file", "files.delete", params{"file": hers.ID}, "cant_delete_file"},
		{"deletion of its own", "files.delete", params{"file": done}, ""},
		{"deletion of nothing", "files.delete", params{"file": done}, "file_not_found"},
		{"the old way", "files.upload", params{}, "method_deprecated"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			if got := b.srv.call(tc.method, b.srv.BotToken(), tc.args).err(); got != tc.want {
				t.Errorf("%s: %q, want %q", tc.method, got, tc.want)
			}
		})
	}
}

func TestFileScopes(t *testing.T) {
	t.Parallel()
	_, b := disconnected(t, without("files:read", "files:write"), nil)
	for method, want := range map[string]string{
		"files.getUploadURLExternal": "files:write", "files.completeUploadExternal": "files:write",
		"files.info": "files:read", "files.delete": "files:write",
	} {
		t.Run(method, func(t *testing.T) {
			if got := wire.Text(b.srv.call(method, b.srv.BotToken(), params{}).body, "needed"); got != want {
				t.Errorf("%s needs %q, want %q", method, got, want)
			}
		})
	}
	ans := b.srv.call("views.open", b.srv.BotToken(), params{"trigger_id": b.srv.trigger("alice"), "view": fileForm})
	if wire.Text(ans.body, "needed") != "files:read" {
		t.Errorf("a form with files is answered %v", ans.body)
	}
}

const fileForm = `{"type":"modal","title":{"type":"plain_text","text":"New"},"submit":{"type":"plain_text","text":"File"},"blocks":[
 {"type":"input","block_id":"shots","label":{"type":"plain_text","text":"Shots"},"element":{"type":"file_input","action_id":"shots","filetypes":["png"],"max_files":1}}]}`

func TestFilesInForms(t *testing.T) {
	t.Parallel()
	ctx, b := setup(t, Config{}, func(b *simHarness, r received) any {
		if r.Type == "shortcut" {
			b.open(t, wire.Text(r.Payload, "trigger_id"), fileForm)
		}
		return nil
	})
	alice := b.client.As("alice")
	must(t)(alice.Shortcut(ctx, "new"))
	must(t)(alice.View(ctx))
	shot, err := alice.Upload(ctx, "shot.png", picture)
	must(t)(nil, err)
	notes, err := alice.Upload(ctx, "notes.txt", picture)
	must(t)(nil, err)
	for _, refused := range [][]string{{notes.ID}, {shot.ID, shot.ID}, {"F0"}} {
		if _, err := alice.Submit(ctx, FormValues{"shots": refused}); err == nil {
			t.Errorf("%v could be filled in", refused)
		}
	}
	var content bytes.Buffer
	if err := b.api.GetFileContext(ctx, shot.URL, &content); err == nil {
		t.Error("the bot read a file before it was submitted")
	}
	must(t)(alice.Submit(ctx, FormValues{"shots": []string{shot.ID}}))
	view := b.await(t, ctx, "the form", ofType("view_submission")).Payload["view"].(wire.Object)
	field := view["state"].(wire.Object)["values"].(wire.Object)["shots"].(wire.Object)["shots"].(wire.Object)
	file := field["files"].([]any)[0].(wire.Object)
	if err := b.api.GetFileContext(ctx, wire.Text(file, "url_private_download"), &content); err != nil || !bytes.Equal(content.Bytes(), picture) {
		t.Errorf("%v came as %d bytes, %v", file, content.Len(), err)
	}
}

// TestFaultsStrikeFiles cuts a download in the middle, and lets an upload fail
// before and after it has come.
func TestFaultsStrikeFiles(t *testing.T) {
	t.Parallel()
	ctx, b := disconnected(t, Config{}, nil)
	f, _ := attached(t, ctx, b, "bob", "support")
	fault := func(f Fault) {
		t.Helper()
		f.Count = 1
		must(t)(b.client.Fault(ctx, f))
	}
	for _, kind := range []string{FaultHTTP, FaultCut, FaultRateLimit} {
		fault(Fault{Kind: kind, Method: "files.download"})
		if err := b.api.GetFileContext(ctx, f.URL, &bytes.Buffer{}); err == nil {
			t.Errorf("%s did not strike a download", kind)
		}
	}
	fault(Fault{Kind: FaultCut, Method: "files.download", AfterEffect: true})
	var half bytes.Buffer
	if err := b.api.GetFileContext(ctx, f.URL, &half); err == nil || half.Len() == 0 || half.Len() >= len(picture) {
		t.Errorf("of a download that was cut came %d bytes, %v", half.Len(), err)
	}
	fault(Fault{Kind: FaultHang, Method: "files.download", AfterEffect: true})
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if err := b.api.GetFileContext(short, f.URL, &half); err == nil {
		t.Error("a download that hangs has ended")
	}
	started, err := b.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: "a.txt", FileSize: 5})
	must(t)(nil, err)
	upload := slack.UploadToURLParameters{UploadURL: started.UploadURL, Content: "hello", Filename: "a.txt"}
	for _, after := range []bool{false, true} {
		fault(Fault{Kind: FaultHTTP, Method: "files.upload_bytes", AfterEffect: after})
		if b.api.UploadToURL(ctx, upload) == nil {
			t.Error("a fault did not strike an upload")
		}
	}
	fault(Fault{Kind: FaultCut, Method: "files.completeUploadExternal", AfterEffect: true})
	params := slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: started.FileID}}, Channel: b.srv.State().Channel("support").ID}
	if _, err := b.api.CompleteUploadExternalContext(ctx, params); err == nil {
		t.Error("a fault did not strike the end of an upload")
	}
	must(t)(b.client.Await(ctx, func(s State) bool {
		return slices.ContainsFunc(s.Channel("support").Messages, func(m *Message) bool { return m.FileIndex(started.FileID) >= 0 })
	}))
}
