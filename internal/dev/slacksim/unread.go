package slacksim

import "slices"

// unread counts what is new to a member of a channel.
func (tx *Tx) unread(p *Person, c *Channel) int {
	if !c.has(p.ID) {
		return 0
	}
	count := 0
	read := max(tx.readByAll, tx.reads[p.ID][c.ID])
	for _, m := range slices.Backward(c.Messages) {
		if m.Seq <= read {
			break
		}
		if isNew(m, p) {
			count++
		}
	}
	return count
}

// isNew says whether a message shows as new: it stands in the channel itself, or is
// a reply that the person was notified of.
func isNew(m *Message, p *Person) bool {
	if m.User == p.ID || isNotice(m) {
		return false
	}
	return !m.IsReply() || m.Broadcast || p.notifiedOf(m)
}

// markPrepared moves the mark up to which everything counts as read by everybody:
// what was there before anybody looked, and what was prepared in the background.
func (tx *Tx) markPrepared(preparing bool) {
	if preparing || tx.preparing || tx.readByAll == 0 {
		tx.readByAll = tx.journal.last()
	}
	tx.preparing = preparing
}

// markRead marks a channel as read up to now. Who writes in it has read it.
func (tx *Tx) markRead(p *Person, c *Channel) {
	if tx.reads[p.ID] == nil {
		tx.reads[p.ID] = map[string]int64{}
	}
	tx.reads[p.ID][c.ID] = tx.journal.last()
}

// waiting sums newNotified up for everybody whom something waits for.
func (tx *Tx) waiting() map[string]int {
	sums := map[string]int{}
	for _, p := range tx.people {
		for _, n := range tx.newNotified(p) {
			sums[p.ID] += n
		}
	}
	return sums
}

// newNotified counts by channel what a person was notified of and has not read,
// of what still stands.
func (tx *Tx) newNotified(p *Person) map[string]int {
	count := map[string]int{}
	for _, n := range slices.Backward(p.Notified) {
		if n.Seq <= tx.readByAll {
			break
		}
		c := tx.channel(n.Channel)
		if c != nil && n.Seq > tx.reads[p.ID][c.ID] && c.find(n.TS) != nil {
			count[c.ID]++
		}
	}
	return count
}
