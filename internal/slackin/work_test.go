package slackin

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"supporty/internal/desk"
	"supporty/internal/dev/slacksim"
)

// connects opens one socket, without workers to handle its envelopes.
func (h *receiverHarness) connects() {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = h.newConnection(0).run(ctx)
	}()
	h.t.Cleanup(func() { cancel(); <-ended })
	<-h.Greeted()
}

func TestFullQueueAsksToTryAgain(t *testing.T) {
	t.Parallel()
	h := newImpatientReceiver(t)
	h.connects()
	for range queueLength {
		h.queue <- arrival{}
	}
	if _, err := h.slack.As("alice").Command(t.Context(), "general", "/support", ""); err != nil {
		t.Fatal(err)
	}
	h.await("the answer", func(s slacksim.State) bool {
		heard := s.Ephemerals("alice")
		return len(heard) == 1 && heard[0].Text == busySentence
	})
	if n := h.pending.Load(); n != 0 {
		t.Errorf("%d are pending", n)
	}
	h.harness.counted(t, "busy")
	h.joins("carol")
	h.awaitEntry("Slack to give the event's first try up", func(e slacksim.Entry) bool {
		return e.Kind == slacksim.KindMissed && e.Type == "member_joined_channel"
	})
	for range queueLength {
		<-h.queue
	}
	if again := <-h.queue; again.Kind != kindEvent || again.Retry == 0 {
		t.Errorf("then came the %s, try %d", again.Kind, again.Retry)
	}
}

// A flood costs no more memory than the queue and the refusals under way, however long it
// lasts. The test runs alone because it measures the whole process.
func TestFloodIsBounded(t *testing.T) {
	h := newReceiverHarness(t)
	h.Receiver.log = slog.New(slog.DiscardHandler)
	event := envelope{Kind: kindEvent, Payload: []byte(`{"event_id":"Ev1","event":{"type":"reaction_added","event_ts":"1.2"}}`)}
	form := envelope{Kind: kindInteraction, Payload: []byte(`{"type":"view_submission","view":{"id":"V1","callback_id":"form_new"}}`)}
	for range queueLength {
		h.offer(nil, event)
	}
	mute := h.newConnection(0) // not open
	before := runtime.NumGoroutine()
	held := heap()
	for n := range 50_000 {
		e := event
		if n%10 == 0 {
			e = form
		}
		e.ID = strconv.Itoa(n)
		h.offer(mute, e)
	}
	if more := runtime.NumGoroutine() - before; more > mostRefused+5 {
		t.Errorf("%d goroutines more", more)
	}
	if more := heap() - held; more > 4<<20 {
		t.Errorf("%d bytes more", more)
	}
	if n := h.pending.Load(); n != queueLength {
		t.Errorf("%d are pending", n)
	}
	for range mostRefused { // until the last refusal under way has given up
		h.refused <- struct{}{}
	}
}

// heap is the memory in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestStaleEnvelopesAreNotHandled(t *testing.T) {
	t.Parallel()
	h := newReceiverHarness(t)
	h.connects()
	acked := make(chan bool, 1)
	go func() {
		out, err := h.slack.As("alice").Command(t.Context(), "general", "/support", "")
		acked <- err == nil && out.Acked
	}()
	a := <-h.queue
	a.at = a.at.Add(-maxWait)
	h.serve(t.Context(), a)
	if !<-acked {
		t.Error("the command was left without an answer")
	}
	if heard := h.harness.slack.heard(); len(heard) != 0 {
		t.Errorf("Slack heard %q", heard)
	}
	h.harness.counted(t, "busy")
}

func TestPanicCostsOneTry(t *testing.T) {
	t.Parallel()
	h := newImpatientReceiver(t)
	var calls atomic.Int32
	h.harness.directory.joined = func(string, bool) error {
		if calls.Add(1) == 1 {
			panic("a bug")
		}
		return nil
	}
	h.runs()
	h.joins("carol")
	acknowledged := h.awaitEntry("an acknowledgement", func(e slacksim.Entry) bool {
		return e.Kind == slacksim.KindAck && e.Type == "member_joined_channel"
	})
	if acknowledged.Attempt == 0 || calls.Load() < 2 {
		t.Errorf("acknowledged at try %d after %d calls", acknowledged.Attempt, calls.Load())
	}
	if !strings.Contains(h.log.String(), "panic while handling an envelope") {
		t.Error("the panic was not logged")
	}
	h.harness.counted(t, "panic")
}

func TestUnsavedGestureComesAgain(t *testing.T) {
	t.Parallel()
	h := newImpatientReceiver(t)
	var calls atomic.Int32
	h.harness.directory.joined = func(string, bool) error {
		if calls.Add(1) == 1 {
			return desk.ErrNotSaved
		}
		return nil
	}
	h.runs()
	h.joins("carol")
	acknowledged := h.awaitEntry("an acknowledgement", func(e slacksim.Entry) bool {
		return e.Kind == slacksim.KindAck && e.Type == "member_joined_channel"
	})
	if acknowledged.Attempt == 0 {
		t.Error("it was acknowledged though it was not saved")
	}
}

func TestStopDrains(t *testing.T) {
	t.Parallel()
	h := newReceiverHarness(t)
	begun, finish := make(chan struct{}), make(chan error)
	h.harness.directory.joined = func(string, bool) error {
		close(begun)
		return <-finish
	}
	stop, ended := h.runs()
	h.joins("carol")
	<-begun
	stop()
	// Envelopes that arrive while the receiver stops are still handled.
	if out, err := h.slack.As("alice").Command(t.Context(), "general", "/support", "help"); err != nil || !out.Acked {
		t.Errorf("a command during the stop: %+v, %v", out, err)
	}
	select {
	case err := <-ended:
		t.Fatalf("it left in the middle of an event: %v", err)
	default:
	}
	finish <- nil
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	h.awaitEntry("the acknowledgement", func(e slacksim.Entry) bool {
		return e.Kind == slacksim.KindAck && e.Type == "member_joined_channel" && e.Attempt == 0
	})
}

func TestStopDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	h := newReceiverHarness(t)
	begun, finish := make(chan struct{}), make(chan struct{})
	var once atomic.Bool
	h.harness.directory.joined = func(string, bool) error {
		if once.CompareAndSwap(false, true) {
			close(begun)
			<-finish
		}
		return errors.New("too late")
	}
	stop, ended := h.runs()
	h.joins("carol")
	<-begun
	stop()
	h.await("the sockets to go", func(s slacksim.State) bool { return s.Sockets == 0 })
	close(finish)
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestAcknowledgingHasADeadline(t *testing.T) {
	t.Parallel()
	h := newReceiverHarness(t)
	h.connects()
	h.joins("carol")
	a := <-h.queue
	a.at = a.at.Add(-time.Minute)
	for range 200 { // it may be written all the same
		h.acknowledge(t.Context(), a, nil)
	}
	if !strings.Contains(h.log.String(), "deadline exceeded") {
		t.Error("an acknowledgement that nobody waits for did not end")
	}
}
