package desk_test

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Who follows a ticket is told of its end once, and never of what they did.
func TestFollowersHearOfTheEnd(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	for name, test := range map[string]struct {
		gestures []gesture
		want     []string
	}{
		"resolved":                     {[]gesture{follow(ann, 1), resolve(bob, "", "", 2)}, []string{ann}},
		"closed":                       {[]gesture{follow(ann, 1), closeAs(bob, ticket.NotAnIssue, 0, 2)}, []string{ann}},
		"resolved by the follower":     {[]gesture{follow(ann, 1), resolve(ann, "", "", 2)}, nil},
		"by who has stopped following": {[]gesture{follow(ann, 1), unfollow(ann, 2), resolve(bob, "", "", 3)}, nil},
		"solved, to its owner":         {[]gesture{claim(ann, 1), follow(ann, 2), resolve(rita, "", "", 3)}, nil},
		"reopened":                     {[]gesture{follow(ann, 3), reopen(rita, 4)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			n := h.open(ticket.P2)
			if name == "reopened" {
				h.do(n, resolve(bob, "", "", 2))
			}
			h.enqueued()
			h.do(n, test.gestures...)
			if diff := gocmp.Diff(test.want, addressed(h.enqueued(), desk.NoticeFollowed)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

// Of several delays in a cycle, followers hear the first alone. The owner knows by the
// alert, and who gives another time knows as well.
func TestFollowersHearOfTheFirstDelay(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	late := func(m float64) gesture {
		return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
			_, err := h.Sweep(h.t.Context(), minutes(m))
			return h.find(n), err
		}
	}
	for name, test := range map[string]struct {
		gestures []gesture
		want     []string
	}{
		"late":                     {[]gesture{follow(ann, 1), late(181)}, []string{ann}},
		"another time":             {[]gesture{claim(bob, 1), follow(ann, 2), expect(bob, 300, 3)}, []string{ann}},
		"another time, then late":  {[]gesture{claim(bob, 1), follow(ann, 2), expect(bob, 200, 3), late(201)}, []string{ann}},
		"late, then another time":  {[]gesture{claim(bob, 1), follow(ann, 2), late(181), expect(bob, 300, 182)}, []string{ann}},
		"to its owner":             {[]gesture{follow(ann, 1), claim(ann, 2), late(181)}, nil},
		"who has stopped":          {[]gesture{follow(ann, 1), unfollow(ann, 2), late(181)}, nil},
		"of each cycle":            {[]gesture{follow(ann, 1), late(181), resolve(bob, "", "", 182), reopen(rita, 183), late(400)}, []string{ann, ann}},
		"who came after the first": {[]gesture{claim(bob, 1), late(181), follow(ann, 182), expect(bob, 300, 183)}, []string{ann}},
	} {
		t.Run(name, func(t *testing.T) {
			n := h.open(ticket.P2)
			h.enqueued()
			h.do(n, test.gestures...)
			got := slices.DeleteFunc(h.enqueued(), func(o desk.Notice) bool { return o.Ticket != n })
			if diff := gocmp.Diff(test.want, addressed(got, desk.NoticeFollowedDelay)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			h.do(n, func(h *deskHarness, n ticket.Number) (desk.Record, error) {
				return h.Resolve(h.t.Context(), h.gesture(n, bob, 500), "", "") // nothing more of it is due
			})
		})
	}
}

// Each reopening is told to the followers once.
func TestFollowersHearOfReopening(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, claim(bob, 1), follow(ann, 2), follow(zoe, 2), resolve(bob, "", "", 3))
	h.enqueued()
	h.do(n, reopen(ann, 4), reopen(ann, 5))
	if diff := gocmp.Diff([]string{zoe}, addressed(h.enqueued(), desk.NoticeFollowedAgain)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Who has left, and who is notified in the thread, gets no message.
func TestUnheard(t *testing.T) {
	t.Parallel()
	told := func(r desk.Record) desk.Record {
		r.Card = ticket.Message{Channel: "C1", TS: "1.0"}
		r.Posted = append(r.Posted, desk.Posted{Kind: desk.NoticeResolved, To: rita, At: ticket.Message{Channel: "C1", TS: "3.0"}, PostedAt: minutes(5), NoticeDetails: desk.NoticeDetails{At: minutes(4)}})
		return r
	}
	wrote := func(r desk.Record) desk.Record {
		r.Timeline = append(r.Timeline, ticket.Entry{Kind: ticket.Replied, Actor: ann, HappenedAt: minutes(2)})
		return r
	}
	nobody := func(r desk.Record) desk.Record { r.Ticket.Followers = nil; return r }
	n := desk.Notice{Kind: desk.NoticeFollowed, To: ann, NoticeDetails: desk.NoticeDetails{At: minutes(4)}}
	gone := everybody[ann]
	gone.Deactivated = true
	outside := everybody[ann]
	outside.Member = false
	for name, test := range map[string]struct {
		r    []func(desk.Record) desk.Record
		who  desk.Person
		want string
	}{
		"a follower":                       {nil, everybody[ann], ""},
		"who follows the thread":           {[]func(desk.Record) desk.Record{wrote, told}, everybody[ann], "they are told in the thread"},
		"if it is told there":              {[]func(desk.Record) desk.Record{wrote}, everybody[ann], ""},
		"who does not follow the thread":   {[]func(desk.Record) desk.Record{told}, everybody[ann], ""},
		"who wrote and left the channel":   {[]func(desk.Record) desk.Record{wrote, told}, outside, ""},
		"who has left the company":         {nil, gone, "they have left"},
		"who has stopped following it now": {[]func(desk.Record) desk.Record{nobody}, everybody[ann], "they do not follow it any more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := desk.Record{Ticket: ticket.Ticket{Followers: []string{ann}, Requester: rita}}
			for _, change := range test.r {
				r = change(r)
			}
			if got := r.Unheard(n, test.who); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
