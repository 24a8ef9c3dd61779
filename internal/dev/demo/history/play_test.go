package history_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supporty/internal/app"
	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/dev/demo/history"
	"supporty/internal/dev/pgtest"
	"supporty/internal/dev/slacksim"
	"supporty/internal/sla"
)

// monday is the start of the plans in these tests.
var monday = time.Date(2026, time.March, 2, 0, 0, 0, 0, time.UTC)

// sample is the shortest part of a plan that has every kind of step.
func sample(p history.Plan) history.Plan {
	done := map[history.Action]bool{}
	places := map[int]int{} // index in p -> index in the sample
	s := history.Plan{}
	take := func(i int) {
		if _, taken := places[i]; taken {
			return
		}
		t := p.Tickets[i]
		if t.Original >= 0 {
			t.Original = places[t.Original]
		}
		for _, step := range t.Steps {
			done[step.Do] = true
			s.End = max(s.End, step.At+time.Hour)
		}
		places[i] = len(s.Tickets)
		s.Tickets = append(s.Tickets, t)
	}
	twin := false
	for i, t := range p.Tickets {
		isNew := func(step history.Step) bool { return !done[step.Do] }
		if !slices.ContainsFunc(t.Steps, isNew) && (twin || t.Original < 0) {
			continue
		}
		if t.Original >= 0 {
			take(t.Original)
			twin = true
		}
		take(i)
	}
	return s
}

// addSquads has people take turns, as in the demo.
func addSquads(cfg *config.Config, slack *slacksim.Server) {
	ids := func(people ...string) (ids []string) {
		for _, name := range people {
			ids = append(ids, slack.State().Person(name).ID)
		}
		return ids
	}
	weekly := []config.Layer{{Handover: config.Handover{Weekday: 1, Minute: history.HandoverHour * 60, Zone: "Europe/London"}}}
	hours := &sla.Hours{Zone: "Europe/London"}
	hours.Week[time.Monday] = []sla.Span{{From: 8 * 60, To: 19 * 60}}
	cfg.Squads = []config.Squad{
		{Name: history.CheckoutSquad, Members: ids(history.Checkout...), Rota: weekly},
		{Name: history.LogisticsSquad, Members: ids(history.Logistics...), Rota: weekly, Ladder: config.Ladder{Last: ids("dana")[0]}},
	}
	owners := map[string]string{"Payments": history.CheckoutSquad, "Shipping": history.LogisticsSquad}
	for i, c := range cfg.Categories {
		cfg.Categories[i].Squad = owners[c.Name]
	}
	cfg.Categories = append(cfg.Categories, config.Category{Name: history.Warehouse, Squad: history.LogisticsSquad, Override: config.Override{Hours: hours}})
}

// play plays a plan in an environment of its own and returns the messages in #support
// after it, and after what else the player does.
func play(t *testing.T, p history.Plan, afterwards ...func(*history.Player, context.Context) error) slacksim.State {
	t.Helper()
	return playAsking(t, 100, p, afterwards...)
}

