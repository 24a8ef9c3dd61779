package slackapi

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"supporty/internal/dev/slacksim"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// paced are the times at which calls may be made, in seconds from the start.
func paced(t *testing.T, l *limits, calls [][2]string) []float64 {
	t.Helper()
	start := time.Now()
	var at []float64
	for _, c := range calls {
		if err := l.wait(t.Context(), c[0], c[1]); err != nil {
			t.Fatal(err)
		}
		at = append(at, time.Since(start).Round(100*time.Millisecond).Seconds())
	}
	return at
}

func repeat(n int, method, channel string) [][2]string {
	var calls [][2]string
	for range n {
		calls = append(calls, [2]string{method, channel})
	}
	return calls
}

func TestPacing(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		calls [][2]string
		want  []float64
	}{
		{"a channel takes a post a second", repeat(4, "chat.postMessage", "C1"), []float64{0, 1, 2, 3}},
		{
			"channels do not wait for each other",
			[][2]string{{"chat.postMessage", "C1"}, {"chat.postMessage", "C2"}, {"chat.postMessage", "U1"}, {"chat.postMessage", "C1"}},
			[]float64{0, 0, 0, 1},
		},
		{"50 a minute after a burst", repeat(8, "chat.update", "C1"), []float64{0, 0, 0, 0, 0, 1.2, 2.4, 3.6}},
		{"20 a minute", repeat(7, "users.list", ""), []float64{0, 0, 0, 0, 0, 3, 6}},
		{"many forms at once", repeat(15, "views.open", ""), make([]float64, 15)},
		{"a method that nobody named", repeat(7, "brand.new", ""), []float64{0, 0, 0, 0, 0, 3, 6}},
		{"a method without a limit", repeat(9, "auth.test", ""), []float64{0, 0, 0, 0, 0, 0, 0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				if diff := cmp.Diff(test.want, paced(t, newLimits(false, 1, nil), test.calls)); diff != "" {
					t.Errorf("called at (-want +got):\n%s", diff)
				}
				unlimited := paced(t, newLimits(true, 1, nil), test.calls)
				if diff := cmp.Diff(make([]float64, len(test.calls)), unlimited); diff != "" {
					t.Errorf("without pacing, called at (-want +got):\n%s", diff)
				}
			})
		})
	}
}

func TestPaceMultipliesTheRates(t *testing.T) {
	t.Parallel()
	calls := append(repeat(3, "chat.postMessage", "C1"), repeat(7, "users.list", "")...)
	for pace, want := range map[float64][]float64{
		0.5: {0, 2, 4, 4, 4, 4, 4, 4, 10, 16},
		10:  {0, 0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.5, 0.8},
	} {
		synctest.Test(t, func(t *testing.T) {
			if diff := cmp.Diff(want, paced(t, newLimits(false, pace, nil), calls)); diff != "" {
				t.Errorf("at %v times the pace, called at (-want +got):\n%s", pace, diff)
			}
		})
	}
}

// TestNoMinuteHasTooManyCalls: with any calls in any order, no minute has more calls of a
// method than its tier and the burst allow.
func TestNoMinuteHasTooManyCalls(t *testing.T) {
	t.Parallel()
	methods := []string{"chat.update", "chat.postMessage", "users.list", "views.open"}
	rapid.Check(t, func(r *rapid.T) {
		calls := rapid.SliceOfN(rapid.SampledFrom(methods), 1, 150).Draw(r, "calls")
		synctest.Test(t, func(t *testing.T) {
			l, made := newLimits(false, 1, nil), map[string][]time.Time{}
			for i, m := range calls {
				if err := l.wait(t.Context(), m, string(rune('A'+i%7))); err != nil {
					t.Fatal(err)
				}
				made[m] = append(made[m], time.Now())
			}
			for m, at := range made {
				if first, last, ok := crowded(at, perMinute[m]+burstOf(m)); ok {
					r.Fatalf("%s: too many calls from %v to %v", m, first, last)
				}
			}
		})
	})
}

// crowded finds a minute with too many calls.
func crowded(at []time.Time, most int) (first, last time.Time, found bool) {
	for i := range max(0, len(at)-most) {
		if first, last = at[i], at[i+most]; last.Sub(first) < time.Minute-time.Millisecond {
			return first, last, true
		}
	}
	return first, last, false
}

func TestWhatSlackAsksForIsObeyed(t *testing.T) {
	t.Parallel()
	for _, unlimited := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			memory := &notes{}
			l := newLimits(unlimited, 1, memory)
			l.obey(t.Context(), "chat.postMessage", time.Second)
			l.obey(t.Context(), "chat.postMessage", 300*time.Millisecond) // an older answer does not shorten the pause
			calls := [][2]string{{"chat.update", "C1"}, {"chat.postMessage", "C1"}, {"chat.postMessage", "C2"}}
			if diff := cmp.Diff([]float64{0, 1, 1}, paced(t, l, calls)); diff != "" {
				t.Errorf("unlimited %v: called at (-want +got):\n%s", unlimited, diff)
			}
			if memory.until["chat.postMessage"].IsZero() {
				t.Error("the limit is not remembered")
			}
		})
	}
}

