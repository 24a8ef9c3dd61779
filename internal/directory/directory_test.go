package directory_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/desk"
	"supporty/internal/directory"
)

const (
	channel = "C1"
	group   = "S1"
	kim     = "U1"
)

var errSlackAway = errors.New("Slack does not answer")

// memory is a cache in memory.
type memory struct {
	mu        sync.Mutex
	broken    error
	meanwhile func() // called after a profile is read; may be nil
	reads     int    // of profiles
	profiles  map[string]directory.Profile
	members   map[string][]string // by place
}

func newMemory() *memory {
	return &memory{profiles: map[string]directory.Profile{}, members: map[string][]string{}}
}

func (m *memory) Profile(_ context.Context, id string) (directory.Profile, error) {
	p, err := m.read(id)
	if m.meanwhile != nil {
		m.meanwhile()
	}
	return p, err
}

func (m *memory) read(id string) (directory.Profile, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	p, ok := m.profiles[id]
	if !ok {
		return directory.Profile{}, errors.Join(m.broken, directory.ErrUnknown)
	}
	for place, people := range m.members {
		if slices.Contains(people, id) {
			p.Places = append(p.Places, place)
		}
	}
	return p, m.broken
}

func (m *memory) SaveProfile(ctx context.Context, p directory.Profile) (directory.Profile, error) {
	m.mu.Lock()
	if !m.profiles[p.ID].FetchedAt.After(p.FetchedAt) {
		m.profiles[p.ID] = p
	}
	m.mu.Unlock()
	return m.Profile(ctx, p.ID)
}

func (m *memory) Members(_ context.Context, place string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.members[place]), m.broken
}

func (m *memory) ChangeMembers(_ context.Context, place string, come, gone []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := slices.DeleteFunc(m.members[place], func(id string) bool { return slices.Contains(gone, id) || slices.Contains(come, id) })
	m.members[place] = append(left, come...)
	slices.Sort(m.members[place])
	return m.broken
}

// workspace is a Slack with one person in it.
type workspace struct {
	kim     directory.Profile
	channel []string
	group   []string
	away    error
	noGroup error
	asked   int
	within  time.Duration // the caller's last timeout

	meanwhile func(what string) // runs after the answer was read, and before it is returned
}

func (w *workspace) Profile(ctx context.Context, id string) (directory.Profile, error) {
	w.asked++
	if deadline, ok := ctx.Deadline(); ok {
		w.within = time.Until(deadline)
	}
	if w.away != nil || id != kim {
		return directory.Profile{}, errors.Join(errSlackAway, w.away)
	}
	read := w.kim
	w.happens(id)
	return read, nil
}

func (w *workspace) ChannelMembers(_ context.Context, id string) ([]string, error) {
	w.happens(id)
	return w.channel, w.away
}

func (w *workspace) GroupMembers(_ context.Context, id string) ([]string, error) {
	w.happens(id)
	return w.group, errors.Join(w.away, w.noGroup)
}

func (w *workspace) happens(what string) {
	if w.meanwhile != nil {
		w.meanwhile(what)
	}
}

// registry is a directory with its cache and Slack; the test sets the time.
type registry struct {
	*directory.Directory
	cache *memory
	slack *workspace
	now   time.Time
}

var start = time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)

func newRegistry(group string, squads ...directory.Squad) *registry {
	return newRegistryOf(directory.Places{Support: channel, Responders: group, Squads: squads})
}

