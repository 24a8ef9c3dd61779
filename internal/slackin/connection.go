package slackin

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// connection is one of the sockets, across all its reconnects. Responses that the library
// has not sent when a connection ends go out on the next one.
type connection struct {
	*Receiver
	client   *socketmode.Client
	log      *slog.Logger
	pace     pace
	said     string                  // why it last failed, once that was logged
	watchdog *time.Timer             // ends a run unless Slack greets it in time
	end      context.CancelCauseFunc // ends a run for a reason
	greeted  time.Time               // when Slack greeted this run, in real time
}

func (r *Receiver) newConnection(n int) *connection {
	c := &connection{Receiver: r, log: r.log.With("socket", n)}
	c.client = socketmode.New(r.api, socketmode.OptionReadLimit(readLimit), socketmode.OptionDialer(c.dialer()),
		socketmode.OptionLog(slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)))
	return c
}

// dialer is the library's dialer, but its connections report their end (see ending), and
// the write buffer is larger: the library would split an acknowledgement that does not
// fit into it, and Slack does not put frames together again.
func (c *connection) dialer() *websocket.Dialer {
	return &websocket.Dialer{
		Proxy: http.ProxyFromEnvironment, HandshakeTimeout: handshakeWithin, WriteBufferSize: writeBuffer,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return ending{conn, c.end}, nil
		},
	}
}

// ending ends a run of the library when its connection ends. Otherwise the library
// reconnects at once, however short the connection was, and does not report that Slack
// refused it.
type ending struct {
	net.Conn
	end context.CancelCauseFunc
}

// Close implements net.Conn.
func (e ending) Close() error {
	e.end(errClosed)
	return e.Conn.Close()
}

// run opens the socket once, and returns why it ended.
func (c *connection) run(ctx context.Context) error {
	ctx, c.end = context.WithCancelCause(ctx)
	defer c.end(nil)
	c.greeted = time.Time{}
	c.watchdog = time.AfterFunc(c.hello, func() { c.end(errNoHello) })
	defer c.watchdog.Stop()
	var reading sync.WaitGroup
	done := make(chan struct{})
	reading.Go(func() { c.read(done) })
	err := c.client.RunContext(ctx)
	close(done)
	reading.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// read takes events from the socket without delay: while it does not read, the library
// answers no pings. It also takes the events that the library read before the end.
func (c *connection) read(done <-chan struct{}) {
	defer c.lost()
	for {
		select {
		case e := <-c.client.Events:
			c.take(e)
		case <-done:
			for len(c.client.Events) > 0 {
				c.take(<-c.client.Events)
			}
			return
		}
	}
}

func (c *connection) take(e socketmode.Event) {
	switch e.Type {
	case socketmode.EventTypeHello:
		c.greet(e.Request)
	case socketmode.EventTypeConnectionError:
		if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
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

// greet records that the socket is connected, and how many sockets of all copies are.
func (c *connection) greet(hello *socketmode.Request) {
	c.watchdog.Stop()
	c.all.Store(int64(hello.NumConnections))
	if !c.greeted.IsZero() {
		return
	}
	c.greeted = time.Now()
	c.uptime.add(1, c.handler.Load().Now())
	c.once.Do(func() { close(c.first) })
	if c.pace.failures > 1 {
		c.log.Info("connected to Slack again", "tries", c.pace.failures)
	}
}

// lost records that the socket is gone. Envelopes that Slack had sent to it, or that the
// library had read and not passed on, may be lost. They are not certain to come again.
func (c *connection) lost() {
	if !c.greeted.IsZero() {
		c.uptime.add(-1, time.Time{})
		h := c.handler.Load()
		h.OnLost(h.Now())
	}
}

// enqueue decodes a frame that the library could not parse, by our own structs.
func (c *connection) enqueue(frame json.RawMessage) {
	e, err := decodeEnvelope(frame)
	if err != nil || e.ID == "" {
		c.log.Warn("a frame that is no envelope", "error", err)
		return
	}
	c.offer(c.client, e)
}

// resend queues an acknowledgement again that could not be written.
func (c *connection) resend(response socketmode.Response) {
	ctx, cancel := context.WithTimeout(context.Background(), ackDeadline)
	defer cancel()
	if err := c.client.SendCtx(ctx, response); err != nil {
		c.log.Warn("acknowledging again", "envelope", response.EnvelopeID, "error", err)
	}
}
