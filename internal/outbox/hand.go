package outbox

import "time"

// A message that this copy stores can be stored as taken and be handed to the sender: then
// nobody has to look for it, which saves a transaction for each new ticket.

const (
	// HandedFor is how long a message that was stored as taken belongs to the sender of its
	// copy. If the sender has not begun it by then, because it was never told or has lost the
	// lease, the message counts as one that nobody has.
	HandedFor = 5 * time.Second

	// handWithin is the age at which the sender leaves it. An exchange that began before the
	// sender had the message ends before HandedFor.
	handWithin = HandedFor - exchangeWithin - time.Second
)

// handed is a message that was stored as taken.
type handed struct {
	Item
	stored time.Time // no later than it was stored
}

// Free returns the holder of the lease, if a message may be stored as taken under it: this copy
// holds it, and nothing waits for Slack's limits. Else it is empty.
func (s *Sender) Free() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.idle || !time.Now().Before(s.until) {
		return ""
	}
	return s.Holder
}

func (s *Sender) setIdle(idle bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = idle
}

// Hand gives the sender a message that was stored as taken. It begins with the next Begin or
// Wake, when whoever has stored it has told its desk.
func (s *Sender) Hand(i Item, stored time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handed = append(s.handed, handed{i, stored})
}

// Enqueued notes that other messages were stored with what was handed over, or in its place.
func (s *Sender) Enqueued() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.others = true
}

// Begin has what was handed over begin, and has the sender take the others, if there are any.
// It never blocks.
func (s *Sender) Begin() {
	s.mu.Lock()
	others := s.others
	s.others = false
	s.mu.Unlock()
	if others {
		s.Wake()
		return
	}
	signal(s.begins)
}

func (s *Sender) takeHanded() []handed {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.handed
	s.handed = nil
	return all
}

// beginHanded starts what was handed over, and reports whether something is to be put back
// instead, because its lease has ended or it has waited too long. By then the store may have given
// it to the sender as a message that nobody has; so only this try of it is put back. If it was left,
// nobody would look for it before LostAfter: this copy's next lease may not recover what the one
// before has left.
func (l *loop) beginHanded() (putBack bool) {
	for _, h := range l.takeHanded() {
		if h.Epoch == l.epoch && time.Since(h.stored) <= handWithin {
			l.start(h.Item)
			continue
		}
		l.putBackHanded(h.Item)
		putBack = true
	}
	return putBack
}

// putBackHanded puts back what was handed over: nobody has tried it.
func (l *loop) putBackHanded(i Item) {
	l.reported = append(l.reported, report{returned: &Returned{Item: i}})
}
