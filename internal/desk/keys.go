package desk

import "supporty/internal/ticket"

// Keys make every input idempotent: the same key is applied once, by whichever way the
// input reaches us.

// ReplyKey is the key of something that was written about a ticket.
func ReplyKey(m ticket.Message) string { return "msg:" + m.Channel + ":" + m.TS }

// EditKey is the key of an edit: Slack gives each the time at which it was made.
func EditKey(m ticket.Message, edited string) string {
	return "edit:" + m.Channel + ":" + m.TS + ":" + edited
}

// DeletionKey is the key of the news that a message was deleted: a card, or something
// that was written about a ticket.
func DeletionKey(m ticket.Message) string { return "deleted:" + m.Channel + ":" + m.TS }

// sourceKey is the key of a message that a ticket is made from: for the first, and for
// the one that follows another which has ended.
func sourceKey(m ticket.Message, after ticket.Number) string {
	if m == (ticket.Message{}) {
		return ""
	}
	key := "source:" + m.Channel + ":" + m.TS
	if after > 0 {
		key += ":" + after.String()
	}
	return key
}

// keysOf are the keys that an entry's event would have as well.
func keysOf(e ticket.Entry) []string {
	switch e.Kind {
	case ticket.Replied:
		return []string{ReplyKey(e.Message)}
	case ticket.Withheld, ticket.Retracted:
		return []string{DeletionKey(e.Message)}
	default: // an emoji's event has a time of its own
		return nil
	}
}
