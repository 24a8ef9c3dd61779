//go:build unix

package e2e

import (
	"slices"
	"strings"

	"supporty/internal/dev/slacksim"
)

// The files of a conversation, held against the same rules as its words.

// attached: a file stands on the other side as often as the words that it came with,
// and not at all once it is gone. What was written in private shows its file to nobody
// else, ever.
func (k *checker) attached(s *saying) {
	if s.file.ID == "" && !s.fileGone {
		return
	}
	for _, m := range k.shared {
		if !s.passed && m.Channel != k.direct(s.who) && hasFile(m, s.fileName()) {
			k.broken(s, "%s of %s was private, and was shown", s.fileName(), s.who)
			return
		}
	}
	if slices.ContainsFunc(s.events, k.record.isLost) || s.ts == "" || s.made {
		return
	}
	stands := k.filesStanding(s.fileName())
	switch want := k.copies(s); {
	case (s.gone || s.fileGone) && stands > 0:
		k.broken(s, "%s of %s is deleted, and stands %d times", s.fileName(), s.who, stands)
	case s.gone && k.excused(s):
		k.broken(s, "%s of %s is deleted, and a sentence stands for it", s.fileName(), s.who)
	case s.gone || s.fileGone:
	case stands > 1:
		k.broken(s, "%s of %s stands %d times on the other side", s.fileName(), s.who, stands)
	case !s.doubtful && want >= 0 && stands != want && !k.excused(s):
		k.broken(s, "%s of %s stands %d times on the other side, want %d", s.fileName(), s.who, stands, want)
	}
}

// filesStanding is how many messages of the bot's have a file.
func (k *checker) filesStanding(name string) (n int) {
	for _, c := range k.state.Channels {
		for _, m := range c.Messages {
			if m.BotID != "" && hasFile(m, name) {
				n++
			}
		}
	}
	return n
}

// excused: a sentence stands in place of a file that could not be fetched.
func (k *checker) excused(s *saying) bool {
	return slices.ContainsFunc(k.posted, func(m *slacksim.Message) bool {
		return strings.Contains(m.Rendered(), s.fileName()+" from ") && !k.gone[m.Channel+m.TS]
	})
}

// hasFile reports whether a message has a file that is not deleted.
func hasFile(m *slacksim.Message, name string) bool {
	return slices.ContainsFunc(m.Files, func(f slacksim.File) bool { return f.Name == name })
}
