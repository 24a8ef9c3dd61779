package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"supporty/internal/catchup"
	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/directory"
	"supporty/internal/duty"
	"supporty/internal/home"
	"supporty/internal/insight"
	"supporty/internal/outbox"
	"supporty/internal/pager"
	"supporty/internal/schedule"
	"supporty/internal/sla"
	"supporty/internal/slackapi"
	"supporty/internal/slackin"
	"supporty/internal/slackview"
	"supporty/internal/ticket"
)

// components are made from the settings, and made anew when those change. They are
// immutable: code that uses them during a change goes on with the old settings.
type components struct {
	cfg       config.Config
	workspace workspace
	made      time.Time  // real time
	policy    sla.Policy // the current policy; another copy may have adopted it
	version   int        // of the policy
	people    *directory.Directory
	desk      *desk.Desk
	days      duty.Days
	turns     map[string][]string // by squad: who takes turns by a rota that was made in Slack
	tasks     []desk.Task

	digestSpec  string
	nextDigest  func(time.Time) time.Time
	monthlySpec string // empty for no monthly digest
	nextMonthly func(time.Time) time.Time
	thanksSpec  string
	nextThanks  func(time.Time) time.Time
}

// fridays is when thanks are delivered.
const fridays = "0 16 * * 5"

// assemble makes the components for some settings.
func (a *App) assemble(cfg config.Config, w workspace) (*components, error) {
	p := &components{cfg: cfg, workspace: w, made: time.Now(), digestSpec: cfg.Digest.Schedule + " " + cfg.Digest.Zone.String()}
	var err error
	if p.policy, err = policyOf(cfg, w.escalation.steps); err != nil {
		return nil, err
	}
	if p.days, err = cfg.Days(); err != nil {
		return nil, err
	}
	roster, err := cfg.Roster(a.shiftsOf)
	if err != nil {
		return nil, err
	}
	if p.tasks, err = tasksOf(cfg); err != nil {
		return nil, err
	}
	if p.nextDigest, err = schedule.Next(cfg.Digest.Schedule, cfg.Digest.Zone); err != nil {
		return nil, err
	}
	if monthly := cfg.Digest.Monthly; monthly != "" {
		p.monthlySpec = monthly + " " + cfg.Digest.Zone.String()
		if p.nextMonthly, err = schedule.Next(monthly, cfg.Digest.Zone); err != nil {
			return nil, err
		}
	}
	p.thanksSpec = fridays + " " + cfg.Digest.Zone.String()
	if p.nextThanks, err = schedule.Next(fridays, cfg.Digest.Zone); err != nil {
		return nil, err
	}
	if old := a.components.Load(); old != nil {
		p.turns = old.turns
	}
	p.people = directory.New(a.db, a.slack, w.peopleFor(cfg), a.log, time.Now)
	p.desk = desk.New(a.db, p.people, a.policies, categoryNames(cfg)).
		Understanding(desk.Thanks(cfg.Thanks())).Instead(w.escalation.instead).Owning(owned(cfg)).Gardening(gardens(cfg)).OnDuty(roster, a.madeOf(cfg)).
		Offering(offersOf(cfg, p.people.SquadMembers)).Climbing(laddersOf(cfg)).Sleeping(cfg.Duty.Night).Weighing(p.days).Guided(runbooksOf(cfg)).
		Living(w.homesOfCategories(cfg), len(w.homes) > 0).
		Asking(fieldsByCategory(cfg)).KeepingPrivate(cfg.PrivateCategories()).WithIncidents(incidentsOf(cfg)).Sealing(cfg.Slack.BotToken).
		Surveying(cfg.Survey.Share).Leading(w.leads(cfg)).Remembering()
	return p, nil
}

// readMembers reads the members of the channels and user groups that matter. If a group no
// longer exists, or the bot is not in a channel any more, the stored members stay.
func (a *App) readMembers(ctx context.Context, people *directory.Directory) error {
	err := people.Refresh(ctx)
	if errors.Is(err, directory.ErrPlace) && !passing(slackapi.ScopeOf(err)) {
		a.log.Warn("a channel or a user group is as it was read last", "error", err)
		return nil
	}
	return err
}

// ReadMembers reads who is in the channels and user groups that matter, the bot itself included. It
// runs by itself every hour.
func (a *App) ReadMembers(ctx context.Context) error {
	began := a.clock.Now()
	if err := errors.Join(a.followPresence(ctx), a.readMembers(ctx, a.components.Load().people)); err != nil {
		return err
	}
	a.membersAt.Store(began.UnixNano())
	return nil
}