// playAsking plays with that share of solutions asked about.
func playAsking(t *testing.T, share int, p history.Plan, afterwards ...func(*history.Player, context.Context) error) slacksim.State {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	url := pgtest.New(t, func(ctx context.Context, url string) error {
		_, err := app.BeginClock(ctx, url, monday)
		return err
	})
	setting, err := app.BeginClock(ctx, url, monday.Add(9*time.Hour+time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	now := &clock.Clock{}
	now.Set(setting)
	slack, err := slacksim.Start(slacksim.Config{
		Now: now.Now, Workspace: history.Workspace(), Scopes: append(slacksim.DefaultScopes(), "groups:write"),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer slack.Close()
	cfg := config.Default()
	cfg.Slack = config.Slack{AppToken: config.Secret(slack.AppToken()), BotToken: config.Secret(slack.BotToken()), APIURL: slack.APIURL()}
	cfg.Channels = config.Channels{Support: "support", Digest: "support-digest"}
	cfg.Database.URL, cfg.Database.Migrate, cfg.HTTP.Addr = config.Secret(url), false, ""
	cfg.Survey.Share = share
	cfg.Categories = nil
	for _, name := range history.Categories {
		cfg.Categories = append(cfg.Categories, config.Category{Name: name})
	}
	cfg.Categories = append(cfg.Categories, config.Category{
		Name: history.Confidential, Filing: config.Filing{Private: true, People: []string{slack.State().Person(history.Trusted).ID}},
	})
	addSquads(&cfg, slack)
	running, stop := context.WithCancel(ctx)
	ready, ended := make(chan *app.App, 1), make(chan error, 1)
	go func() {
		ended <- app.Run(running, cfg, app.Options{
			Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Clock: now, Unpaced: true, Ready: func(a *app.App) { ready <- a },
		})
	}()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	select {
	case bot := <-ready:
		if err := bot.SetRate(ctx, 0); err != nil {
			t.Fatal(err)
		}
		last := -1
		player := history.Player{Slack: slack, Bot: bot, Now: now.Now, Start: monday, Tell: func(done, total int) {
			if done < last || done > total {
				t.Errorf("%d of %d after %d", done, total, last)
			}
			last = done
		}}
		if err := player.Play(ctx, p); err != nil {
			t.Fatal(err)
		}
		if at := now.Now(); !at.Equal(monday.Add(p.End)) {
			t.Errorf("the history ends at %s, not %s", at, monday.Add(p.End))
		}
		for _, more := range afterwards {
			if err := more(&player, ctx); err != nil {
				t.Fatal(err)
			}
		}
	case err := <-ended:
		ended <- err
		t.Fatal("the bot did not start")
	}
	return slack.State()
}

// withinSecond matches the part of a link that distinguishes messages of one second.
// Within a second, messages of the bot and of people may come in either order.
var withinSecond = regexp.MustCompile(`(/archives/\w+/p\d{10})\d{6}`)

// cards lists the tickets by their cards, without deleted ones: the time, to the second,
// and the words.
func cards(s slacksim.State) []string {
	var list []string
	for _, m := range s.Channel("support").Messages {
		if m.User == s.BotUserID && !m.IsReply() && strings.HasPrefix(m.Text, "#") {
			second, _, _ := strings.Cut(m.TS, ".")
			list = append(list, fmt.Sprintf("%s %s", second, withinSecond.ReplaceAllString(m.Rendered(), "$1")))
		}
	}
	return list
}

func TestPeopleFollowThePlan(t *testing.T) {
	t.Parallel()
	p := sample(plan(t, seed))
	var first, second slacksim.State
	t.Run("twice", func(t *testing.T) {
		t.Run("first", func(t *testing.T) { t.Parallel(); first = play(t, p) })
		t.Run("second", func(t *testing.T) { t.Parallel(); second = play(t, p) })
	})
	got := cards(first)
	if diff := cmp.Diff(got, cards(second)); diff != "" {
		t.Errorf("the same plan came out otherwise the second time:\n%s", diff)
	}
	for i, ticket := range p.Tickets {
		want := outcome(ticket)
		ok := slices.ContainsFunc(got, func(card string) bool {
			return strings.Contains(card, fmt.Sprintf(" #%d · ", i+1)) && strings.Contains(card, ticket.Title) && strings.Contains(card, want)
		})
		if !ok {
			t.Errorf("no card says that #%d, %q, is %q, among\n%s", i+1, ticket.Title, want, strings.Join(got, "\n"))
		}
	}
	if n := len(first.Channel("support-digest").Roots()); n == 0 {
		t.Error("no week was told")
	}
}

// A small problem takes half a day, everybody in the company, and many words. Who asked says thanks, and gives stars.
func TestTheOutage(t *testing.T) {
	t.Parallel()
	p := plan(t, seed)
	p.Tickets = slices.DeleteFunc(p.Tickets, func(t history.Ticket) bool { return t.Title != "Some card payments take long" })
	p.End = p.Tickets[0].At + 24*time.Hour
	var reported []string
	s := play(t, p, func(player *history.Player, ctx context.Context) error {
		player.Tell = nil
		player.Deploy = func(_ context.Context, d history.Deployment, at time.Time) error {
			reported = append(reported, fmt.Sprint(d.Service, at))
			return nil
		}
		return player.Play(ctx, history.Plan{Deployments: p.Deployments, End: p.End})
	})
	if got := strings.Join(cards(s), "\n"); !strings.Contains(got, "143 replies · 12 people · 5 h 10") {
		t.Errorf("the card reads\n%s", got)
	}
	var told []string
	for _, m := range s.DMs("alice") {
		told = append(told, m.Rendered())
	}
	if got := strings.Join(told, "\n"); !strings.Contains(got, "5 of 5 stars") {
		t.Errorf("Alice reads\n%s", got)
	}
	if len(s.Channel("support").Members) != 8 {
		t.Errorf("%d people and bots are in the channel after it", len(s.Channel("support").Members))
	}
	if len(reported) < 60 {
		t.Errorf("%d deployments are reported", len(reported))
	}
}

// outcome is the text on a card about the end of a ticket.
func outcome(t history.Ticket) string {
	said := "Open, no owner"
	for _, s := range t.Steps {
		switch s.Do {
		case history.ClaimEmoji, history.ClaimButton, history.ClaimAlert, history.ClaimAsked:
			said = "has it"
		case history.ResolveTick, history.ResolveMark, history.ResolveForm, history.SolvedIt:
			said = "resolved it"
		case history.Ask:
			said = "Closed: no answer"
		case history.Answer, history.Reply:
			if s.Who == t.Requester && said == "Closed: no answer" {
				said = "has it"
			}
		case history.Withdraw:
			said = "Closed: withdrawn"
		case history.Close:
			said = map[string]string{
				"withdrawn": "Closed: withdrawn", "not_an_issue": "Closed: not an issue", "duplicate": "Closed: duplicate of #",
			}[s.To]
		}
	}
	return said
}

// At the end Ines asks Grace in private: the two of them read it, and nobody else reads a word of it.
func TestAPrivateTicket(t *testing.T) {
	t.Parallel()
	s := play(t, history.Plan{End: 10 * time.Hour}, (*history.Player).Confide)
	room := s.Channel("ticket-1")
	var said []string
	for _, m := range room.Messages {
		said = append(said, m.Rendered())
	}
	if text := strings.Join(said, "\n"); !room.Private || !strings.Contains(text, "My payslip is wrong") || !strings.Contains(text, "Grace has it") || !strings.Contains(text, "last year's amount") {
		t.Errorf("private: %t, it reads\n%s", room.Private, text)
	}
	for _, p := range s.People {
		trusted := p.Name == "ines" || p.Name == history.Trusted || p.Bot
		if room.Has(p.ID) != trusted {
			t.Errorf("%s is in it: %t", p.Name, !trusted)
		}
		for _, m := range s.DMs(p.Name) {
			if !trusted && strings.Contains(m.Rendered(), "payslip") {
				t.Errorf("%s reads %s", p.Name, m.Rendered())
			}
		}
	}
	for _, m := range s.Channel("support").Messages {
		if strings.Contains(m.Rendered(), "payslip") || strings.Contains(m.Rendered(), "#1 ") {
			t.Errorf("#support reads %s", m.Rendered())
		}
	}
}
