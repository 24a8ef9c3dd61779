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

// One row that Slack refuses, in whichever words, does not end the sender; nor is it the
// first that is tried after a restart.
func TestOneRefusedRowDoesNotEndTheSender(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"no_permission", "ekm_access_denied", "restricted_action_thread_locked", "missing_scope", "token_revoked", "brand_new_error"} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			b := newBureau(t)
			b.files("alice", "Refused")
			b.trouble(slacksim.Fault{Kind: slacksim.FaultError, Error: code, Method: "chat.postMessage", Text: "Refused"})
			stop := b.sends(b.options("copy"))
			b.until(`SELECT state = 'parked' OR state = 'waiting' AND coalesce(not_before > clock_timestamp(), false) FROM outbox WHERE kind = 'card'`)
			b.files("alice", "Taken")
			b.reads("Taken")
			stop()
			b.files("alice", "After a restart")
			b.sends(b.options("later"))
			b.reads("After a restart")
		})
	}
}
