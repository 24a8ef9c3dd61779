//go:build unix

package demo

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"supporty/internal/dev/slacksim"
)

func TestWhenThingsBegin(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		parsed, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return parsed
	}
	for _, test := range []struct{ now, tour, history string }{
		{"2026-11-21 10:00", "2026-11-16 09:05", "2026-08-24 00:00"}, // a Saturday
		{"2026-11-19 10:30", "2026-11-16 09:05", "2026-08-24 00:00"}, // the Thursday, at the very end
		{"2026-11-19 10:29", "2026-11-16 09:05", "2026-08-17 00:00"}, // a minute earlier
		{"2026-11-23 09:04", "2026-11-16 09:05", "2026-08-24 00:00"}, // a Monday
		{"2026-11-23 09:05", "2026-11-23 09:05", "2026-08-24 00:00"},
		{"2026-11-22 23:59", "2026-11-16 09:05", "2026-08-24 00:00"}, // a Sunday
	} {
		t.Run(test.now, func(t *testing.T) {
			if got := beginOfTour(at(test.now)); !got.Equal(at(test.tour)) {
				t.Errorf("at %s the tour begins %s", test.now, got)
			}
			if got := startOfPlan(at(test.now)); !got.Equal(at(test.history)) {
				t.Errorf("at %s the history begins %s", test.now, got)
			}
		})
	}
}

func TestTheDataDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	write := func(name string) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	exists := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	enter := func(reset bool) dataDir {
		t.Helper()
		f, err := kept(dir, reset)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	first := enter(false)
	if _, err := kept(dir, true); err == nil || !strings.Contains(err.Error(), "another demo runs") {
		t.Errorf("a second demo in the data directory: %v", err)
	}
	write("workspace.json")
	write("mine.txt")
	shared, err := syscall.Dup(int(first.lock.Fd())) // as in a process that is just being started
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(shared) })
	leave(t, first)

	second := enter(false)
	if exists("workspace.json") {
		t.Error("a history that was not completed goes on")
	}
	write("workspace.json")
	if err := second.markComplete(); err != nil {
		t.Fatal(err)
	}
	leave(t, second)

	leave(t, enter(false))
	if !exists("workspace.json") {
		t.Error("what was complete is gone")
	}
	leave(t, enter(true))
	if exists("workspace.json") || exists("ready") {
		t.Error("something survives --reset")
	}
	if !exists("mine.txt") {
		t.Error("--reset has removed what is not the demo's")
	}
}

func leave(t *testing.T, d dataDir) {
	t.Helper()
	if err := d.leave(); err != nil {
		t.Fatal(err)
	}
}

// session is one run of the demo, which ends with end.
type session struct {
	t     *testing.T
	slack *slacksim.Client
	end   func()
}

// run starts the demo on a data directory whose history counts as complete, so that the
// workspace is empty.
func run(t *testing.T, o Options) session {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := &firstLine{line: make(chan string, 1)}
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, out, o) }()
	s := session{t: t, end: func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}}
	select {
	case address := <-out.line:
		s.slack = slacksim.NewClient(address)
	case err := <-ended:
		t.Fatalf("the demo ended: %v", err)
	case <-time.After(time.Minute):
		t.Fatal("the demo does not begin")
	}
	return s
}

// firstLine passes on the first line of the output.
type firstLine struct {
	line chan string
	said bytes.Buffer
}

func (f *firstLine) Write(p []byte) (int, error) {
	if f.said.Len() == 0 {
		line, _, _ := strings.Cut(string(p), "\n")
		f.line <- strings.TrimSuffix(line, "/")
	}
	return f.said.Write(p)
}

func (s session) reads(text string) *slacksim.Message {
	s.t.Helper()
	var found *slacksim.Message
	s.awaits(text, func(state slacksim.State) bool {
		found = find(state.Channel("support").Messages, []string{text})
		return found != nil
	})
	return found
}

func (s session) awaits(what string, wanted func(slacksim.State) bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	if _, err := s.slack.Await(ctx, wanted); err != nil {
		s.t.Fatalf("waiting for %s: %v", what, err)
	}
}

// A ticket that is filed in one run is solved in the next: workspace, database, tokens
// and time are kept.
func TestDataAreKeptBetweenRuns(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "supporty-demo-test-") // another user cannot enter t.TempDir
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, enterable); err != nil {
		t.Fatal(err)
	}
	if err := (dataDir{dir: dir}).markComplete(); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	first := run(t, Options{Dir: dir})
	checkSamples(t, first.slack)
	alice := first.slack.As("alice")
	if _, err := alice.Command(ctx, "general", "/support", "Kept ticket"); err != nil {
		t.Fatal(err)
	}
	if _, err := alice.View(ctx); err != nil {
		t.Fatal(err)
	}
	if out, err := alice.Submit(ctx, slacksim.FormValues{"priority": "P2", "category": "Payments", "text": "It stays."}); err != nil || !out.Closed {
		t.Fatalf("the form: %+v %v", out, err)
	}
	card := first.reads("Kept ticket")
	before, err := first.slack.State(ctx)
	if err != nil {
		t.Fatal(err)
	}
	first.end()

	file := filepath.Join(t.TempDir(), "supporty.yaml")
	if err := os.WriteFile(file, []byte("priorities: [{name: P2, resolve: 30h}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	second := run(t, Options{Dir: dir, Config: file})
	defer second.end()
	after, err := second.slack.State(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if passed := after.Now.Sub(before.Now); passed < 0 || passed > 30*time.Second {
		t.Errorf("between the runs the clock moved by %s", passed)
	}
	second.awaits("another target on the card", func(state slacksim.State) bool {
		return find(state.Channel("support").Messages, []string{"Kept ticket"}).Rendered() != card.Rendered()
	})
	later := second.slack.As("alice")
	if _, err := later.Command(ctx, "general", "/support", "why 1"); err != nil {
		t.Fatal(err)
	}
	second.awaits("why", func(state slacksim.State) bool { return find(state.Ephemerals("alice"), []string{"30 h"}) != nil })
	if _, err := second.slack.As("bob").React(ctx, "support", card.TS, "white_check_mark"); err != nil {
		t.Fatal(err)
	}
	second.reads("Bob resolved it")
}

// checkSamples looks for the bot's messages among the samples on /kit.
func checkSamples(t *testing.T, slack *slacksim.Client) {
	t.Helper()
	samples, err := slack.Samples(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, sample := range samples {
		shown[sample.Source+" "+sample.Name] = true
	}
	for _, name := range []string{"card_open", "form_new", "digest_week", "answer_list"} {
		if !shown["bot "+name] {
			t.Errorf("/kit does not show %s", name)
		}
	}
}

var toldAt = regexp.MustCompile(`\d\d:\d\d UTC, #[a-z-]+`)

func TestTour(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := Run(t.Context(), &out, Options{Once: true}); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if !strings.Contains(out.String(), "Every step was seen to happen") {
		t.Errorf("the tour says:\n%s", out.String())
	}
	// Each message is printed with the time of its posting, not with the time of the
	// step.
	if times := toldAt.FindAllString(out.String(), -1); len(times) < 6 || !slices.IsSortedFunc(times[:len(times)-1], strings.Compare) || times[len(times)-1] != "09:00 UTC, #support-digest" {
		t.Errorf("the tour tells other times: %q\n%s", times, out.String())
	}
}
