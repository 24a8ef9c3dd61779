package web_test

import (
	"fmt"
	"testing"

	"github.com/slack-go/slack"

	"supporty/internal/dev/slacksim"
)

func TestTwoPeopleTalk(t *testing.T) {
	t.Parallel()
	srv, b := start(t, slacksim.Config{}, nil)
	alice := open(t, srv, "/?as=alice&channel=support", wide)
	bob := open(t, srv, "/?as=bob&channel=engineering", wide)
	alice.see("the simulation's name", `document.querySelector('.simulation').textContent === 'This is a simulation.'`)
	bob.see("the other channel", `document.querySelector('h1').textContent.includes('engineering')`)

	alice.say("Hello *all*, see https://example.com/x?a=1&b=2 :eyes: and @bob please")
	bob.see("an unread mention", `document.querySelector('.place.unread .badge')?.textContent === '1'`)
	bob.place("support")
	m := bob.message("Hello all")
	bob.see("bold, link, emoji and mention", fmt.Sprintf(`(() => { const m = document.querySelector(%q);
		return m.querySelector('strong')?.textContent === 'all' && m.querySelector('a[href="https://example.com/x?a=1&b=2"]')
			&& m.querySelector('.emoji') && m.querySelector('.mention.me')?.textContent === '@Bob'; })()`, m))
	bob.see("no badge any more", `!document.querySelector('.place .badge')`)

	bob.tool(m, "React with eyes")
	alice.see("the reaction", `document.querySelector('.reaction')?.textContent.trim().endsWith('1')`)
	alice.click(".reaction")
	bob.see("the second reaction", `document.querySelector('.reaction.mine')?.textContent.trim().endsWith('2')`)

	bob.tool(m, "Reply in thread")
	bob.click(".thread-pane .also input")
	bob.keys(".thread-pane textarea", "I take it\r")
	reply := alice.message("I take it")
	alice.see("where it comes from", fmt.Sprintf(`document.querySelector(%q).textContent.includes('Replied to a thread')`, reply))
	alice.click(alice.find(".replies", "1 reply"))
	alice.see("the thread", `document.querySelectorAll('.thread-pane .message').length === 2`)
	alice.keys(".thread-pane textarea", "Thank you\r")
	bob.see("her answer", `document.querySelector('.thread-pane').textContent.includes('Thank you')`)
	bob.run(key("Escape"))
	bob.see("no thread", `!document.querySelector('.thread-pane')`)

	m = alice.message("Hello all")
	alice.tool(m, "More")
	alice.press("Edit")
	alice.keys(".editor textarea", "Changed\r")
	bob.message("(edited)")
	alice.tool(alice.message("Changed"), "More")
	alice.press("Delete")
	bob.message("This message was deleted.")

	state := srv.State()
	if _, err := b.api.PostEphemeralContext(t.Context(), state.Channel("support").ID, state.Person("alice").ID, slack.MsgOptionText("For Alice alone", false)); err != nil {
		t.Fatal(err)
	}
	alice.see("the ephemeral", fmt.Sprintf(`document.querySelector(%q).textContent.includes('Only visible to you')`, alice.message("For Alice alone")))
	b.post(t, srv, "support", "for all", "")
	bob.message("for all")
	if eval[bool](bob, `document.body.textContent.includes('For Alice alone')`) {
		t.Error("bob reads what was for alice alone")
	}
}

func TestSwitchingThePerson(t *testing.T) {
	t.Parallel()
	srv, b := start(t, slacksim.Config{}, nil)
	w := open(t, srv, "/?as=bob&channel=support", wide)
	b.post(t, srv, "support", "due <!date^1795179000^{date_num} {time}|never>", "")
	w.message("due 2026-11-20 12:50") // London
	w.click(`[aria-label="Be Dana"]`)
	w.message("due 2026-11-20 13:50") // Berlin
	if got := eval[string](w, `location.search`); got != "?as=dana&channel=support" {
		t.Errorf("the address says %q", got)
	}
	w.click(`[aria-label="Be Carol"]`)
	w.see("a channel that Carol is in", `document.querySelector('h1').textContent.includes('general')`)
	w.run(back())
	w.see("Dana again", `document.querySelector('.you strong').textContent === 'Dana' && document.querySelector('h1').textContent.includes('support')`)
}

