package insight_test

import (
	"fmt"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/insight"
	"supporty/internal/ticket"
)

// solvedAs are tickets of a category with these titles, which took an hour, two, three and so on.
func solvedAs(category string, titles ...string) (all []insight.SolvedTicket) {
	for i, title := range titles {
		all = append(all, insight.SolvedTicket{Number: ticket.Number(i + 1), Category: category, Title: title, Took: time.Duration(i+1) * time.Hour})
	}
	return all
}

func TestLessons(t *testing.T) {
	t.Parallel()
	mails := solvedAs("Accounts", "Password mail does not arrive at Mrs Okafor", "Checkout is not working", "Password mail does not arrive at Atelier Roux",
		"The search is not working", "PASSWORD mail does not arrive at Ms Novak", "Voucher is not working", "Refund 41733 is stuck", "Refund 41802 is stuck", "Refund 3 is stuck", "Refund is stuck")
	mails[2].Written, mails[1].Guided = true, true
	guided := solvedAs("Data", "One thing", "Quite another")
	guided[0].Guided = true
	got := insight.LessonsOf(append(append(solvedAs("Shipping", "Label is empty", "Parcel lost", "Label is empty"), guided...), mails...))
	want := []insight.Lesson{
		{Category: "Accounts", Tickets: 10, Guided: 1, Questions: []insight.Returned{
			{Number: 10, Title: "Refund is stuck", Tickets: 4, Resolve: insight.Spread{Median: 8 * time.Hour, P90: 10 * time.Hour, Count: 4}},
			{Number: 5, Title: "PASSWORD mail does not arrive at Ms Novak", Tickets: 3, Written: true, Resolve: insight.Spread{Median: 3 * time.Hour, P90: 5 * time.Hour, Count: 3}},
		}},
		{Category: "Data", Tickets: 2, Guided: 1},
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got[0].Returning() != 7 || got[0].Written() != 1 {
		t.Errorf("%d return, %d are written down", got[0].Returning(), got[0].Written())
	}
}

// As many tickets as are looked at take no time that anybody notices, also if all have words in common.
func BenchmarkLessons(b *testing.B) {
	var all []insight.SolvedTicket
	for i := range insight.MostLearnt {
		all = append(all, insight.SolvedTicket{Category: "A", Title: fmt.Sprintf("Order of customer %c%c%c fails in the shop of %c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/7%26, 'a'+i/3%26, 'a'+i/11%26)})
	}
	for b.Loop() {
		insight.LessonsOf(all)
	}
}
