package web_test

import (
	"testing"

	"supporty/internal/dev/slacksim"
)

// The first message of a conversation that nobody has begun stands there at once.
func TestTheFirstMessageOfADirectConversation(t *testing.T) {
	t.Parallel()
	srv, _ := start(t, slacksim.Config{}, nil)
	for _, to := range []string{"@bob", "@supporty", "@bob,@dana"} {
		w := open(t, srv, "/?as=alice&channel="+to, wide)
		w.see("the composer", `document.querySelector('.conversation .composer textarea')`)
		w.say("Hello there")
		w.message("Hello there")
		w.say("Are you in?")
		w.message("Are you in?")
		w.message("Hello there")
	}
}

// An answer that comes late, from before the conversation was begun, does not take its
// first message away.
func TestTheFirstMessageStays(t *testing.T) {
	t.Parallel()
	srv, b := start(t, slacksim.Config{}, nil)
	w := open(t, srv, "/?as=alice&channel=@bob", wide)
	w.see("the composer", `document.querySelector('.conversation .composer textarea')`)
	eval[bool](w, `(() => {
		const { fetch } = window;
		window.fetch = async (...call) => {
			const answer = await fetch(...call);
			if (window.held || !String(call[0]).includes('light=1')) return answer;
			window.held = true;
			const text = await answer.text();
			await new Promise((pass) => { window.pass = pass; });
			setTimeout(() => { window.passed = true; }, 100);
			return new Response(text, answer);
		};
		return true;
	})()`)
	b.post(t, srv, "support", "something else", "")
	w.see("a look that takes long", `window.held && window.pass`)
	w.say("Hello there")
	w.message("Hello there")
	eval[bool](w, `window.pass() ?? true`)
	w.see("its answer", `window.passed`)
	if !eval[bool](w, `[...document.querySelectorAll('.message')].some((m) => m.textContent.includes('Hello there'))`) {
		t.Error("the first message is gone")
	}
}
