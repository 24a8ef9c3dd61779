package slackin

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	silence      = 30 * time.Second // a connection without a greeting, and then without a ping, for so long is opened anew
	writeWithin  = ackDeadline      // a later answer would be of no use
	readLimit    = 4 << 20          // bytes of a frame; Slack's largest views have 250 KB
	answerBuffer = 32 << 10         // bytes; Slack does not put together an answer of several frames
)

// connection is one of the sockets, across all its reconnects.
type connection struct {
	*Receiver
	log     *slog.Logger
	answers chan answer // for the run that can write
	pace    pace
	said    string    // why it last failed, once that was logged
	greeted time.Time // when Slack greeted this run, in real time
}

// answer is a frame for Slack, and receives what became of it.
type answer struct {
	frame   []byte
	written chan<- error
}

func (r *Receiver) newConnection(n int) *connection {
	return &connection{Receiver: r, log: r.log.With("socket", n), answers: make(chan answer)}
}

// run opens the socket once, and returns why it ended.
func (c *connection) run(ctx context.Context) error {
	c.greeted = time.Time{}
	until := time.Now().Add(c.silence)
	conn, err := c.open(ctx, until)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(ctx)
	context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends what reads and what writes
	var writing sync.WaitGroup
	writing.Go(func() { defer end(); c.write(ctx, conn) })
	defer func() { end(); writing.Wait(); c.lost() }()
	_ = conn.SetReadDeadline(until)
	return c.read(conn)
}

// open asks Slack for an address, and connects to it.
func (c *connection) open(ctx context.Context, until time.Time) (*websocket.Conn, error) {
	ctx, cancel := context.WithDeadlineCause(ctx, until, errSilent)
	defer cancel()
	_, url, err := c.api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	dialer := websocket.Dialer{Proxy: http.ProxyFromEnvironment, WriteBufferSize: answerBuffer}
	conn, _, err := dialer.DialContext(ctx, url, http.Header{"Origin": {"https://api.slack.com"}}) //nolint:bodyclose // "does not need to be closed by the application" (its documentation)
	if err != nil {
		return nil, cmp.Or(context.Cause(ctx), err)
	}
	conn.SetReadLimit(readLimit)
	conn.SetPingHandler(func(text string) error {
		if !c.greeted.IsZero() {
			_ = conn.SetReadDeadline(time.Now().Add(c.silence))
		}
		_ = conn.WriteControl(websocket.PongMessage, []byte(text), time.Now().Add(writeWithin)) // if it fails, reading ends
		return nil
	})
	return conn, nil
}

// read takes frames from the socket without delay, and answers pings.
func (c *connection) read(conn *websocket.Conn) error {
	for {
		_, frame, err := conn.ReadMessage()
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return errSilent
		}
		if err != nil {
			return errClosed
		}
		e, err := decodeEnvelope(frame)
		switch {
		case err == nil && e.Kind == kindHello:
			c.greet(e)
			_ = conn.SetReadDeadline(time.Now().Add(c.silence))
		case err == nil && e.Kind == kindDisconnect:
			return fmt.Errorf("%w: %s", errClosed, e.Reason)
		case err == nil && e.ID != "":
			c.offer(c, e)
		default:
			c.log.Warn("a frame that is no envelope", "error", err)
		}
	}
}

// write writes answers until one cannot be written.
func (c *connection) write(ctx context.Context, conn *websocket.Conn) {
	for {
		select {
		case a := <-c.answers:
			_ = conn.SetWriteDeadline(time.Now().Add(writeWithin))
			err := conn.WriteMessage(websocket.TextMessage, a.frame)
			a.written <- err
			if err != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// answer acknowledges an envelope, with a payload or with none. If the connection ends
// before it is written, the next one writes it: Slack takes it on any socket of the app.
func (c *connection) answer(ctx context.Context, id string, payload any) error {
	frame, err := json.Marshal(struct {
		ID      string `json:"envelope_id"`
		Payload any    `json:"payload,omitempty"`
	}{id, payload})
	if err != nil {
		return fmt.Errorf("encoding an answer: %w", err)
	}
	written := make(chan error, 1)
	for {
		select {
		case c.answers <- answer{frame, written}:
		case <-ctx.Done():
			return ctx.Err()
		}
		if <-written == nil {
			return nil
		}
	}
}

// greet records that the socket is connected, and how many sockets of all copies are.
func (c *connection) greet(hello envelope) {
	c.all.Store(int64(hello.Connections))
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

// lost records that the socket is gone. Envelopes that Slack had sent to it may be lost. They
// are not certain to come again.
func (c *connection) lost() {
	if !c.greeted.IsZero() {
		c.uptime.add(-1, time.Time{})
		h := c.handler.Load()
		h.OnLost(h.Now())
	}
}
