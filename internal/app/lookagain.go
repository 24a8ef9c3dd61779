package app

import (
	"context"
	"reflect"
	"time"
)

// LookAgain finds out what the names in the settings stand for by now: a group may be in use
// again, the bot may be where it was not. The policy stays what it is.
func (a *App) LookAgain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, reloadWithin)
	defer cancel()
	a.changing.Lock()
	defer a.changing.Unlock()
	old := a.components.Load()
	w, err := a.lookAround(ctx, old.cfg, old.workspace.support)
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
	a.use(p)
	return nil
}

// justLooked is how long after the start nothing is looked for again.
const justLooked = time.Minute

func (a *App) followNames(ctx context.Context) error {
	if time.Since(a.components.Load().made) < justLooked {
		return nil
	}
	return a.LookAgain(ctx)
}

// lookSoon has it done in a moment: once, whatever else happens until then.
func (a *App) lookSoon() {
	select {
	case a.lookNow <- struct{}{}:
	default:
	}
}