func TestAChannelIsRenamedWhileItIsShown(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	w := open(t, srv, "/?as=alice&channel=general", wide)
	w.see("the channel", `document.querySelector('h1').textContent.includes('general')`)
	if _, err := srv.Do(slacksim.Action{Do: "rename", As: "bob", Channel: "general", Name: "everybody"}); err != nil {
		t.Fatal(err)
	}
	w.see("its new name, in the address too", `document.querySelector('h1').textContent.includes('everybody') && location.search.includes('channel=everybody')`)
}

func TestComposer(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	w := open(t, srv, "/?as=alice&channel=support", wide)
	box := ".conversation .composer textarea"
	w.say("/supprot now")
	w.see("that there is no such command, and the text", fmt.Sprintf(`document.querySelector('.toast')?.textContent.includes('/supprot is not a command') && document.querySelector(%q).value === '/supprot now'`, box))
	w.run(clear(box))
	w.say(" /supprot now")
	w.message("/supprot now")
	w.keys(box, "/su")
	w.see("the command", `document.querySelector('.offers [role=option]').textContent.includes('/support')`)
	w.keys(box, "\rall of it")
	w.see("the completed command", fmt.Sprintf(`document.querySelector(%q).value === '/support all of it'`, box))
	w.run(clear(box))
	w.keys(box, "ask @bo")
	w.see("Bob", `document.querySelector('.offers .option.active').textContent.includes('Bob')`)
	w.keys(box, "\t:white_ch")
	w.see("the emoji", `document.querySelector('.offers .option.active').textContent.includes(':white_check_mark:')`)
	w.keys(box, "\r")
	w.run(shiftEnter(box))
	w.keys(box, "second line\r")
	m := w.message("second line")
	w.see("what was written", fmt.Sprintf(`(() => { const m = document.querySelector(%q); return m.querySelector('.mention').textContent === '@Bob' && m.querySelector('.emoji').textContent === '✅' && m.innerText.includes('\nsecond line'); })()`, m))
}

func TestOlderMessagesComeOnTheWayUp(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	for i := range 180 {
		if _, err := srv.Do(slacksim.Action{Do: "say", As: "alice", Channel: "support", Text: fmt.Sprintf("number %d.", i)}); err != nil {
			t.Fatal(err)
		}
	}
	w := open(t, srv, "/?as=bob&channel=support", wide)
	w.message("number 179.")
	if n := eval[int](w, `document.querySelectorAll('.message').length`); n > 60 {
		t.Errorf("%d messages were read at once", n)
	}
	w.see("the beginning", `(() => { const list = document.querySelector('.message-list'); list.scrollTop = 0; return list.textContent.includes('number 0.'); })()`)
	if n := eval[int](w, `document.querySelectorAll('.message').length`); n != 180 {
		t.Errorf("%d messages in the end, want 180", n)
	}
}

func TestFilesAndPeople(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	w := open(t, srv, "/?as=bob&channel=support&pane=people", wide)
	w.run(setFiles(t, `.conversation input[type="file"]`, "notes.txt", "plain words"))
	w.see("the file in the composer", `document.querySelector('.composer-files')?.textContent.includes('notes.txt')`)
	w.click(".conversation .send")
	w.see("the file under the message", `document.querySelector('.message .file')?.textContent.includes('notes.txt')`)

	row := w.find(".person", "Carol")
	w.click(row + " .switch input")
	w.message("Carol has joined the channel")
	w.click(w.find(row+" .switch", "Away") + " input")
	w.see("away", fmt.Sprintf(`document.querySelector(%q).querySelector('.presence.away')`, row))
	w.click(w.find(row+" .switch", "Guest") + " input")
	w.see("a guest", fmt.Sprintf(`document.querySelector(%q).querySelector('.tag')?.textContent === 'Guest'`, row))
	w.click(w.find(row+" .switch", "Deactivated") + " input")
	w.see("nobody to be", `!document.querySelector('[aria-label="Be Carol"]')`)
	if p := srv.State().Person("carol"); !p.Deactivated || !p.Restricted || p.Presence != "away" {
		t.Errorf("carol is %+v", p)
	}
}
