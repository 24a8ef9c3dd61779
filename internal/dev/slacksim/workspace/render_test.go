package workspace

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
)

var update = flag.Bool("update", false, "write golden files anew")

const kitchen = `[
 {"type":"header","text":{"type":"plain_text","text":"#42 Card"}},
 {"type":"section","text":{"type":"mrkdwn","text":"*Open* for <@U0BOB00> &amp; <!subteam^S0ONCALL>, see <https://x.test|the page> in <#C0SUP00|support>, <!here>"},
  "fields":[{"type":"mrkdwn","text":"by <!date^1795434600^{date_short_pretty} {time}|then>"},{"type":"plain_text","text":"<@U0BOB00>"}],
  "accessory":{"type":"overflow","action_id":"more","options":[{"text":{"type":"plain_text","text":"Put back"},"value":"a"},{"text":{"type":"plain_text","text":"Edit…"},"value":"b"}]}},
 {"type":"context","elements":[{"type":"mrkdwn","text":"Alice"},{"type":"image","alt_text":"face"}]},
 {"type":"divider"},
 {"type":"rich_text","elements":[
  {"type":"rich_text_section","elements":[{"type":"user","user_id":"U0BOB00"},{"type":"text","text":" said "},{"type":"link","url":"https://y.test"},{"type":"emoji","name":"eyes"}]},
  {"type":"rich_text_quote","elements":[{"type":"text","text":"one\ntwo"}]},
  {"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]},{"type":"rich_text_section","elements":[{"type":"broadcast","range":"here"}]}]},
  {"type":"rich_text_preformatted","elements":[{"type":"text","text":"code"}]}]},
 {"type":"image","alt_text":"a chart","image_url":"https://z.test"},
 {"type":"actions","elements":[{"type":"button","action_id":"claim","text":{"type":"plain_text","text":"Claim"}},
  {"type":"static_select","action_id":"p","placeholder":{"type":"plain_text","text":"Priority"},"options":[{"text":{"type":"plain_text","text":"P1"},"value":"1"}]},
  {"type":"users_select","action_id":"u","placeholder":{"type":"plain_text","text":"Who"}}]},
 {"type":"novelty","text":{"type":"plain_text","text":"from tomorrow"}}
]`

const newForm = `{"type":"modal","callback_id":"form","title":{"type":"plain_text","text":"New"},"submit":{"type":"plain_text","text":"File"},"blocks":[
 {"type":"input","block_id":"title","label":{"type":"plain_text","text":"Title"},"element":{"type":"plain_text_input","action_id":"title_input","max_length":20}},
 {"type":"input","block_id":"prio","label":{"type":"plain_text","text":"Priority"},"element":{"type":"static_select","action_id":"prio_select",
  "options":[{"text":{"type":"plain_text","text":"P1"},"value":"p1"},{"text":{"type":"plain_text","text":"P2"},"value":"p2"}]}},
 {"type":"input","block_id":"notes","optional":true,"label":{"type":"plain_text","text":"Notes"},"element":{"type":"plain_text_input","action_id":"notes_input"}}]}`

func TestRenderedMessage(t *testing.T) {
	t.Parallel()
	m := Message{Blocks: json.RawMessage(kitchen), Names: map[string]string{"U0BOB00": "@Bob", "S0ONCALL": "@oncall"}}
	golden(t, "message.txt", m.Rendered()+"\n")
}

func TestRenderedView(t *testing.T) {
	t.Parallel()
	tx := workspaceOf(time.Now)
	var body wire.Object
	if err := wire.Decode(json.RawMessage(newForm), &body); err != nil {
		t.Fatal(err)
	}
	v := tx.NewView(body)
	list := v.Elements()
	for _, el := range list {
		value, err := el.Entered(map[string]any{"title_input": "Card", "prio_select": "p2"}[el.Action], tx)
		if err != nil {
			t.Fatal(err)
		}
		v.Values.Set(el, value)
	}
	v.Errors, v.Banner = map[string]string{"title": "Say more."}, "We had some trouble connecting. Try again?"
	golden(t, "view.txt", v.Rendered()+"\n")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(path, []byte(got), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"<!date^1795434600^{date_num}|x>", "2026-11-23"},
		{"<!date^1795434600^{date_long} at {time_secs}|x>", "Monday, November 23, 2026 at 11:50:00"},
		{"<!date^1795434600^{ago}|3 days ago>", "3 days ago"},
		{"<!date^soon^{time}|soon>", "soon"},
		{"<!date^1795434600|short>", "short"},
	}
	for _, tt := range tests {
		if got := layout.Plain(tt.text, nil); got != tt.want {
			t.Errorf("%s reads %q, want %q", tt.text, got, tt.want)
		}
	}
}

func FuzzRendered(f *testing.F) {
	f.Add(kitchen, "<@U0BOB00|x> <!date^1^{time}|y> <> <|>")
	f.Fuzz(func(t *testing.T, blocks, words string) {
		(&Message{Text: words}).Rendered()
		(&Message{Blocks: json.RawMessage(blocks)}).Rendered()
		(&View{Body: json.RawMessage(blocks)}).Rendered()
		layout.WithIDs(json.RawMessage(blocks))
	})
}