func newRegistryOf(places directory.Places) *registry {
	r := &registry{
		cache: newMemory(), now: start,
		slack: &workspace{kim: directory.Profile{ID: kim, Name: "Kim", Zone: "Asia/Seoul"}},
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	r.Directory = directory.New(r.cache, r.slack, places, log, func() time.Time { return r.now })
	return r
}

func TestResponders(t *testing.T) {
	t.Parallel()
	both := []string{channel, group}
	for _, test := range []struct {
		name      string
		profile   directory.Profile
		places    []string
		group     string
		member    bool
		responder bool
	}{
		{"a member", directory.Profile{}, both[:1], "", true, true},
		{"somebody else", directory.Profile{}, nil, "", false, false},
		{"a bot", directory.Profile{Bot: true}, both, "", true, false},
		{"a guest", directory.Profile{Guest: true}, both, "", true, false},
		{"external", directory.Profile{External: true}, both, "", true, false},
		{"deactivated", directory.Profile{Deactivated: true}, both, "", true, false},
		{"on holiday", directory.Profile{Status: "palm_tree"}, both, "", true, true},
		{"ill until tomorrow", directory.Profile{Status: "face_with_thermometer", StatusEnd: start.Add(24 * time.Hour)}, both, "", true, true},
		{"back from holiday", directory.Profile{Status: "palm_tree", StatusEnd: start}, both, "", true, true},
		{"in a meeting", directory.Profile{Status: "calendar"}, both, "", true, true},
		{"a member outside the group", directory.Profile{}, both[:1], group, true, false},
		{"in the group only", directory.Profile{}, both[1:], group, false, true},
		{"in both", directory.Profile{}, both, group, true, true},
		{"a guest in both", directory.Profile{Guest: true}, both, group, true, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRegistry(test.group)
			test.profile.ID, test.profile.Name, test.profile.Zone = kim, "Kim", "Asia/Seoul"
			r.slack.kim = test.profile
			for _, place := range test.places {
				if err := r.Joined(t.Context(), place, kim, true); err != nil {
					t.Fatal(err)
				}
			}
			if member, err := r.IsMember(t.Context(), "", kim); member != test.member || r.slack.asked != 0 || err != nil {
				t.Errorf("member %v, after asking Slack %d times; %v", member, r.slack.asked, err)
			}
			got, err := r.Person(t.Context(), kim)
			slices.Sort(got.Places)
			want := desk.Person{
				ID: kim, Name: "Kim", Zone: "Asia/Seoul", Member: test.member, Responder: test.responder, Bot: test.profile.Bot,
				Deactivated: test.profile.Deactivated, Guest: test.profile.Guest, External: test.profile.External, OwnOnly: test.profile.Guest || test.profile.External, Away: test.name == "on holiday" || test.name == "ill until tomorrow", Places: test.places,
			}
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestSlackIsAskedOnceADay(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	for _, step := range []struct {
		later time.Duration
		asked int
	}{{0, 1}, {0, 1}, {24*time.Hour - 1, 1}, {time.Minute, 2}, {time.Hour, 2}} {
		r.now = r.now.Add(step.later)
		if _, err := r.Person(t.Context(), kim); err != nil || r.slack.asked != step.asked {
			t.Errorf("%v later: asked %d times, not %d: %v", step.later, r.slack.asked, step.asked, err)
		}
	}
	if r.slack.within > 1500*time.Millisecond || r.slack.within <= 0 {
		t.Errorf("Slack may take %v", r.slack.within)
	}
}

func TestOldProfileIsBetterThanNone(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	if _, err := r.Person(t.Context(), kim); err != nil {
		t.Fatal(err)
	}
	r.slack.away = errSlackAway
	r.now = r.now.Add(30 * 24 * time.Hour)
	if p, err := r.Person(t.Context(), kim); err != nil || p.Name != "Kim" {
		t.Errorf("%+v, %v", p, err)
	}
	if name := r.Name(t.Context(), kim); name != "Kim" {
		t.Errorf("called %q", name)
	}
}

func TestUnknownPerson(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	if p, err := r.Person(t.Context(), "U404"); !errors.Is(err, errSlackAway) || !reflect.DeepEqual(p, desk.Person{}) {
		t.Errorf("%+v, %v", p, err)
	}
	if name := r.Name(t.Context(), "U404"); name != "a colleague" {
		t.Errorf("called %q", name)
	}
}

func TestPersonWithoutAName(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	r.slack.kim.Name = ""
	if p, err := r.Person(t.Context(), kim); err != nil || p.Name != "a colleague" || r.Name(t.Context(), kim) != p.Name {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestBrokenCacheIsAnError(t *testing.T) {
	t.Parallel()
	r := newRegistry(group)
	if _, err := r.Person(t.Context(), kim); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("no database")
	r.cache.broken = broken
	r.now = r.now.Add(time.Minute)
	_, personErr := r.Person(t.Context(), kim)
	for name, err := range map[string]error{
		"Person": personErr, "Refresh": r.Refresh(t.Context()), "Joined": r.Joined(t.Context(), channel, kim, true),
		"Learn": r.Learn(t.Context(), directory.Profile{ID: kim}),
	} {
		t.Run(name, func(t *testing.T) {
			if !errors.Is(err, broken) {
				t.Errorf("%v", err)
			}
		})
	}
	if r.slack.asked != 1 {
		t.Errorf("Slack was asked %d times", r.slack.asked)
	}
}

func TestNewsOfAPersonIsFresh(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	if err := r.Learn(t.Context(), directory.Profile{ID: kim, Name: "Kim Lee"}); err != nil {
		t.Fatal(err)
	}
	if p, err := r.Person(t.Context(), kim); err != nil || p.Name != "Kim Lee" || r.slack.asked != 0 {
		t.Errorf("%+v, %v, asked %d times", p, err, r.slack.asked)
	}
}

// If the responders' group no longer exists, its stored members stay.
func TestRefreshWithoutTheGroup(t *testing.T) {
	t.Parallel()
	r := newRegistry(group)
	r.slack.channel, r.slack.group = []string{kim}, []string{"U2"}
	if err := r.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.slack.channel, r.slack.noGroup = []string{kim, "U2"}, errors.New("no such group")
	if err := r.Refresh(t.Context()); !errors.Is(err, directory.ErrPlace) || !errors.Is(err, r.slack.noGroup) {
		t.Errorf("it ended with %v", err)
	}
	if diff := cmp.Diff(map[string][]string{channel: {kim, "U2"}, group: {"U2"}}, r.cache.members); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRefreshReadsMembers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		group string
		want  map[string][]string
	}{
		"without a group": {"", map[string][]string{channel: {kim, "U2"}}},
		"with one":        {group, map[string][]string{channel: {kim, "U2"}, group: {"U2"}}},
	} {
		r := newRegistry(test.group)
		r.slack.channel, r.slack.group = []string{kim, "U2"}, []string{"U2"}
		if err := r.Joined(t.Context(), channel, "U3", true); err != nil { // the person left while no copy was connected
			t.Fatal(err)
		}
		if err := r.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, r.cache.members); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		r.slack.away = errSlackAway
		if err := r.Refresh(t.Context()); !errors.Is(err, errSlackAway) || errors.Is(err, directory.ErrPlace) {
			t.Errorf("%s, Slack away: %v", name, err)
		}
	}
}

// An event that arrives during a reading is newer than the answer.
func TestEventsDuringAReadingAreNewer(t *testing.T) {
	t.Parallel()
	for _, place := range []string{channel, group} {
		r := newRegistry(group)
		r.slack.channel, r.slack.group = []string{"U1", "U2", "U4"}, []string{"U1", "U2", "U4"}
		known := errors.Join(r.Joined(t.Context(), place, "U1", true), r.Joined(t.Context(), place, "U2", true), r.Joined(t.Context(), place, "U3", true))
		r.slack.meanwhile = func(read string) {
			if read != place {
				return
			}
			known = errors.Join(known, r.Joined(t.Context(), place, "U2", false), r.Joined(t.Context(), place, "U5", true))
		}
		if err := errors.Join(known, r.Refresh(t.Context()), known); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"U1", "U4", "U5"}, r.cache.members[place]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", place, diff)
		}
	}
}

func TestProfileChangesDuringARead(t *testing.T) {
	t.Parallel()
	r := newRegistry("")
	r.slack.meanwhile = func(string) {
		r.now = r.now.Add(time.Second)
		if err := r.Learn(t.Context(), directory.Profile{ID: kim, Name: "Kim Lee", Deactivated: true}); err != nil {
			t.Error(err)
		}
		r.now = r.now.Add(time.Second)
	}
	if p, err := r.Person(t.Context(), kim); err != nil || p.Name != "Kim Lee" || !p.Deactivated {
		t.Errorf("%+v, %v", p, err)
	}
}
