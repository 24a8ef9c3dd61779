//go:build unix

package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/slacksim"
)

// stream is people who file one form after the other, and press Submit again
// until it closes.
type stream struct {
	slack  *slacksim.Client
	stop   chan struct{}
	filing sync.WaitGroup

	mu      sync.Mutex
	closed  []closing
	presses map[string]int // by what the person saw of it
}

// closing is a form that closed: its maker was told that it is filed.
type closing struct {
	who   int
	title string
	at    time.Time
}

// What a person sees of pressing Submit.
const (
	sawClosed     = "closed"
	sawSaving     = "still saving"
	sawNotFiled   = "not filed"
	sawNoAnswer   = "no answer" // Slack's own words, as the bot had none in time
	sawOtherwise  = "otherwise"
	betweenForms  = 200 * time.Millisecond
	pressAgainIn  = 100 * time.Millisecond
	formShownIn   = 3 * time.Second
	commandAgain  = 200 * time.Millisecond
	everyoneFiles = "everybody to file"
)

// startStream lets the first n filers file until it is ended.
func startStream(ctx context.Context, slack *slacksim.Client, n int) *stream {
	s := &stream{slack: slack, stop: make(chan struct{}), presses: map[string]int{}}
	for who := range n {
		s.filing.Go(func() {
			for form := 0; !s.isStopped() && ctx.Err() == nil; form++ {
				s.file(ctx, who, form)
				pause(ctx, betweenForms)
			}
		})
	}
	return s
}

// end lets everybody finish the form that they have.
func (s *stream) end() {
	close(s.stop)
	s.filing.Wait()
}

func (s *stream) isStopped() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}

func (s *stream) file(ctx context.Context, who, form int) {
	actor := s.slack.As(filer(who))
	title := fmt.Sprintf("Problem of %s-%d.", filer(who), form)
	for !hasForm(ctx, actor) {
		if pause(ctx, commandAgain); ctx.Err() != nil {
			return
		}
	}
	values := problem(title)
	for ctx.Err() == nil {
		out, err := actor.Submit(ctx, values)
		values = nil // it is filled in
		if err == nil && s.saw(who, title, out) == sawClosed {
			return
		}
		pause(ctx, pressAgainIn)
	}
}

// hasForm types the command and waits for the form.
func hasForm(ctx context.Context, actor *slacksim.Actor) bool {
	ctx, cancel := context.WithTimeout(ctx, formShownIn)
	defer cancel()
	if _, err := actor.Command(ctx, "general", "/support", ""); err != nil {
		return false
	}
	_, err := actor.View(ctx)
	return err == nil
}

func (s *stream) saw(who int, title string, out slacksim.Outcome) string {
	saw := sawOtherwise
	switch words := fmt.Sprint(out.Errors); {
	case out.Closed:
		saw = sawClosed
	case strings.Contains(words, "Still saving"):
		saw = sawSaving
	case strings.Contains(words, "Not filed"):
		saw = sawNotFiled
	case out.Banner != "" || out.Error != "":
		saw = sawNoAnswer
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.presses[saw]++
	if saw == sawClosed {
		s.closed = append(s.closed, closing{who, title, time.Now()})
	}
	return saw
}

// seen is how many presses people have seen end so.
func (s *stream) seen(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.presses[what]
}

// since returns, by person, when a form of theirs first closed after a moment.
func (s *stream) since(moment time.Time) map[int]time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := map[int]time.Duration{}
	for _, c := range s.closed {
		if _, known := first[c.who]; !known && c.at.After(moment) {
			first[c.who] = c.at.Sub(moment)
		}
	}
	return first
}

// tally is what became of the forms of a stream.
type tally struct {
	Acknowledged int // forms that closed
	Stored       int // tickets
	Duplicates   int // tickets, or cards ever posted, beyond the first of a form
	Lost         int // forms that closed and have no ticket
}

func (s *stream) tally(ctx context.Context, t *testing.T, db *pgx.Conn) tally {
	t.Helper()
	rows, _ := db.Query(ctx, `SELECT title FROM tickets`)
	titles, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	sum := tally{Acknowledged: len(s.closed), Stored: len(titles)}
	sum.Duplicates = repeated(titles) + repeated(everPosted(ctx, t, s.slack))
	for _, c := range s.closed {
		if !slices.Contains(titles, c.title) {
			sum.Lost++
			t.Errorf("%s was filed at %s, and is not there", c.title, c.at.Format(time.StampMilli))
		}
	}
	return sum
}

func (s tally) holds() bool {
	return s.Acknowledged == s.Stored && s.Lost == 0 && s.Duplicates == 0
}

func repeated(list []string) int {
	sorted := slices.Sorted(slices.Values(list))
	return len(list) - len(slices.Compact(sorted))
}

// everPosted is what the cards were about that were ever posted, deleted ones
// included.
func everPosted(ctx context.Context, t *testing.T, slack *slacksim.Client) []string {
	t.Helper()
	entries, err := slack.Journal(ctx, 0)
	must(t, err)
	s, err := slack.State(ctx)
	must(t, err)
	support := s.Channel("support").ID
	var about []string
	for _, e := range entries {
		if !isCard(e, support) {
			continue
		}
		if title := titled(e.Message); title != "" {
			about = append(about, title)
		}
	}
	return about
}
