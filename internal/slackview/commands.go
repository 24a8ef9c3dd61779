package slackview

import (
	"fmt"
	"slices"
	"strings"
)

// Command is a word that can stand behind the slash command. The help and the way in both
// read the table of commands. The function of each command is in slackin.
type Command struct {
	Word    string
	Takes   Takes
	Example string // what stands behind the slash command, as an example: "show 42"
	Does    string // what the example does, as the end of a sentence
}

// Takes is the kind of text that a command accepts behind its word. If another text
// follows, the word is the beginning of a ticket's title.
type Takes int

// The kinds of text that commands accept.
const (
	TakesNothing  Takes = iota
	TakesFilter         // a filter of tickets
	TakesQuery          // words and a filter
	TakesStats          // a period, and a category or a squad
	TakesCategory       // a category, or nothing
	TakesNumber         // a ticket's number
	TakesWords          // a ticket's number, and words
	TakesPerson         // a ticket's number, and perhaps a person and a reason
	TakesPriority       // a ticket's number, and perhaps a priority and a reason
	TakesOriginal       // a ticket's number, and perhaps that of another
	TakesDuty           // perhaps a squad, and perhaps a time
	TakesSquad          // a squad, or nothing
)

// Commands is the table of commands, in the order of the help.
var Commands = []Command{
	{"help", TakesCategory, "help", "shows the commands, the targets and the categories."},
	{"list", TakesFilter, "list P1 unowned", "shows open tickets; `list` alone all of them, `list paused` or `list` with a category fewer."},
	{"mine", TakesNothing, "mine", "shows the tickets that you asked for or have, and those that ended in the last 7 days."},
	{"find", TakesQuery, "find checkout fails", "finds tickets by their words; `state:open by:me` and other filters narrow it."},
	{"show", TakesNumber, "show 42", "shows a ticket and what happened to it."},
	{"why", TakesNumber, "why 42", "explains a ticket's times, line by line."},
	{"claim", TakesNumber, "claim 42", "makes you the owner."},
	{"putback", TakesNumber, "putback 42", "gives a ticket of yours back."},
	{"give", TakesPerson, "give 42 @name", "makes somebody else the owner."},
	{"resolve", TakesWords, "resolve 42 …", "solves it; write how, if you want."},
	{"wait", TakesWords, "wait 42 Which card?", "asks the requester something and stops the clock until they answer."},
	{"hold", TakesWords, "hold 42 …", "stops the clock for something outside."},
	{"resume", TakesNumber, "resume 42", "lets the clock go on."},
	{"priority", TakesPriority, "priority 42 P1 because …", "makes it more or less urgent."},
	{"duplicate", TakesOriginal, "duplicate 42 of 17", "closes it, because another ticket is about the same."},
	{"close", TakesWords, "close 42", "asks why, and closes it without a solution."},
	{"withdraw", TakesNumber, "withdraw 42", "closes it, because nobody needs it any more."},
	{"reopen", TakesNumber, "reopen 42", "opens it again."},
	{"escalate", TakesPerson, "escalate 42 @name because …", "calls somebody to it."},
	{"say", TakesWords, "say 42 name", "posts the saved answer of that name in its thread, in your name."},
	{"note", TakesWords, "note 42 …", "writes something down in its timeline; nobody is told."},
	{"private", TakesNumber, "private 42", "says what making it private does, and does it."},
	{"follow", TakesNumber, "follow 42", "tells you if it takes longer, and how it ends."},
	{"unfollow", TakesNumber, "unfollow 42", "no longer tells you."},
	{"duty", TakesDuty, "duty", "shows who is on duty and who is next; a squad and a time may follow, as in `duty tomorrow 9:00`. `duty mine` shows what you have carried, `duty fairness` how your rotas are shared."},
	{"drill", TakesSquad, "drill Checkout", "tries the squad's ladder with a ticket that is marked as a drill; `drill` alone shows how long the last ones took."},
	{"me", TakesNothing, "me", "shows what the desk keeps about you, and who can see it."},
	{"digest", TakesNothing, "digest", "shows the numbers of the last seven days."},
	{"stats", TakesStats, "stats 30d Payments", "shows the numbers of a time, of a category or a squad; also `stats quarter`, `stats 2026-10-01..2026-10-31`."},
}

// CommandOf returns the command with a word, in any case.
func CommandOf(word string) (Command, bool) {
	return commandWith(func(c Command) bool { return c.Word == strings.ToLower(word) })
}

// CommandNear returns the command whose word was probably meant: one letter of it is
// missing, wrong or too many, or two letters have changed places.
func CommandNear(word string) (Command, bool) {
	return commandWith(func(c Command) bool { return isNear(strings.ToLower(word), c.Word) })
}

func commandWith(wanted func(Command) bool) (Command, bool) {
	i := slices.IndexFunc(Commands, wanted)
	if i < 0 {
		return Command{}, false
	}
	return Commands[i], true
}

// isNear compares what is left of two words between their common beginning and end.
func isNear(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	swapped := len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
	return swapped || len(a) <= 1 && len(b) <= 1
}

// sentence tells what the command does, for a slash command of the given name.
func (c Command) sentence(slash string) string {
	return strings.ReplaceAll(fmt.Sprintf("`/support %s` %s", c.Example, c.Does), "/support", slash)
}

// Hint offers a command above the form of a new ticket, to somebody whose title looks
// like the command.
func Hint(c Command, slash string) string { return "Did you mean a command? " + c.sentence(slash) }

// commandHelp describes the commands, for a slash command of the given name.
func commandHelp(slash string) string {
	all := []string{fmt.Sprintf("`%s` opens a ticket; what you write after it becomes the title. A title between quotation marks is never taken for a command.", slash)}
	for _, c := range Commands {
		if c.Word != "help" {
			all = append(all, c.sentence(slash))
		}
	}
	return lines(all...)
}