// readMembersAfterGap reads the members if this copy had no connection at a time since they were
// read last: Slack may have told nobody who has joined or left a channel or a group.
func (a *App) readMembersAfterGap(ctx context.Context) error {
	if since := a.receiver.Since(); since.IsZero() || since.UnixNano() <= a.membersAt.Load() {
		return nil
	}
	return a.ReadMembers(ctx)
}

// build makes all components without starting them.
func (a *App) build(ctx context.Context, w workspace) error {
	policy, err := policyOf(a.cfg, w.escalation.steps)
	if err != nil {
		return err
	}
	if a.policies, err = a.db.AdoptPolicy(ctx, policy, a.clock.Now()); err != nil {
		return err
	}
	if err := a.prepareCalendars(ctx, a.cfg); err != nil {
		return err
	}
	p, err := a.assemble(a.cfg, w)
	if err != nil {
		return err
	}
	if p.turns, err = p.desk.TurnsMade(ctx, a.clock.Now()); err != nil {
		return err
	}
	if err := a.noteSettings(ctx, a.cfg); err != nil {
		return err
	}
	if err := a.db.SearchIn(ctx, a.cfg.Search.Language); err != nil {
		return err
	}
	if err := a.readMembers(ctx, p.people); err != nil {
		return err
	}
	p.version = a.policies.Current()
	tell(a.log, nil, w.references)
	host, _ := os.Hostname() // only for people who read the database
	a.copy = fmt.Sprintf("%s/%d/%d", host, os.Getpid(), time.Now().UnixNano())
	a.sender = outbox.New(outbox.Options{
		Holder: outbox.HolderOf(a.copy),
		Store:  a.db, Slack: a.slack, Clock: a.clock, Log: a.log,
		LookAfter: a.opts.LookAfter, Composer: a.composer(p),
	}, a.life.fail)
	a.db.TellSender(a.sender)
	a.home = home.New(a.db, a.slack, a.log, a.homeSettings(p))
	a.receiver = slackin.NewReceiver(a.slack.API(), slackin.NewHandler(a.handlerOptions(p)), a.log)
	a.catchup = a.newCatchUp(p)
	a.components.Store(p) // the last step: readers of components find everything else complete
	return nil
}

func (a *App) composer(p *components) *outbox.Composer {
	w := p.workspace
	return &outbox.Composer{
		Desk: p.desk, People: p.people, Digests: a.digests(p), Store: a.db, Pages: pagesOf(p.cfg),
		Support: w.support, Digest: w.digest, Group: w.alerts, Command: p.cfg.Command, About: aboutCategories(p.cfg), URL: w.bot.URL,
		Operators: w.operators, Asleep: len(asleep(p.cfg, p.turns)) > 0,
		MaxFile: p.cfg.Files.MaxSize,
		Singly:  p.cfg.DirectMessages == config.DirectSingly,
	}
}

func pagesOf(cfg config.Config) *pager.Client {
	addresses := map[string]pager.Address{}
	for _, p := range cfg.Pages {
		addresses[p.Name] = pager.Address{URL: p.URL.Reveal(), Format: pager.Format(p.Format), Key: p.Key.Reveal(), To: p.To, From: p.From}
	}
	return pager.New(addresses)
}

func (a *App) handlerOptions(p *components) slackin.Options {
	cfg, w := p.cfg, p.workspace
	return slackin.Options{
		Desk: p.desk, Slack: a.slack, Directory: p.people, Outbox: a.sender, Digests: a.digests(p), Home: a.home, HomeOffers: homeOffers(cfg),
		Pictures: w.files, Squads: owned(cfg), Zone: cfg.Digest.Zone,
		Feed: func(squad string) string { return feedAddress(cfg, squad) },
		Days: p.days, Rates: cfg.Duty.Pay.Rates(),
		Form: formOf(cfg, p.policy, w, p.turns), Support: w.support, Homes: w.homes, Groups: w.people().Groups(), Bot: w.bot,
		Command: cfg.Command, Signs: cfg.Emoji.Signs(), Opens: cfg.Emoji.Opens(), Thanks: cfg.Emoji.Thanks(), Offers: cfg.Emoji.Offers(),
		Ask: cfg.Messages != config.MessagesOff, FileUnder: cfg.FileUnder(),
		Urgent: cfg.UrgentLine, Now: a.clock.Now, Patience: a.opts.Patience, Log: a.log,
		OnEnqueued:        func() { a.sender.Wake(); a.home.Wake() },
		OnFiled:           func() { a.sender.Begin(); a.home.Wake() },
		OnRevoked:         func() { a.life.fail(errRevoked) },
		OnChannelsChanged: a.lookSoon,
		OnLost:            func(at time.Time) { a.catchup.Lost(at) },
		OnLeft: func(ctx context.Context, channel string, since time.Time) error {
			return a.catchup.Left(ctx, channel, since)
		},
		OnBack:         func(ctx context.Context, channel string) error { return a.comeBack(ctx, channel) },
		OnHandled:      a.metrics.handled,
		OnAcknowledged: a.metrics.acknowledged,
	}
}

