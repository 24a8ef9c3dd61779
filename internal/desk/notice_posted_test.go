package desk_test

import (
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// What belongs to the thread of direct messages goes where it began in the conversation
// that is the newest.
func TestDirect(t *testing.T) {
	t.Parallel()
	at := func(kind desk.NoticeKind, to, channel, ts string) desk.Posted {
		return desk.Posted{Kind: kind, To: to, At: ticket.Message{Channel: channel, TS: ts}}
	}
	receipt := at(desk.NoticeReceipt, rita, "D1", "1.0")
	gone := at(desk.NoticeClaimed, rita, "D2", "5.0")
	gone.Gone = true
	for name, test := range map[string]struct {
		posted []desk.Posted
		want   ticket.Message
	}{
		"nothing":                {nil, ticket.Message{}},
		"on its way":             {[]desk.Posted{at(desk.NoticeReceipt, rita, "", "")}, ticket.Message{}},
		"to somebody else":       {[]desk.Posted{at(desk.NoticeReceipt, ann, "D9", "1.0")}, ticket.Message{}},
		"in the ticket's thread": {[]desk.Posted{at(desk.NoticeClaimed, rita, "C1", "1.0")}, ticket.Message{}},
		"the first that leads":   {[]desk.Posted{at(desk.NoticeCarried, rita, "D1", "0.5"), receipt, at(desk.NoticeClaimed, rita, "D1", "2.0")}, receipt.At},
		"in another one since":   {[]desk.Posted{receipt, at(desk.NoticeClaimed, rita, "D2", "3.0"), at(desk.NoticeResolved, rita, "D2", "4.0")}, ticket.Message{Channel: "D2", TS: "3.0"}},
		"that no thread has yet": {[]desk.Posted{receipt, at(desk.NoticeCarried, rita, "D2", "3.0")}, ticket.Message{}},
		"what was taken back":    {[]desk.Posted{receipt, gone}, receipt.At},
	} {
		t.Run(name, func(t *testing.T) {
			r := desk.Record{Card: ticket.Message{Channel: "C1", TS: "9.0"}, Posted: test.posted}
			if got := r.Direct(rita); got != test.want {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}
