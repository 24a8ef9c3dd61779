package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// A hold is asked about on a day that people can mean.
func TestWhenAHoldIsReviewed(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(ann, 1))
	for _, test := range []struct {
		days int
		want string
	}{
		{-1, "Choose a day that is still to come."},
		{0, "Choose a day that is still to come."},
		{1, ""},
		{365, ""},
		{367, "That is more than a year away."},
		{63200, "That is more than a year away."},
	} {
		t.Run(test.want, func(t *testing.T) {
			_, err := holdUntil(ann, "Waits for the bank", nine.AddDate(0, 0, test.days), 2)(h, n)
			if test.want == "" {
				if want := nine.AddDate(0, 0, test.days); err != nil || !h.find(n).Ticket.Pause.ReviewAt.Equal(want) {
					t.Errorf("%d days away: %v, %s", test.days, err, h.find(n).Ticket.Pause.ReviewAt)
				}
				return
			}
			if r := refusal(ticket.Invalid, desk.FieldReview, test.want); err == nil || err.Error() != r.Error() {
				t.Errorf("%d days away: %v", test.days, err)
			}
		})
	}
}
