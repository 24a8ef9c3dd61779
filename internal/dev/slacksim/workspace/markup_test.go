package workspace

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"supporty/internal/dev/slacksim/layout"
)

func TestMarkup(t *testing.T) {
	t.Parallel()
	tx := workspaceOf(time.Now)
	bob, support, oncall := tx.Person("bob").ID, tx.Channel("support").ID, tx.Group("oncall").ID
	tests := []struct{ typed, want string }{
		{"a < b & c > d", "a &lt; b &amp; c &gt; d"},
		{"@bob: look", "<@" + bob + ">: look"},
		{"@nobody", "@nobody"},
		{"#support, please", "<#" + support + "|support>, please"},
		{"@oncall", "<!subteam^" + oncall + ">"},
		{"@here and @channel", "<!here> and <!channel>"},
		{"see https://x.test/?a=1&b=2.", "see <https://x.test/?a=1&amp;b=2>."},
		{"<@" + bob + ">", "<@" + bob + ">"},
		{"<@U0NOBODY>", "&lt;@U0NOBODY&gt;"},
		{"<!channel>", "<!channel>"},
	}
	for _, tt := range tests {
		if got := tx.Markup(tt.typed); got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.typed, got, tt.want)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	f.Add("@bob <@U1> <#> <!> https://x.test|y> #support &amp;")
	tx := workspaceOf(time.Now)
	f.Fuzz(func(t *testing.T, words string) {
		layout.RichText(tx.Markup(words))
	})
}

func TestStampsStrictlyIncrease(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(1700000000, 0)
		tx := workspaceOf(func() time.Time { return now })
		last := ""
		for range 20 {
			now = now.Add(time.Duration(rapid.Int64Range(-1e9, 1e9).Draw(t, "step")))
			ts := tx.NewTS()
			if ts <= last || strings.Index(ts, ".") != 10 || len(ts) != 17 {
				t.Fatalf("%s after %s", ts, last)
			}
			last = ts
		}
	})
}

// workspaceOf is a workspace of its own that nobody else uses.
func workspaceOf(now func() time.Time) *Tx {
	return &Tx{&NewStore(Spec{
		Team: "Acme", People: []Person{{Name: "bob"}}, Channels: []Channel{{Name: "support", Members: []string{"bob", "supporty"}}},
		Usergroups: []Usergroup{{Handle: "oncall", Members: []string{"bob"}}},
	}, "http://sim.test", now).state}
}
