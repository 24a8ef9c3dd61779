//go:build unix

package e2e

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"supporty/internal/dev/slacksim"
)

// crowd is a workspace in which so many people more are in #support.
func crowd(n int) slacksim.Workspace { return crowdOf(n, func(int) bool { return false }) }

// mixedCrowd is a crowd in which some are not in #support.
func mixedCrowd(n int) slacksim.Workspace { return crowdOf(n, isOutsider) }

func crowdOf(n int, isOutsider func(i int) bool) slacksim.Workspace {
	w := slacksim.DefaultWorkspace()
	for i := range n {
		name := filer(i)
		w.People = append(w.People, slacksim.Person{Name: name, RealName: "Person " + name, TZ: "UTC"})
		for c := range w.Channels {
			if w.Channels[c].Name == "support" && !isOutsider(i) || w.Channels[c].Name == "general" {
				w.Channels[c].Members = append(w.Channels[c].Members, name)
			}
		}
	}
	return w
}

func filer(i int) string { return fmt.Sprintf("p%02d", i) }

// together does something for each number below n at the same time, and returns
// for which it went well.
func together(n int, do func(i int) bool) []bool {
	outcomes := make([]bool, n)
	var doing sync.WaitGroup
	for i := range n {
		doing.Go(func() { outcomes[i] = do(i) })
	}
	doing.Wait()
	return outcomes
}

// submits sends an open form, and presses again until it closes.
func submits(ctx context.Context, who *slacksim.Actor, title string) bool {
	out, err := who.Submit(ctx, problem(title))
	for err == nil && !out.Closed && ctx.Err() == nil {
		out, err = who.Resubmit(ctx)
	}
	return err == nil && out.Closed
}

func count(list []bool) int {
	return len(slices.DeleteFunc(slices.Clone(list), func(ok bool) bool { return !ok }))
}

// openForms has the first n filers type the command, again if they have no luck.
// Those who have a form already keep it.
func openForms(ctx context.Context, sim *slacksim.Server, n int) error {
	return openFormsIn(ctx, sim, n, func(int) string { return "general" })
}

// openFormsIn does the same, each where they file.
func openFormsIn(ctx context.Context, sim *slacksim.Server, n int, channel func(i int) string) error {
	slack := sim.Client()
	for {
		before := sim.State()
		together(n, atOnce(60, func(i int) bool {
			if who := before.Person(filer(i)); who.Modal() == nil {
				_, _ = slack.As(filer(i)).Command(ctx, channel(i), "/support", "") // looked at below
			}
			return true
		}))
		some, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := wait(some, "everybody's form", func() bool { return everyoneHasForm(sim.State(), n) })
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

func everyoneHasForm(s slacksim.State, n int) bool {
	with := 0
	for _, p := range s.People {
		if p.Modal() != nil {
			with++
		}
	}
	return with >= n
}

// problem is a form filled in.
func problem(title string) slacksim.FormValues {
	return slacksim.FormValues{"priority": "P2", "title": title, "text": "Since noon.", "category": "Payments"}
}
