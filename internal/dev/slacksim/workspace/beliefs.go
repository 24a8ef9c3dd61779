package workspace

// Beliefs are answers to what Slack does not document. Nobody but Slack knows
// which are right, so that an app has to do well under each; zero is the usual
// one. API.md tells both readings of each.
type Beliefs struct {
	// RootMentionFollows makes a mention in the first message of a thread that a
	// bot began count as following it. Zero is the stricter reading: it does not.
	RootMentionFollows bool `json:"root_mention_follows"`

	// DirectThreadMute lets a mention in a reply of a direct message's thread
	// neither notify nor make follow whoever has not written there. Zero: it does both.
	DirectThreadMute bool `json:"direct_thread_mute"`

	// PrivateNamed gives private channels their own name in payloads of commands,
	// shortcuts and clicks. Zero: they are called privategroup.
	PrivateNamed bool `json:"private_named"`

	// FilesAtOnce lets files.completeUploadExternal answer when the message with
	// the files stands. Zero: shares are empty in the answer, and it comes after.
	FilesAtOnce bool `json:"files_at_once"`

	// CompleteAgain lets a finished upload be finished again, and its files be
	// posted once more. Zero: they are not found.
	CompleteAgain bool `json:"complete_again"`

	// DropsMissed lets an event be sent once only if there is no socket for it, or its
	// socket ends before it is acknowledged. Zero: it is sent again like one that is not
	// acknowledged in time.
	DropsMissed bool `json:"drops_missed"`

	// TombstoneIsAnothers lets what is left of a deleted message be called another's
	// when the bot wants to change it. Zero: it is not found.
	TombstoneIsAnothers bool `json:"tombstone_is_anothers"`

	// CommandsEscaped escapes &, < and > in what follows a command also where its
	// should_escape is false. Zero: it is as it was typed.
	CommandsEscaped bool `json:"commands_escaped"`

	// OptionsEscaped escapes &, < and > in the values and texts of chosen options that
	// the state of a view echoes. Zero: they are as the app gave them.
	OptionsEscaped bool `json:"options_escaped"`

	// EventsLackPayload leaves event_payload out of the metadata that events show. Zero:
	// they show all of it.
	EventsLackPayload bool `json:"events_lack_payload"`

	// ReadsLackMetadata lets conversations.history and conversations.replies show no
	// metadata, though all of it is asked for. Zero: they show it.
	ReadsLackMetadata bool `json:"reads_lack_metadata"`

	// ArchiveTakesOut takes the bot out of a channel that is archived: a private one is
	// no longer there for it. Zero: it stays a member.
	ArchiveTakesOut bool `json:"archive_takes_out"`

	// GuestsInvited lets the bot invite guests of several channels. Zero: they are
	// refused; a guest of a single channel always is.
	GuestsInvited bool `json:"guests_invited"`

	// FormsRefusedElsewhere refuses forms to people of other companies who press a
	// button. Zero: they open.
	FormsRefusedElsewhere bool `json:"forms_refused_elsewhere"`
}
