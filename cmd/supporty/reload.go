package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"supporty/internal/config"
)

const lookEvery = 2 * time.Second

// reloads sends when the settings have to be read again: on a hangup signal, and when the
// file has changed.
func reloads(ctx context.Context, file *config.File) <-chan struct{} {
	reload := make(chan struct{}, 1)
	poke := func() {
		select {
		case reload <- struct{}{}:
		default: // it will be, in a moment
		}
	}
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	go func() {
		defer signal.Stop(hangup)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hangup:
				poke()
			}
		}
	}()
	go file.Watch(ctx, lookEvery, poke)
	return reload
}