// If a caller would have to wait long, it gets an error and can do something else meanwhile.
func TestLongLimitIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(false, 1, nil)
		l.obey(t.Context(), "chat.update", 30*time.Second)
		time.Sleep(10 * time.Second)
		err := l.wait(t.Context(), "chat.update", "C1")
		if ScopeOf(err) != Limited || RetryAfter(err) != 20*time.Second {
			t.Errorf("%v, again after %v", err, RetryAfter(err))
		}
		if err := l.wait(t.Context(), "chat.delete", "C1"); err != nil {
			t.Errorf("another method: %v", err)
		}
	})
}

// A call that cannot begin before its context ends is not waited for.
func TestWaitingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		within func(context.Context) (context.Context, context.CancelFunc)
		want   error
		waits  time.Duration
	}{
		"its deadline is too soon": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second/2)
		}, ErrNoRoom, 0},
		"it is cancelled": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(time.Second/2, cancel)
			return ctx, cancel
		}, context.Canceled, time.Second / 2},
	} {
		for method, hold := range map[string]func(c *Client){
			"Slack has asked to wait": func(c *Client) { c.limits.obey(t.Context(), "chat.delete", time.Second) },
			"our own limit":           func(c *Client) { paced(t, c.limits, repeat(burst, "chat.delete", "")) },
		} {
			t.Run(name+", "+method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c := New(Options{APIURL: "http://127.0.0.1:1/"})
					hold(c)
					ctx, cancel := test.within(t.Context())
					defer cancel()
					begun := time.Now()
					err := c.Delete(ctx, ticket.Message{Channel: "C1", TS: "1.1"})
					if ScopeOf(err) != Temporary || CodeOf(err) != "not_called" || !errors.Is(err, test.want) {
						t.Errorf("%v", err)
					}
					if waited := time.Since(begun); waited != test.waits {
						t.Errorf("waited %v", waited)
					}
				})
			})
		}
	}
}

// A call that could not begin counts for no limit: neither the method's nor the channel's.
func TestCallThatCannotBeginDoesNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(false, 1, nil)
		paced(t, l, repeat(1, "chat.postMessage", "C1"))
		before := l.spare(0)
		for range 10 {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			if err := l.wait(ctx, "chat.postMessage", "C1"); !errors.Is(err, ErrNoRoom) {
				t.Errorf("%v, want no room", err)
			}
			cancel()
		}
		if diff := cmp.Diff(before, l.spare(0)); diff != "" {
			t.Errorf("room (-before +after):\n%s", diff)
		}
	})
}

func TestRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(false, 1, nil)
		for _, step := range []struct {
			name   string
			do     func()
			within time.Duration
			want   Room
		}{
			{"nothing was called", func() {}, 0, Room{Posts: 5, Edits: 5, Ephemerals: 5, Looks: 5, PostsIn: map[string]int{}, PostsElsewhere: 1}},
			{"within a time there is more", func() {}, 2 * time.Second, Room{Posts: 11, Edits: 6, Ephemerals: 8, Looks: 6, PostsIn: map[string]int{}, PostsElsewhere: 3}},
			{"a post", func() { paced(t, l, repeat(1, "chat.postMessage", "C1")) }, 0,
				Room{Posts: 4, Edits: 5, Ephemerals: 5, Looks: 5, PostsIn: map[string]int{"C1": 0}, PostsElsewhere: 1}},
			{"an edit", func() { paced(t, l, repeat(1, "chat.update", "C1")) }, 0,
				Room{Posts: 4, Edits: 4, Ephemerals: 5, Looks: 5, PostsIn: map[string]int{"C1": 0}, PostsElsewhere: 1}},
			{"a moment before the second is over", func() { time.Sleep(850 * time.Millisecond) }, 100 * time.Millisecond,
				Room{Posts: 5, Edits: 4, Ephemerals: 5, Looks: 5, PostsIn: map[string]int{"C1": 0}, PostsElsewhere: 1}},
			{"and then", func() { time.Sleep(60 * time.Millisecond) }, 100 * time.Millisecond,
				Room{Posts: 5, Edits: 4, Ephemerals: 5, Looks: 5, PostsIn: map[string]int{}, PostsElsewhere: 1}},
			{"Slack asks to wait", func() { l.obey(t.Context(), "chat.postMessage", time.Second) }, 100 * time.Millisecond,
				Room{Posts: 0, Edits: 4, Ephemerals: 5, Looks: 5, PostsIn: map[string]int{}, PostsElsewhere: 1}},
			{"a thread is read", func() { paced(t, l, repeat(5, "conversations.replies", "C1")) }, 0,
				Room{Posts: 0, Edits: 4, Ephemerals: 5, Looks: 0, PostsIn: map[string]int{"C1": 0}, PostsElsewhere: 1}},
		} {
			step.do()
			got := l.spare(step.within)
			if diff := cmp.Diff(step.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", step.name, diff)
			}
		}
	})
}

