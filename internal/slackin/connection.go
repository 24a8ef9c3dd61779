package slackin

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// connection is one socket, from when it is opened until it fails for good.
type connection struct {
	*Receiver
	client   *socketmode.Client
	watchdog *time.Timer             // ends it unless Slack greets it in time
	end      context.CancelCauseFunc // ends it for a reason
	stands   bool                    // it was greeted, and not lost since
}

// connect runs one socket until it fails for good or ctx is done.
func (r *Receiver) connect(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	client := socketmode.New(r.api, socketmode.OptionReadLimit(readLimit),
		socketmode.OptionLog(slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)))
	watchdog := time.AfterFunc(r.hello, func() { end(errNoHello) })
	defer watchdog.Stop()
	c := connection{Receiver: r, client: client, watchdog: watchdog, end: end}
	var reading sync.WaitGroup
	done := make(chan struct{})
	reading.Go(func() { c.read(done) })
	err := client.RunContext(ctx)
	close(done)
	reading.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// read takes what the socket receives, at once: while it does not, the library
// answers no pings.
func (c *connection) read(done <-chan struct{}) {
	defer c.lost()
	for {
		select {
		case e := <-c.client.Events:
			c.take(e)
		case <-done:
			return
		}
	}
}

func (c *connection) take(e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeHello:
		c.greet()
	case socketmode.EventTypeConnecting:
		c.lost()
		c.watchdog.Reset(c.hello)
	case socketmode.EventTypeInvalidAuth, socketmode.EventTypeConnectionError:
		if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok && isFatal(failed.ErrorObj) {
			c.end(failed.ErrorObj)
		}
	case socketmode.EventTypeErrorBadMessage:
		if bad, ok := e.Data.(*socketmode.ErrorBadMessage); ok {
			c.enqueue(bad.Message)
		}
	case socketmode.EventTypeErrorWriteFailed:
		if failed, ok := e.Data.(*socketmode.ErrorWriteFailed); ok && failed.Response != nil {
			go c.resend(*failed.Response)
		}
	default:
		if r := e.Request; r != nil && r.EnvelopeID != "" {
			c.offer(c.client, envelope{ID: r.EnvelopeID, Kind: r.Type, Payload: r.Payload, Retry: r.RetryAttempt})
		}
	}
}

func (c *connection) greet() {
	c.watchdog.Stop()
	if !c.stands {
		c.stands = true
		c.uptime.add(1, c.handler.Load().Now())
		c.once.Do(func() { close(c.greeted) })
	}
}

func (c *connection) lost() {
	if c.stands {
		c.stands = false
		c.uptime.add(-1, time.Time{})
	}
}

// enqueue decodes a frame that the library could not parse; ours we can.
func (c *connection) enqueue(frame json.RawMessage) {
	e, err := decodeEnvelope(frame)
	if err != nil || e.ID == "" {
		c.log.Warn("a frame that is no envelope", "error", err)
		return
	}
	c.offer(c.client, e)
}

// resend acknowledges again what could not be written.
func (c *connection) resend(response socketmode.Response) {
	ctx, cancel := context.WithTimeout(context.Background(), ackDeadline)
	defer cancel()
	if err := c.client.SendCtx(ctx, response); err != nil {
		c.log.Warn("acknowledging again", "envelope", response.EnvelopeID, "error", err)
	}
}
