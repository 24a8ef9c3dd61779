package app

import (
	"context"
	"reflect"
	"time"
)

// LookAgain looks up the names of the settings in Slack again: a group may be in use
// again, or the bot may have joined a channel. The policy stays as it is.
func (a *App) LookAgain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reloadWithin)
	defer cancel()
	a.changing.Lock()
	defer a.changing.Unlock()
	old := a.components.Load()
	w, err := a.readWorkspace(ctx, old.cfg, old.workspace.support)
	if err != nil || reflect.DeepEqual(w, old.workspace) {
		return err
	}
	p, err := a.assemble(old.cfg, w)
	if err != nil {
		return err
	}
	if err := a.readMembers(ctx, p.people); err != nil {
		if w.responders != old.workspace.responders {
			return err
		}
		a.log.Warn("who is in the support channel is as it was read last", "error", err)
	}
	p.policy, p.version = old.policy, old.version
	tell(a.log, old.workspace.references, w.references)
	a.replaceComponents(p)
	return nil
}

// justLooked is the time after the start in which names are not looked up again.
const justLooked = time.Minute

func (a *App) followNames(ctx context.Context) error {
	if time.Since(a.components.Load().made) < justLooked {
		return nil
	}
	return a.LookAgain(ctx)
}

// lookSoon requests a LookAgain. Requests before it runs count as one.
func (a *App) lookSoon() {
	select {
	case a.lookNow <- struct{}{}:
	default:
	}
}
