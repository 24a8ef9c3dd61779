package slacksim

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supporty/internal/dev/slacksim/workspace"
)

// kept starts a server on a file and closes it with the test.
func kept(t *testing.T, file string) *Server {
	t.Helper()
	s, err := Start(Config{File: file})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func do(t *testing.T, s *Server, a Action) Outcome {
	t.Helper()
	out, err := s.Do(a)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWorkspaceOutlivesTheServer(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "workspace.json")
	first := kept(t, file)
	said := do(t, first, Action{Do: "say", As: "alice", Channel: "general", Text: "Hello @bob"})
	do(t, first, Action{Do: "say", As: "bob", Channel: "general", Thread: said.TS, Text: "Hello"})
	do(t, first, Action{Do: "react", As: "bob", Channel: "general", TS: said.TS, Emoji: "eyes"})
	do(t, first, Action{Do: "say", As: "alice", Channel: "@bob", Text: "In private"})
	do(t, first, Action{Do: "join", As: "carol", Channel: "support"})
	do(t, first, Action{Do: "guest", As: "dana", Guest: true})
	do(t, first, Action{Do: "read", As: "bob", Channel: "general"})
	before := first.State()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}

	second := kept(t, file)
	after := second.State()
	seq := before.Seq // an event that found no socket may still have been noted after it
	before.Now, after.Now = time.Time{}, time.Time{}
	before.Seq, after.Seq = 0, 0
	if diff := cmp.Diff(before, after, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the workspace of the second run (-before +after):\n%s", diff)
	}
	if first.AppToken() != second.AppToken() || first.BotToken() != second.BotToken() {
		t.Error("the tokens of the first run are no longer valid")
	}
	if n := fetch[Summary](t, second, "state", url.Values{"light": {"1"}, "as": {"bob"}}).Seq; n < seq {
		t.Errorf("the numbers go on at %d, below %d", n, seq)
	}
	later := do(t, second, Action{Do: "say", As: "alice", Channel: "general", Text: "Again"})
	if later.TS <= said.TS || later.Seq < seq {
		t.Errorf("a message of the second run has ts %s and number %d", later.TS, later.Seq)
	}
	if c, err := second.Client().CreateChannel(t.Context(), Channel{Name: "new"}); err != nil || before.Channel(c.ID).ID != "" {
		t.Errorf("a new channel has the id %s of an old one (%v)", c.ID, err)
	}
}

func TestWorkspaceIsSavedWhileItLives(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "workspace.json")
	s := kept(t, file)
	do(t, s, Action{Do: "say", As: "alice", Channel: "general", Text: "Hello"})
	ctx, cancel := context.WithTimeout(t.Context(), 3*saveEvery)
	defer cancel()
	for {
		saved, err := workspace.LoadSnapshot(file)
		if err != nil {
			t.Fatal(err)
		}
		if saved != nil && saved.Seq == s.State().Seq {
			break
		}
		select {
		case <-ctx.Done():
			t.Fatal("nothing was saved")
		case <-time.After(50 * time.Millisecond):
		}
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file holds tokens and has mode %v (%v)", info.Mode(), err)
	}
	if left, _ := filepath.Glob(file + ".new-*"); len(left) > 0 {
		t.Errorf("unfinished files stay: %q", left)
	}
}

func TestUnreadableWorkspaces(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{"no JSON": "{", "another form": `{"form": 999}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "workspace.json")
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if s, err := Start(Config{File: file}); err == nil {
				_ = s.Close()
				t.Fatal("it was taken")
			}
			if kept, err := os.ReadFile(file); err != nil || string(kept) != content {
				t.Errorf("the file was changed to %q (%v)", kept, err)
			}
		})
	}
}