// A form that nobody waits for is drawn only while others find room.
func TestFormIsDrawnIfThereIsRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimits(false, 1, nil)
		draws := func(want int) {
			t.Helper()
			n := 0
			for ; l.hasRoom(); n++ {
				paced(t, l, repeat(1, updateView, ""))
			}
			if n != want {
				t.Errorf("drawn %d times, want %d", n, want)
			}
		}
		draws(burstOfForms - keptForms)
		time.Sleep(time.Minute)
		draws(burstOfForms - keptForms)
		time.Sleep(time.Minute)
		l.obey(t.Context(), updateView, time.Second)
		draws(0)
	})
}

// However many copies there are, what nobody waits for keeps the limit of the workspace.
func TestCopiesShareALimit(t *testing.T) {
	t.Parallel()
	for _, copies := range []int{0, 1, 2, 5, 10} {
		t.Run(fmt.Sprint(copies), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var all []*limits
				for range max(1, copies) {
					l := newLimits(false, 1, nil)
					l.share(copies)
					all = append(all, l)
				}
				drawn := 0
				for range 600 {
					time.Sleep(100 * time.Millisecond)
					for _, l := range all {
						if l.hasRoom() {
							drawn++
							paced(t, l, repeat(1, updateView, ""))
						}
					}
				}
				if drawn < 80 || drawn > 110 {
					t.Errorf("drawn %d times in a minute", drawn)
				}
			})
		})
	}
}

func TestLimitIsRememberedByAllCopies(t *testing.T) {
	t.Parallel()
	memory := &notes{}
	o := newOffice(t, func(o *Options) { o.Memory = memory })
	o.trouble(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 30, Method: "chat.postMessage", Count: 1})
	if _, err := o.Post(t.Context(), nil, o.channel("support"), "", slackformat.Message{Text: "x"}); ScopeOf(err) != Limited {
		t.Fatalf("the first call: %v", err)
	}
	if left := time.Until(memory.until["chat.postMessage"]); left < 25*time.Second || left > 30*time.Second {
		t.Errorf("remembered for %v", left)
	}
	other := New(Options{BotToken: o.sim.BotToken(), APIURL: o.sim.APIURL(), Memory: memory})
	if err := other.Recall(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, client := range map[string]*Client{"this copy": o.Client, "another": other} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if _, err := client.Post(ctx, nil, o.channel("support"), "", slackformat.Message{Text: "x"}); ScopeOf(err) != Limited {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
	if n := o.calls("chat.postMessage"); n != 1 {
		t.Errorf("%d calls", n)
	}
}

func TestRecall(t *testing.T) {
	t.Parallel()
	if err := New(Options{}).Recall(t.Context()); err != nil {
		t.Errorf("without a memory: %v", err)
	}
	broken := errors.New("no database")
	if err := New(Options{Memory: &notes{err: broken}}).Recall(t.Context()); !errors.Is(err, broken) {
		t.Errorf("a broken memory: %v", err)
	}
}

func TestGuardIsAskedRightBeforeTheCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := New(Options{APIURL: "http://127.0.0.1:1/"})
		c.limits.obey(t.Context(), "chat.postMessage", time.Second)
		begun, overtaken := time.Now(), errors.New("overtaken")
		asked := time.Duration(-1)
		guard := func(*slackformat.Message) error { asked = time.Since(begun); return overtaken }
		_, err := c.Post(t.Context(), guard, "C1", "", slackformat.Message{Text: "x"})
		if !errors.Is(err, overtaken) || CodeOf(err) != "not_called" || asked != time.Second {
			t.Errorf("asked after %v: %v", asked, err)
		}
	})
}

func TestGuardPreventsTheCall(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	overtaken := errors.New("overtaken")
	guard := func(*slackformat.Message) error { return overtaken }
	support, m := o.channel("support"), slackformat.Message{Text: "x"}
	_, post := o.Post(t.Context(), guard, support, "", m)
	for method, err := range map[string]error{
		"chat.postMessage":   post,
		"chat.update":        o.Update(t.Context(), guard, ticket.Message{Channel: support, TS: "1.1"}, m),
		"chat.postEphemeral": o.Ephemeral(t.Context(), guard, support, "", o.person("bob"), m),
	} {
		t.Run(method, func(t *testing.T) {
			if !errors.Is(err, overtaken) || o.calls(method) != 0 {
				t.Errorf("%v after %d calls", err, o.calls(method))
			}
		})
	}
}
