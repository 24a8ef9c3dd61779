package slacksim

import "testing"

// What is not there is refused by what it would be, before Slack says that it is not.
func TestScopesOfWhatIsNotThere(t *testing.T) {
	t.Parallel()
	_, b := disconnected(t, Config{Scopes: []string{"channels:read"}}, nil)
	for id, want := range map[string]string{"D0NOTHING": "missing_scope", "C0NOTHING": "channel_not_found"} {
		if got := b.srv.call("conversations.info", b.srv.BotToken(), params{"channel": id}).err(); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}
