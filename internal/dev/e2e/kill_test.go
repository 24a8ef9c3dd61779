//go:build unix

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
)

const (
	filers     = 60                     // people who file at the same moment
	slackTakes = 200 * time.Millisecond // for every answer
	killWithin = 1500 * time.Millisecond
)

// killed is what came of the rounds.
type killed struct {
	Rounds          int `json:"rounds"`
	Acknowledged    int `json:"acknowledged"`      // forms that closed
	Stored          int `json:"stored"`            // tickets
	Cards           int `json:"cards"`             // standing in the channel
	Duplicates      int `json:"duplicates"`        // tickets, or cards ever posted, beyond the first of a form
	Lost            int `json:"lost"`              // forms that closed and have no ticket or no card
	StoredBeforeAck int `json:"stored_before_ack"` // tickets that were there though their maker had seen no answer

	LongestWait float64 `json:"longest_wait_s"` // from a form's closing until its card stood
}

func (k *killed) add(o killed) {
	k.Rounds += o.Rounds
	k.Acknowledged += o.Acknowledged
	k.Stored += o.Stored
	k.Cards += o.Cards
	k.Duplicates += o.Duplicates
	k.Lost += o.Lost
	k.StoredBeforeAck += o.StoredBeforeAck
	k.LongestWait = max(k.LongestWait, o.LongestWait)
}

func (k killed) holds() bool {
	return k.Acknowledged == k.Stored && k.Stored == k.Cards && k.Lost == 0 && k.Duplicates == 0
}

// TestKilled kills the program at random moments while sixty people file.
// ROUNDS says how often; over a hundred rounds the moment between COMMIT and
// acknowledgement has to be among them.
func TestKilled(t *testing.T) {
	t.Parallel()
	const enough = 100
	rounds, seed := int(number(t, "ROUNDS", 2)), seedOf(t)
	var all killed
	var mu sync.Mutex
	var running sync.WaitGroup
	filing := make(chan struct{}, 1)    // one round at a time files and is killed;
	settling := make(chan struct{}, 16) // meanwhile the ones before look for their last cards
	defer func() { running.Wait() }()
	for r := range rounds {
		settling <- struct{}{}
		running.Go(func() {
			defer func() { <-settling }()
			t.Run(fmt.Sprint("round ", r+1), func(t *testing.T) {
				k := newKillRound(t, rand.New(rand.NewPCG(seed, uint64(r)))).play(filing)
				mu.Lock()
				defer mu.Unlock()
				all.add(k)
			})
		})
	}
	running.Wait()
	summary = all
	if !all.holds() || rounds >= enough && all.StoredBeforeAck == 0 {
		t.Errorf("it does not hold: %+v", all)
	}
}

// killRound is a workspace with sixty people, a database and one copy.
type killRound struct {
	t      *testing.T
	ctx    context.Context
	chance *rand.Rand
	sim    *slacksim.Server
	slack  *slacksim.Client
	db     *pgx.Conn
	bot    installation

	closedAt [filers]time.Time // when each form closed
}

func newKillRound(t *testing.T, chance *rand.Rand) *killRound {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	t.Cleanup(cancel)
	k := &killRound{t: t, ctx: ctx, chance: chance}
	var err error
	k.sim, err = slacksim.Start(slacksim.Config{Workspace: crowd(filers)})
	must(t, err)
	t.Cleanup(func() { _ = k.sim.Close() })
	k.slack = k.sim.Client()
	url := pgtest.New(t, pgtest.Migrate)
	k.db, err = pgx.Connect(ctx, url)
	must(t, err)
	t.Cleanup(func() { _ = k.db.Close(context.WithoutCancel(ctx)) })
	k.bot = install(t, k.sim, url, "SLACK_PACE=1000")
	return k
}

func titleOf(i int) string { return fmt.Sprintf("Problem of %s.", filer(i)) }

func (k *killRound) play(filing chan struct{}) killed {
	filing <- struct{}{}
	result := killed{Rounds: 1}
	bot := k.fileUnderFire(&result)
	<-filing
	defer bot.kill()
	k.awaitQuiet()
	k.count(&result)
	return result
}

