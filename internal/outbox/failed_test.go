package outbox_test

import (
	"strings"
	"testing"

	"supporty/internal/outbox"
	"supporty/internal/slacksim"
)

func TestWhatIsRetriedForLongIsLoggedOnce(t *testing.T) {
	t.Parallel()
	b := newBureau(t)
	b.files("alice", "For long")
	b.exec(`UPDATE outbox SET attempts = $1`, outbox.ManyTries-2)
	b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: "brand_new_error", Method: "chat.postMessage"})
	b.sends(b.options("copy"))
	for tries := outbox.ManyTries - 1; tries < outbox.ManyTries+3; tries++ {
		b.until(`SELECT attempts >= $1 AND state = 'waiting' FROM outbox WHERE kind = 'card'`, tries)
		b.exec(`UPDATE outbox SET not_before = NULL`)
	}
	if n := strings.Count(b.log.String(), "a message does not get into Slack"); n != 1 {
		t.Errorf("it is logged %d times:\n%s", n, b.log)
	}
}
