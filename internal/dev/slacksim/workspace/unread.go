package workspace

import "slices"

// Unread counts what is new to a member of a channel.
func (tx *Tx) Unread(p *Person, c *Channel) int {
	if !c.Has(p.ID) {
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

// MarkPrepared moves the mark up to which everything counts as read by everybody:
// what was there before anybody looked, and what was prepared in the background.
func (tx *Tx) MarkPrepared(preparing bool) {
	if preparing || tx.preparing || tx.readByAll == 0 {
		tx.readByAll = tx.Journal.Last()
	}
	tx.preparing = preparing
}

// MarkRead marks a channel as read up to now. Who writes in it has read it.
func (tx *Tx) MarkRead(p *Person, c *Channel) {
	if tx.reads[p.ID] == nil {
		tx.reads[p.ID] = map[string]int64{}
	}
	tx.reads[p.ID][c.ID] = tx.Journal.Last()
}

// Waiting sums newNotified up for everybody whom something waits for.
func (tx *Tx) Waiting() map[string]int {
	sums := map[string]int{}
	for _, p := range tx.People {
		for _, n := range tx.NewNotified(p) {
			sums[p.ID] += n
		}
	}
	return sums
}

// NewNotified counts by channel what a person was notified of and has not read,
// of what still stands.
func (tx *Tx) NewNotified(p *Person) map[string]int {
	count := map[string]int{}
	for _, n := range slices.Backward(p.Notified) {
		if n.Seq <= tx.readByAll {
			break
		}
		c := tx.Channel(n.Channel)
		if c != nil && n.Seq > tx.reads[p.ID][c.ID] && c.Message(n.TS) != nil {
			count[c.ID]++
		}
	}
	return count
}
