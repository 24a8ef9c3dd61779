package slackview

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

func TestFormWithTicketsLikeIt(t *testing.T) {
	t.Parallel()
	p := offers()
	p.Suggests, p.Redrawn, p.Title = true, true, "checkout fails"
	at := ticket.Message{Channel: "C1", TS: "1790000000.000100"}
	p.Shown = Suggest(desk.Alike{
		Flood:  &desk.AlikeTicket{Number: 42, Title: "Checkout fails for <US> cards", Card: at, People: 14},
		Open:   []desk.AlikeTicket{{Number: 43, Title: "Checkout is slow", People: 1}, {Number: 44, Title: "Cards fail", People: 2, Theirs: true}},
		Solved: []desk.AlikeTicket{{Number: 17, Title: "Checkout fails", People: 3, Solution: "Empty the basket & try again: <!channel>."}},
	}, sceneAt(friday))
	form := Form(p)
	checkModal(t, form)
	golden(t, "form_alike", form)
}

func TestSuggestionsAreEqual(t *testing.T) {
	t.Parallel()
	of := func(people int) Suggestions {
		return Suggest(desk.Alike{Open: []desk.AlikeTicket{{Number: 42, Title: "Cards fail", People: people}}}, sceneAt(friday))
	}
	if !of(1).Equal(of(1)) || of(1).Equal(of(2)) || of(1).Equal(Suggestions{}) || !(Suggestions{}).Equal(Suggest(desk.Alike{}, sceneAt(friday))) {
		t.Error("they are not compared by what they show")
	}
}

func TestTyped(t *testing.T) {
	t.Parallel()
	for title, want := range map[string][]string{
		"":                nil,
		"VPN":             nil,
		"is up":           nil,
		"VPN is up":       {"VPN", "is", "up"},
		"printers":        {"printers"},
		"🔥🔥🔥🔥🔥🔥🔥🔥🔥":       nil,
		"^.*(a|b)+$ '&'!": {"^.*(a|b)+$"},
		"again like #42":  {"again", "like"},
	} {
		if diff := cmp.Diff(want, FormParams{Title: title}.TypedAlready().Words); diff != "" {
			t.Errorf("%q (-want +got):\n%s", title, diff)
		}
	}
}

// The last views of a form that is not sent have nothing to send, and what was typed.
func TestLastViews(t *testing.T) {
	t.Parallel()
	typed, err := ReadState([]byte(`{"title":{"title_input":{"value":"Checkout fails"}},"text":{"text_input":{"value":"Since nine. <!here>"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	r := ticket42(t, opened())
	joined := Joined(r, typed, sceneAt(friday))
	checkModal(t, joined)
	golden(t, "form_alike_joined", joined)
	r.Ticket.Resolution = "Empty the basket."
	solved := SolvedBefore(r, State{}, sceneAt(friday))
	checkModal(t, solved)
	golden(t, "form_alike_solved", solved)
}
