// Package desk is what the support desk does: open, claim, hand over, resolve,
// remind. Every use case loads a ticket, decides, and stores the change together
// with what is enqueued for people because of it, in one transaction.
//
// It knows tickets and promises, and declares the ports it needs. No Slack, no
// SQL, no configuration and no current time may enter: what a message says and how
// it looks is decided elsewhere; the desk decides that there is one, for whom and
// when.
//
// Files are grouped by what they begin with:
//
//	store, people     the ports: what each client needs of the database, and of the directory
//	record, change    what is known of a ticket, and what a use case stores
//	find              reading: one ticket, lists, who may see what
//	search            reading by words; what is like a ticket that is not filed yet
//	questions         what people ask in the support channel without a ticket
//	home              what a person reads on their Home tab
//	clocks, alert     what the timeline means to the clocks; the steps that time brings
//	message, content  what people wrote, in a thread or in private, and its copies; forms
//	notice            what is enqueued, for whom, when it is obsolete, what is reworded
//	permit, keys      who may do what; what makes an input idempotent
//	decide            from new entries to a change
//	gesture           what people do, each a use case
//	catchup           what happened while nobody was connected, compared with the timeline
//	time              the sweep, changed policies, floods, digests and reminders
//	explain           why the times are what they are; outcomes; the audit of what is stored
//	unticketed        messages that belong to no ticket yet
//
// Gestures, catching up and time lead to a decision, a decision to notices, and notices ask
// what is known of the ticket. None of them leads back.
package desk