// homeSettings is the part of the settings that Home needs.
func (a *App) homeSettings(p *components) home.Settings {
	return home.Settings{Desk: p.desk, Offers: homeOffers(p.cfg), Scene: func(ctx context.Context) slackview.Scene {
		return slackview.Scene{
			Names:   func(id string) string { return p.people.Name(ctx, id) },
			Command: p.cfg.Command, Workspace: p.workspace.bot.URL, Now: a.clock.Now(),
		}
	}}
}

func homeOffers(cfg config.Config) slackview.HomeOffers {
	o := slackview.HomeOffers{Categories: categoryNames(cfg)}
	for _, s := range cfg.Squads {
		o.Squads = append(o.Squads, s.Name)
	}
	return o
}

// gardens are the categories of squads in which there are no targets, one for each squad that has some.
func gardens(cfg config.Config) map[string]string {
	squads := map[string]string{}
	for _, s := range cfg.Squads {
		for _, c := range cfg.Categories {
			if strings.EqualFold(c.Squad, s.Name) && c.NoClock && !c.Private && squads[s.Name] == "" {
				squads[s.Name] = c.Name
			}
		}
	}
	return squads
}

// owned are the categories of each squad.
func owned(cfg config.Config) map[string][]string {
	squads := map[string][]string{}
	for _, s := range cfg.Squads {
		squads[s.Name] = nil
		for _, c := range cfg.Categories {
			if strings.EqualFold(c.Squad, s.Name) {
				squads[s.Name] = append(squads[s.Name], c.Name)
			}
		}
	}
	return squads
}

func (a *App) newCatchUp(p *components) *catchup.CatchUp {
	return catchup.New(catchup.Options{
		Copy: a.copy, Store: a.db, Slack: a.slack,
		Now: a.clock.Now, Since: a.receiver.Since, HoldsLease: a.sender.Hold, OnEnqueued: a.sender.Wake,
		OnRead: func(outcome string) { a.metrics.reads.WithLabelValues(outcome).Inc() },
		OnSign: func(w catchup.Watermark) {
			a.metrics.behind.Set(w.Gap().Seconds())
			a.slack.SharedBy(w.Copies)
		},
		Log: a.log,
	}, a.catchupSettings(p))
}

// reading is the part of the settings that catching up needs.
func (a *App) catchupSettings(p *components) catchup.Settings {
	return catchup.Settings{
		Desk: p.desk, Name: p.people.Name, Channel: p.workspace.support, Homes: p.workspace.homesOfSquads(), Signs: p.cfg.Emoji.Signs(),
	}
}

func (a *App) digests(p *components) insight.Digests {
	hour := p.cfg.Cost.Hour
	return insight.Digests{
		Source: a.db, Zone: p.cfg.Digest.Zone, Pause: p.cfg.Cost.Pause,
		Rate: insight.Rate{Hour: hour.Amount, Before: hour.Before, After: hour.After},
		Work: worksOf(p.cfg), Deployed: p.cfg.DeploymentRules(), Hours: p.days.Hours,
	}
}

// runbooksOf are the addresses of the runbooks, each once.
func runbooksOf(cfg config.Config) (addresses []string) {
	for _, c := range cfg.Categories {
		if c.Runbook != "" && !slices.Contains(addresses, c.Runbook) {
			addresses = append(addresses, c.Runbook)
		}
	}
	return addresses
}

func worksOf(cfg config.Config) map[string]ticket.Work {
	works := map[string]ticket.Work{}
	for _, c := range cfg.Categories {
		if c.Work != "" {
			works[c.Name] = ticket.Work(c.Work)
		}
	}
	return works
}
