package app

import (
	"context"
	"errors"
	"time"

	"supporty/internal/config"
)

// followSettings applies changed settings while the program runs, and changes in Slack of
// what they name.
func (a *App) followSettings(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.opts.Reload: // for ever, if it is nil
			a.reload(ctx)
		case <-a.lookNow:
			if err := a.LookAgain(ctx); err != nil {
				a.log.Warn("looking for what the settings name failed; it is done again in ten minutes", "error", err)
			}
		}
	}
}

// reloadWithin bounds the calls to Slack and the database for new settings. While one of
// them does not answer, the old settings stay.
const reloadWithin = 30 * time.Second

// reload reads the settings and applies all of them or none. The log says which.
func (a *App) reload(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, reloadWithin)
	defer cancel()
	next, err := a.opts.Settings()
	if err == nil {
		err = a.takeOver(ctx, next)
	}
	if err != nil {
		a.log.Error("the changed settings are refused; the old ones stay", "problems", problemsOf(err))
	}
}

// problemsOf lists what is wrong, one sentence each.
func problemsOf(err error) []string {
	problems, ok := errors.AsType[config.Problems](err)
	if !ok {
		return []string{err.Error()}
	}
	var all []string
	for _, p := range problems {
		all = append(all, p.String())
	}
	return all
}

// takeOver makes new components and replaces the old ones.
func (a *App) takeOver(ctx context.Context, next config.Config) error {
	p, err := a.rebuild(ctx, next)
	if err != nil {
		return err
	}
	a.log.Info("the settings were read again", "policy", p.version)
	if err := a.Sweep(ctx); err != nil {
		a.log.Error("not all tickets were brought to the new settings yet", "error", err)
	}
	return nil
}

func (a *App) rebuild(ctx context.Context, next config.Config) (*components, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	old := a.components.Load()
	next, needRestart := old.cfg.Become(next)
	if len(needRestart) > 0 {
		a.log.Warn("some settings that have changed hold after a restart only", "settings", needRestart)
	}
	w, err := a.readWorkspace(ctx, next, old.workspace.support)
	if err != nil {
		return nil, err
	}
	if err := a.prepareCalendars(ctx, next); err != nil {
		return nil, err
	}
	p, err := a.assemble(next, w)
	if err != nil {
		return nil, err
	}
	if err := a.readMembers(ctx, p.people); err != nil {
		return nil, err
	}
	if err := a.db.SearchIn(ctx, next.Search.Language); err != nil {
		return nil, err
	}
	if err := p.desk.NamePeople(ctx, next.Export.People, a.clock.Now()); err != nil {
		return nil, err
	}
	if err := a.policies.Adopt(ctx, p.policy, a.clock.Now()); err != nil {
		return nil, err
	}
	if err := a.noteSettings(ctx, next); err != nil {
		return nil, err
	}
	p.version = a.policies.Current()
	tell(a.log, nil, w.references)
	a.replaceComponents(p)
	return p, nil
}

func (a *App) replaceComponents(p *components) {
	a.components.Store(p)
	a.sender.Reload(a.composer(p))
	a.home.Reload(a.homeSettings(p))
	a.receiver.Reload(a.handlerOptions(p))
	a.catchup.Reload(a.catchupSettings(p))
}

// followPolicy reads which policy is current: another copy may have read other settings.
// Forms then show its targets, and open tickets are retargeted.
func (a *App) followPolicy(ctx context.Context) error {
	outdated, err := a.policies.Refresh(ctx)
	if err != nil {
		return err
	}
	if err := a.adoptCurrent(ctx); err != nil || !outdated {
		return err
	}
	return a.inBatches(func() (int, error) { return a.components.Load().desk.Retarget(ctx, a.clock.Now()) })
}

func (a *App) adoptCurrent(ctx context.Context) error {
	if !a.changing.TryLock() {
		return nil // the settings are being read: that, or the next sweep, adopts the policy
	}
	defer a.changing.Unlock()
	p, version := *a.components.Load(), a.policies.Current()
	if p.version == version {
		return nil
	}
	policy, err := a.policies.Policy(ctx, version)
	if err != nil {
		return err
	}
	p.policy, p.version = policy, version
	a.replaceComponents(&p)
	a.log.Info("another copy has changed the policy", "policy", version)
	return nil
}
