package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"supporty/internal/clock"
	"supporty/internal/config"
	"supporty/internal/desk"
	"supporty/internal/postgres"
	"supporty/internal/ticket"
)

// Forgetting removes a person's words and name, or lists them.
type Forgetting struct {
	Person string        // their id
	Yes    bool          // remove; otherwise list
	Settle time.Duration // how long running copies may still know the name
}

// Run writes what there is of the person, and removes it if that is wanted. A running copy of
// the bot does the rest: it deletes messages, and posts what people still need.
func (f Forgetting) Run(ctx context.Context, cfg config.Config, log *slog.Logger, w io.Writer) error {
	if !config.IsPerson(f.Person) {
		return fmt.Errorf("%q is not the id of a person; write --user U0123456789 (in their profile, Copy member ID)", f.Person)
	}
	return withOutbox(ctx, cfg, log, func(db *postgres.DB) error {
		return f.forget(ctx, db, w)
	})
}

// forgetter forgets a person in one database.
type forgetter struct {
	desk  *desk.Desk
	what  desk.Forgetting
	clock *clock.Clock
}

func (f Forgetting) forget(ctx context.Context, db *postgres.DB, w io.Writer) error {
	name, done, err := db.Forgotten(ctx, f.Person)
	if err != nil {
		return err
	}
	numbers, err := db.TicketsOf(ctx, f.Person, name)
	if err != nil {
		return err
	}
	by, err := newForgetter(ctx, db, desk.Forgetting{Person: f.Person, Name: name, Named: !done})
	if err != nil {
		return err
	}
	if !f.Yes {
		if err := f.list(ctx, by, numbers, w); err != nil {
			return err
		}
		return f.listDuty(ctx, db, name, w)
	}
	if err := db.ForgetProfile(ctx, f.Person); err != nil {
		return err
	}
	if len(numbers) > 0 && !done {
		if err := f.settle(ctx, db, w); err != nil {
			return err
		}
	}
	if err := f.remove(ctx, by, numbers, w); err != nil {
		return err
	}
	n, err := db.ForgetDutyWords(ctx, f.Person, name)
	if err != nil {
		return err
	}
	if n > 0 {
		_, _ = fmt.Fprintf(w, "Messages about duty with them or their name: %d.\n", n)
	}
	return db.ForgetDone(ctx, f.Person)
}

// listDuty says how many messages about duty there are of the person.
func (f Forgetting) listDuty(ctx context.Context, db *postgres.DB, name string, w io.Writer) error {
	n, err := db.DutyWords(ctx, f.Person, name)
	if err == nil && n > 0 {
		_, err = fmt.Fprintf(w, "Messages about duty with them or their name, notes among them: %d.\n", n)
	}
	return err
}

// settle waits until no copy of the bot knows the name any more that was just removed. A copy that
// has given no sign for that long knows it no more, so without a running copy nothing is waited for.
func (f Forgetting) settle(ctx context.Context, db *postgres.DB, w io.Writer) error {
	silent, err := db.Silence(ctx)
	if err != nil {
		return err
	}
	left := f.Settle - silent
	if left <= 0 {
		return nil
	}
	_, _ = fmt.Fprintf(w, "A copy of the bot runs, or ran until now. It may know the name for a minute, and write it into messages: waiting %s.\n", left.Round(time.Second))
	select {
	case <-time.After(left):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func newForgetter(ctx context.Context, db *postgres.DB, what desk.Forgetting) (forgetter, error) {
	setting, err := db.Clock(ctx)
	if err != nil {
		return forgetter{}, err
	}
	c := &clock.Clock{}
	c.Set(setting)
	return forgetter{desk: desk.New(db, nobody{}, db.Policies(), nil), what: what, clock: c}, nil
}

// nobody is a directory for what no person does.
type nobody struct{}

var errNobody = errors.New("the command line knows nobody")

func (nobody) Person(context.Context, string) (desk.Person, error)    { return desk.Person{}, errNobody }
func (nobody) IsMember(context.Context, string, string) (bool, error) { return false, errNobody }

// list writes a line for each ticket that has something of the person.
func (f Forgetting) list(ctx context.Context, by forgetter, numbers []ticket.Number, w io.Writer) error {
	var rows []string
	for _, n := range numbers {
		t, err := by.desk.Traces(ctx, n, by.what, by.clock.Now())
		if err != nil {
			return err
		}
		if t.Any() {
			rows = append(rows, fmt.Sprintf("%s\t%d\t%d\t%d", t.Ticket, t.Texts, t.Messages, t.Naming))
		}
	}
	if len(rows) == 0 && !by.what.Named {
		_, err := fmt.Fprintf(w, "Nothing of %s is left.\n", f.Person)
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "TICKET\tTEXTS\tMESSAGES WITH THEM\tMESSAGES WITH THE NAME") // Flush has the error
	_, _ = fmt.Fprint(table, strings.Join(append(rows, ""), "\n"))
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "The profile of %s, and what they chose to see on Home, go as well. Nothing is changed yet: add --yes.\n%s", f.Person, outOfReach)
	return err
}

const outOfReach = "Out of reach: messages that they wrote in Slack themselves, and files that they uploaded; what others wrote about them; backups.\n"

// remove removes the person from one ticket after another. If it is cut off, it can be run again.
func (f Forgetting) remove(ctx context.Context, by forgetter, numbers []ticket.Number, w io.Writer) error {
	var all desk.Traces
	tickets := 0
	for _, n := range numbers {
		t, err := by.desk.ForgetPerson(ctx, n, by.what, by.clock.Now())
		if err != nil {
			return err
		}
		if t.Any() {
			tickets++
			all.Texts, all.Messages, all.Naming = all.Texts+t.Texts, all.Messages+t.Messages, all.Naming+t.Naming
		}
	}
	_, err := fmt.Fprintf(w, "%s is forgotten. Tickets: %d. Texts: %d. Messages with them: %d; with the name: %d.\n"+
		"A running copy deletes or changes these messages; supporty outbox lists those that cannot be.\n%s",
		f.Person, tickets, all.Texts, all.Messages, all.Naming, outOfReach)
	return err
}
