// Package demo shows the whole product on one machine: an embedded PostgreSQL, a
// simulated Slack workspace with its page, and the bot, with a clock that can be moved.
// It controls the bot only in ways that a real workspace or a real operator has.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"supporty/internal/app"
	"supporty/internal/config"
	"supporty/internal/dev/slacksim"
)

// Options of the demo.
type Options struct {
	Once  bool   // play the tour in an empty workspace and return
	Tour  bool   // play the tour in an empty workspace, and stay up
	Reset bool   // begin again: delete what is in the data directory
	Dir   string // where data are kept between runs; "" for the default in the user's home
	Hours string // opening hours after the example history, "Mon-Fri 09:00-18:00 Europe/London"; "" for always
	// Config is a settings file. Its opening hours, priorities and warn_at apply after
	// the example history. "" means the program's own.
	Config string
	Addr   string // host:port of the page, on this machine only; "" for a free port
}

// Run shows the demo until ctx is done. With Once it ends by itself; its error names the
// first step of the tour that had no visible effect.
func Run(ctx context.Context, w io.Writer, o Options) error {
	if err := slacksim.CheckLocal(o.Addr); err != nil {
		return err
	}
	if _, err := promise(o); err != nil {
		return err
	}
	e, err := build(ctx, o)
	if err != nil {
		return err
	}
	return errors.Join(e.live(ctx, w, o), e.close())
}

// live runs the bot in the environment.
func (e *environment) live(ctx context.Context, w io.Writer, o Options) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	settings, err := e.settingsAtFirst(o)
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	ready := make(chan *app.App, 1)
	go func() {
		ended <- app.Run(running, settings, app.Options{
			Log: e.log, Clock: e.clock, Unpaced: true, Ready: func(a *app.App) { ready <- a },
			Settings: func() (config.Config, error) { return e.settingsWith(o) }, Reload: e.reload,
		})
	}()
	select {
	case bot := <-ready:
		err = e.show(ctx, w, o, bot, ended)
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	stop()
	return errors.Join(err, <-ended)
}

// show runs while the bot runs, and returns when the demo is over. If the bot ends first,
// its error is put back into ended for Run.
func (e *environment) show(ctx context.Context, w io.Writer, o Options, bot *app.App, ended chan error) error {
	if o.Once || o.Tour {
		t := &tour{w: w, slack: e.slack.Client(), bot: bot, clock: e.clock}
		if err := t.play(ctx); err != nil || o.Once {
			return err
		}
	}
	if err := bot.SetRate(ctx, 1); err != nil {
		return err
	}
	greet(w, e.slack.URL(), e.http().PublicURL, e.dataDir)
	playing, stop := context.WithCancel(ctx)
	past := make(chan error, 1)
	go func() {
		err := e.playExample(playing, bot)
		if playing.Err() == nil { // the settings of the history end with it
			e.reload <- struct{}{}
		}
		past <- err
	}()
	select {
	case <-ctx.Done():
	case err := <-ended:
		ended <- err
	}
	stop()
	err := <-past
	e.rest(ctx, bot)
	return err
}

// rest stops the business clock, so that nothing becomes late while the demo is not
// running. If the bot cannot do so any more, time goes on.
func (e *environment) rest(ctx context.Context, bot *app.App) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	if err := bot.SetRate(ctx, 0); err != nil {
		e.log.Warn("the clock could not be stopped", "error", err)
	}
}

// greet prints where the demo is, and what to do there.
func greet(w io.Writer, address, pages string, d dataDir) {
	data := "Nothing is kept."
	if d.file != "" {
		data = fmt.Sprintf("Data are kept in %s; supporty demo --reset begins again.", d.dir)
	}
	_, _ = fmt.Fprintf(w, `%s/

A simulated Slack workspace, with the bot in it. It is for this machine only.

  Be Alice, who has a problem: type /support in any channel.
  Be Bob, who solves it: put 👀 on the card in #support, and ✅ when it is done.
  Move the time to the next deadline and see what is said. On Mondays at 09:00
  the week is told in #support-digest.
  Be Dana, who leads a squad: %s/

%s Ctrl-C ends it.
`, address, pages, data) // a closed terminal ends the demo by itself
}