// fileUnderFire lets everybody submit at once, kills the program within the next
// moments, starts it again, and lets people press Submit until their form closes.
func (k *killRound) fileUnderFire(result *killed) *copyOf {
	bot, err := k.bot.startConnected(k.ctx, "first", k.sim)
	must(k.t, err)
	if _, err := k.slack.Fault(k.ctx, slacksim.Fault{Kind: slacksim.FaultDelay, DelayMS: int(slackTakes.Milliseconds())}); err != nil {
		k.t.Fatal(err)
	}
	must(k.t, openForms(k.ctx, k.sim, filers))
	moment := time.Duration(k.chance.Int64N(int64(killWithin)))
	next := make(chan *copyOf, 1)
	go func() {
		pause(k.ctx, moment)
		bot.kill()
		again, err := k.bot.start("second")
		if err != nil {
			k.t.Error(err)
		}
		next <- again
	}()
	closed := together(filers, func(i int) bool {
		out, err := k.slack.As(filer(i)).Submit(k.ctx, problem(titleOf(i)))
		k.closedAt[i] = time.Now()
		return err == nil && out.Closed
	})
	if bot = <-next; bot == nil {
		k.t.FailNow()
	}
	stored := k.stored()
	for i, ok := range closed {
		if !ok && stored[titleOf(i)] > 0 {
			result.StoredBeforeAck++
		}
	}
	result.Acknowledged = k.pressAgain(closed)
	k.t.Logf("killed after %v; %d had seen their form close", moment.Round(time.Millisecond), count(closed))
	return bot
}

// pressAgain has everybody whose form is open press Submit until it closes, and
// returns how many forms have closed in all.
func (k *killRound) pressAgain(closed []bool) int {
	return count(together(filers, func(i int) bool {
		for !closed[i] && k.ctx.Err() == nil {
			out, err := k.slack.As(filer(i)).Resubmit(k.ctx)
			k.closedAt[i] = time.Now()
			if err == nil && out.Closed {
				return true
			}
			pause(k.ctx, 100*time.Millisecond)
		}
		return closed[i]
	}))
}

// awaitQuiet waits until nothing is pending any more: a card whose post was interrupted
// is looked for several times before it is posted again.
func (k *killRound) awaitQuiet() {
	err := wait(k.ctx, "everything to be said", func() bool {
		var pending bool
		err := k.db.QueryRow(k.ctx, `SELECT EXISTS (SELECT FROM outbox WHERE pending)`).Scan(&pending)
		return err == nil && !pending
	})
	must(k.t, err)
}

// count compares what people were told, what is stored, and what stands in the
// channel.
func (k *killRound) count(result *killed) {
	stored, posted := k.stored(), k.posted()
	standing, since := map[string]int{}, map[string]time.Time{}
	for _, m := range k.sim.State().Channel("support").Roots() {
		standing[titled(m)]++
		since[titled(m)] = at(m)
	}
	for i := range filers {
		title := titleOf(i)
		result.Stored += stored[title]
		result.LongestWait = max(result.LongestWait, since[title].Sub(k.closedAt[i]).Seconds())
		result.Cards += standing[title]
		result.Duplicates += max(0, stored[title]-1) + max(0, posted[title]-1)
		if stored[title] == 0 || standing[title] == 0 {
			result.Lost++
		}
	}
}

// stored counts tickets by their title.
func (k *killRound) stored() map[string]int {
	rows, _ := k.db.Query(k.ctx, `SELECT title FROM tickets`)
	titles, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(k.t, err)
	found := map[string]int{}
	for _, title := range titles {
		found[title]++
	}
	return found
}

// posted counts the cards that were ever posted, deleted ones included.
func (k *killRound) posted() map[string]int {
	entries, err := k.slack.Journal(k.ctx, 0)
	must(k.t, err)
	support := k.sim.State().Channel("support").ID
	found := map[string]int{}
	for _, e := range entries {
		if isCard(e, support) {
			found[titled(e.Message)]++
		}
	}
	return found
}

// isCard reports whether an entry of the journal is a card that was posted: receipts,
// which name the problem as well, are direct messages.
func isCard(e slacksim.Entry, support string) bool {
	return e.Kind == slacksim.KindMessage && e.What == "posted" && e.Message != nil && e.Message.BotID != "" &&
		e.Message.Channel == support && !e.Message.IsReply()
}

// titled is the problem that a card is about; "" if it is about none.
func titled(m *slacksim.Message) string { return titleIn(m.Rendered()) }

func titleIn(text string) string {
	_, rest, found := strings.Cut(text, "Problem of ")
	name, _, _ := strings.Cut(rest, ".")
	if !found {
		return ""
	}
	return "Problem of " + name + "."
}
