package slackview

import (
	"slices"
	"strings"
)

// Command is a word that can stand behind the slash command. The help and the way in both
// read the table of commands. The function of each command is in slackin.
type Command struct {
	Word  string
	Takes Takes
	Says  string // the line in the help, as with /support; empty if another command's line covers it
}

// Takes is the kind of text that a command accepts behind its word. If another text
// follows, the word is the beginning of a ticket's title.
type Takes int

// The kinds of text that commands accept.
const (
	TakesNothing  Takes = iota
	TakesFilter         // a filter of tickets
	TakesNumber         // a ticket's number
	TakesWords          // a ticket's number, and words
	TakesCategory       // a category, or nothing
)

// Commands is the table of commands, in the order of the help.
var Commands = []Command{
	{"help", TakesCategory, ""},
	{"list", TakesFilter, "`/support list` shows the open tickets, `/support mine` those that you asked for or have. `/support list P1 unowned`, `paused` or a category shows fewer."},
	{"mine", TakesNothing, ""},
	{"show", TakesNumber, "`/support show 42` shows a ticket and what happened to it."},
	{"why", TakesNumber, "`/support why 42` explains a ticket's times, line by line."},
	{"wait", TakesWords, "`/support wait 42 Which card?` asks the requester something and stops the clock until they answer; `/support hold 42 …` and `/support resume 42` as well."},
	{"hold", TakesWords, ""},
	{"resume", TakesWords, ""},
	{"digest", TakesNothing, "`/support digest` shows the numbers of the last seven days."},
}

// CommandOf returns the command with a word, in any case.
func CommandOf(word string) (Command, bool) {
	word = strings.ToLower(word)
	i := slices.IndexFunc(Commands, func(c Command) bool { return c.Word == word })
	if i < 0 {
		return Command{}, false
	}
	return Commands[i], true
}

// commandHelp describes the commands, for a slash command of the given name.
func commandHelp(name string) string {
	all := []string{"`/support` opens a ticket; what you write after it becomes the title."}
	for _, c := range Commands {
		all = append(all, c.Says)
	}
	return strings.ReplaceAll(lines(all...), "/support", name)
}
