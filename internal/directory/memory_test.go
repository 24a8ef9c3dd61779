package directory_test

import (
	"fmt"
	"testing"
	"time"

	"supporty/internal/directory"
)

func TestNamesAreKeptForAMinute(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	called := func(want string) {
		t.Helper()
		if name := r.Name(t.Context(), kim); name != want {
			t.Errorf("called %q, want %q", name, want)
		}
	}
	called("Kim")
	r.cache.profiles[kim] = directory.Profile{ID: kim, Name: "Kim Lee", FetchedAt: r.now} // another copy has stored it
	called("Kim")
	r.now = r.now.Add(time.Minute)
	called("Kim Lee")
	if err := r.Learn(t.Context(), directory.Profile{ID: kim, Name: "K. Lee"}); err != nil {
		t.Fatal(err)
	}
	called("K. Lee")
	for n := range 6000 { // more than the cache keeps
		id := fmt.Sprint("U", 1000+n)
		r.cache.profiles[id] = directory.Profile{ID: id, Name: id, FetchedAt: r.now}
		if name := r.Name(t.Context(), id); name != id {
			t.Fatalf("%s is called %q", id, name)
		}
	}
	called("K. Lee")
}

// Who is in the channel is known for a minute. That somebody does not answer is known for
// five seconds: a copy whose event another one received must not refuse them for long.
func TestPlacesAreKept(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	is := func(member, responder bool) {
		t.Helper()
		got, err := r.IsMember(t.Context(), "", kim)
		p, personErr := r.Person(t.Context(), kim)
		if got != member || p.Responder != responder || err != nil || personErr != nil {
			t.Errorf("member %v, responder %v, want %v and %v; %v, %v", got, p.Responder, member, responder, err, personErr)
		}
	}
	elsewhere := func(come, gone []string) {
		t.Helper()
		if err := r.cache.ChangeMembers(t.Context(), channel, come, gone); err != nil {
			t.Fatal(err)
		}
	}
	is(false, false)
	elsewhere([]string{kim}, nil) // another copy has stored it
	is(false, false)
	r.now = r.now.Add(5 * time.Second)
	is(false, true)
	elsewhere(nil, []string{kim})
	r.now = r.now.Add(time.Minute - 1)
	is(false, true)
	r.now = r.now.Add(1)
	is(false, false)
	for _, joined := range []bool{true, false} {
		if err := r.Joined(t.Context(), channel, kim, joined); err != nil {
			t.Fatal(err)
		}
		is(joined, joined)
	}
	r.slack.channel = []string{kim}
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	is(true, true)
}

// What was read before an event is not kept after it.
func TestAnEventDuringAReading(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	if _, err := r.Person(t.Context(), kim); err != nil { // from Slack
		t.Fatal(err)
	}
	if err := r.Joined(t.Context(), channel, kim, true); err != nil {
		t.Fatal(err)
	}
	r.cache.meanwhile = func() {
		if err := r.Joined(t.Context(), channel, kim, false); err != nil {
			t.Error(err)
		}
	}
	if p, err := r.Person(t.Context(), kim); !p.Responder || err != nil {
		t.Fatalf("%+v, %v: the event came after the reading", p, err)
	}
	if p, err := r.Person(t.Context(), kim); p.Responder || err != nil {
		t.Errorf("%+v, %v", p, err)
	}
}

// Many who need the same person at the same time wait for one question to Slack.
func TestSlackIsAskedOnceForAPerson(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	asked, answer := make(chan struct{}), make(chan struct{})
	r.slack.meanwhile = func(string) { close(asked); <-answer }
	names := make(chan string, 20)
	go func() { names <- r.Name(t.Context(), kim) }()
	<-asked
	for range cap(names) - 1 {
		go func() { names <- r.Name(t.Context(), kim) }()
	}
	close(answer)
	for range cap(names) {
		if name := <-names; name != "Kim" {
			t.Errorf("called %q", name)
		}
	}
	if r.slack.asked != 1 {
		t.Errorf("Slack was asked %d times", r.slack.asked)
	}
}

// News about one person, while another is read, does not keep what is read from being kept.
func TestNewsOfOthersDoesNotMatter(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		learns string
		reads  int
	}{"of another": {"U2", 0}, "of the same": {kim, 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRegistry("")
			r.slack.meanwhile = func(string) {
				r.slack.meanwhile = nil
				if err := r.Learn(t.Context(), directory.Profile{ID: test.learns, Name: "News"}); err != nil {
					t.Error(err)
				}
			}
			r.Name(t.Context(), kim)
			before := r.cache.reads
			r.Name(t.Context(), kim)
			if reads := r.cache.reads - before; reads != test.reads {
				t.Errorf("read again %d times, want %d", reads, test.reads)
			}
		})
	}
}

// Whoever asks after news about a person does not get what was being read before it.
func TestNobodyWaitsForWhatIsOld(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	asked, answer := make(chan struct{}), make(chan struct{})
	r.slack.meanwhile = func(string) { r.slack.meanwhile = nil; close(asked); <-answer }
	first := make(chan string)
	go func() { first <- r.Name(t.Context(), kim) }()
	<-asked
	if err := r.Learn(t.Context(), directory.Profile{ID: kim, Name: "Kim Lee"}); err != nil {
		t.Fatal(err)
	}
	if name := r.Name(t.Context(), kim); name != "Kim Lee" {
		t.Errorf("after the news she is called %q", name)
	}
	close(answer)
	<-first
	if name := r.Name(t.Context(), kim); name != "Kim Lee" {
		t.Errorf("later she is called %q", name)
	}
}
