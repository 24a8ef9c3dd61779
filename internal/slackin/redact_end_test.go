package slackin

import "testing"

// A periodic search that comes while the receiver ends begins nothing that nobody waits for. The race
// detector fails the test otherwise.
func TestNoSearchBeginsAtTheEnd(t *testing.T) {
	t.Parallel()
	h := newReceiverHarness(t)
	stop, ended := h.runs()
	stop()
	for {
		h.SearchRedacted(t.Context())
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
			h.SearchRedacted(t.Context())
			h.harness.said.Wait()
			return
		default:
		}
	}
}
