package web_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"supporty/internal/dev/slacksim"
)

// act does something as a person does it elsewhere.
func act(t *testing.T, srv *slacksim.Server, a slacksim.Action) slacksim.Outcome {
	t.Helper()
	out, err := srv.Do(a)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNotificationsAreShown(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	act(t, srv, slacksim.Action{Do: "say", As: "alice", Channel: "general", Text: "before anybody looked"})
	bob := open(t, srv, "/?as=bob&channel=support", wide)
	dana := open(t, srv, "/?as=dana&channel=support", wide)
	bob.see("the workspace", `document.querySelector('.composer')`)
	act(t, srv, slacksim.Action{Do: "say", As: "alice", Channel: "general", Text: "for all"})
	root := act(t, srv, slacksim.Action{Do: "say", As: "alice", Channel: "general", Text: "what do you think, @bob?"})
	reply := act(t, srv, slacksim.Action{Do: "say", As: "carol", Channel: "general", Text: "so do I", Thread: root.TS})
	bob.see("the badge of the channel", `[...document.querySelectorAll('.place')].find((p) => p.textContent.includes('general')).querySelector('.badge').textContent === '2'`)
	dana.see("the badge of Bob", `document.querySelector('[aria-label="Be Bob, 2 notifications"] .badge').dataset.count === '2'`)
	bob.place("Notified")
	rows := `[...document.querySelectorAll('.notice')].map((n) => n.querySelector('.notice-head').textContent + ': ' + n.querySelector('.notice-text').textContent)`
	bob.see("what rang", rows+`.join('; ') === 'Carol replied in a thread that you follow in #general: so do I; Alice mentioned you in #general: what do you think, @Bob?'`)
	bob.click(bob.find(".notice", "Carol"))
	bob.see("the reply in its thread", fmt.Sprintf(`document.querySelector('.thread-pane .message.focused')?.dataset.ts === %q`, reply.TS))
	dana.see("that Bob has read it", `document.querySelector('[aria-label="Be Bob"]')`)
}

func TestGroupMessagesAndThreads(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	w := open(t, srv, "/?as=bob&channel=@alice", wide)
	w.click(`[aria-label="Write to one more person"]`)
	w.click(w.find("[role=menuitem]", "Dana"))
	w.see("the group", `document.querySelector('h1').textContent.includes('Alice, Dana')`)
	w.say("hello both")
	m := w.message("hello both")
	w.see("the group in the sidebar", `[...document.querySelectorAll('.place.current')].some((p) => p.textContent.includes('Alice, Dana'))`)
	w.tool(m, "More")
	w.press("Unfollow thread")
	group := srv.State().Conversation("alice", "bob", "dana")
	if len(group.Messages) != 1 || len(srv.State().Notified("dana")) != 1 {
		t.Errorf("the group is %+v", group)
	}
	if _, err := srv.Client().Await(t.Context(), func(s slacksim.State) bool {
		return len(s.Conversation("alice", "bob", "dana").Messages[0].Followers) == 0
	}); err != nil {
		t.Error(err)
	}
}

func TestFilesOfAMessage(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	w := open(t, srv, "/?as=bob&channel=@supporty", wide)
	w.say("it looks like this")
	w.tool(w.message("it looks like this"), "Reply in thread")
	w.run(setFiles(t, `.thread-pane input[type="file"]`, "shot.gif", "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	w.see("the file in the composer", `document.querySelector('.thread-pane .composer-files')?.textContent.includes('shot.gif')`)
	w.click(".thread-pane .send")
	w.see("the picture", `document.querySelector('.thread-pane .file-picture img')?.naturalWidth === 1`)
	w.see("its name and size", `document.querySelector('.thread-pane .file').textContent.includes('shot.gifGIF 4')`)
	w.tool(w.find(".thread-pane .message", "shot.gif"), "More")
	w.press("Delete shot.gif")
	w.see("what is left", `document.querySelector('.thread-pane .file.gone').textContent.includes('deleted')`)
}

func TestAlertsOfOtherApps(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	w := open(t, srv, "/?as=bob&channel=support", wide)
	alert := slacksim.AppMessage{Channel: "support", Username: "Monitor", Attachments: json.RawMessage(
		`[{"title":"Disk full","text":"db-1 has *2 %* left","fields":[{"title":"Severity","value":"high"}]}]`)}
	if _, err := srv.Client().Incoming(t.Context(), alert); err != nil {
		t.Fatal(err)
	}
	m := w.message("Disk full")
	w.see("all of it", fmt.Sprintf(`(() => { const m = document.querySelector(%q); return m.querySelector('.author').textContent === 'Monitor' && m.querySelector('.attachment-fields').textContent === 'Severityhigh'; })()`, m))
}
