package outbox

import (
	"context"
	"time"
)

// afterTheLease is how soon after the end of another copy's lease this copy asks for it. It
// does not wait for its next regular question.
const afterTheLease = 20 * time.Millisecond

// onLease notes who holds the lease.
func (l *loop) onLease(ctx context.Context, now time.Time, lease Lease) {
	l.Clock.Set(lease.Clock)
	l.renewed = now
	l.noteDue(lease.Due, now)
	l.free = !lease.Holding && lease.Left <= 0
	switch {
	case lease.Holding:
		l.setUntil(now.Add(LeaseTime - leaseMargin))
		if l.epoch != lease.Epoch {
			l.begin(ctx, lease.Epoch)
		}
		return
	case l.free && l.epoch != 0:
		l.returned = l.epoch
	case !l.free: // its program may be the version before, which does not count what it posts
		l.composer.Load().Desk.ForgetRecords()
	}
	l.lose()
	l.next = now.Add(LeaseTime)
	if !l.free {
		l.next = now.Add(min(LeaseTime, lease.Left+afterTheLease))
	}
}

// begin sends under a new lease. Whatever another sender left is recovered.
func (l *loop) begin(ctx context.Context, epoch int64) {
	l.cancel()
	l.epoch = epoch
	l.under, l.cancel = context.WithCancel(ctx)
	if epoch == l.held { // it was lost for a moment, as far as this copy could tell
		return
	}
	clear(l.unknown)
	l.held = epoch
	if epoch == l.returned+1 { // nobody has had the lease since this copy gave it back
		return
	}
	l.composer.Load().Desk.ForgetRecords()
	l.recoverUnfinished(ctx)
	l.Log.Info("this copy sends now", "epoch", epoch)
}

// lose cancels messages that wait. A call to Slack that has begun is waited for, because its
// message has to be recorded or deleted.
func (l *loop) lose() {
	l.cancel()
	l.epoch = 0
	l.setIdle(false)
	l.setUntil(time.Time{})
}

// recoverUnfinished deals with the messages that an earlier sender left. It may fail: they
// count as lost after LostAfter.
func (l *loop) recoverUnfinished(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, exchangeWithin)
	defer cancel()
	if err := l.Store.Recover(ctx, l.epoch, l.untilLook(0)); err != nil {
		l.Log.Warn("recovering what an earlier sender left", "error", err)
	}
	l.resumeParked(ctx)
}

// resumeParked has parked messages tried again: the event that a channel takes messages again
// may have been missed. It may fail: they are tried again once an hour.
func (s *Sender) resumeParked(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, exchangeWithin)
	defer cancel()
	if _, err := s.Store.Resume(ctx); err != nil {
		s.Log.Warn("resuming what was parked", "error", err)
	}
	s.Wake()
}

// HolderOf is the name by which a copy holds the lease. It says that the copy knows private tickets:
// while there are some, the database gives the lease to no other.
func HolderOf(copyID string) string { return "rooms:" + copyID }
