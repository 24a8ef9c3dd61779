package app

import (
	"context"
	"slices"
	"strings"

	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/schedule"
)

// offersOf is how new tickets are offered, and who looks after squads.
func offersOf(cfg config.Config, members func(ctx context.Context, squad string) ([]string, error)) desk.Offers {
	owners, requesters := cfg.OwnersOf()
	offers := desk.Offers{Categories: map[string]desk.Offering{}, Requesters: requesters, Members: members}
	for _, c := range cfg.Categories {
		of := desk.Offering{Owner: owners[c.Name], For: config.Squad{}.Offered()}
		for _, s := range cfg.Squads {
			if strings.EqualFold(s.Name, c.Squad) {
				of.Squad, of.Assign, of.For, of.Gardeners = s.Name, desk.Assign(s.Assign), s.Offered(), s.Gardeners()
			}
		}
		offers.Categories[c.Name] = of
	}
	return offers
}

// tasksOf are the tasks of squads.
func tasksOf(cfg config.Config) (tasks []desk.Task, err error) {
	for _, s := range cfg.Squads {
		zone, err := cfg.ZoneOf(s)
		if err != nil {
			return nil, err
		}
		for _, t := range s.Tasks {
			task := desk.Task{
				Squad: s.Name, Title: t.Title, Text: t.Text, Category: cfg.CategoryOf(s, t), Spec: t.Cron + " " + zone.String(),
				People: append(s.Gardeners(), s.Lead),
			}
			if task.Next, err = schedule.Next(t.Cron, zone); err != nil {
				return nil, err
			}
			task.People = slices.DeleteFunc(task.People, func(id string) bool { return id == "" })
			tasks = append(tasks, task)
		}
	}
	return tasks, nil
}

// openTasks opens the tickets of tasks whose time has come.
func (a *App) openTasks(ctx context.Context) error {
	p := a.components.Load()
	if len(p.tasks) == 0 {
		return nil
	}
	defer a.oneAtATime()()
	defer a.sender.Wake()
	return p.desk.OpenTasks(ctx, p.tasks, a.clock.Now())
}
