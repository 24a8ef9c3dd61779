package slackview

import (
	"fmt"
	"strings"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// longestFile is how much of a file's name is shown, in characters.
const longestFile = 80

// fileName is a file's name, for mrkdwn.
func fileName(f desk.File) string {
	if name := slackformat.Clip(slackformat.OneLine(f.Name), longestFile); name != "" {
		return slackformat.Escape(name)
	}
	return "a file"
}

func fileNames(files []desk.File) string {
	var names []string
	for _, f := range files {
		names = append(names, fileName(f))
	}
	return enumerated(names)
}

// enumerated is "a, b and c".
func enumerated(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// wordsOrFiles shows a person's message below line. If the message has files only, it
// names them after about.
func wordsOrFiles(line, about, text string, files []desk.File) slackformat.Message {
	if text == "" && len(files) > 0 {
		return say(line + " sent " + fileNames(files) + about + ".")
	}
	return withQuote(line+" wrote"+about+":", text)
}

// sized is a file's name, with its size if the size is the reason.
func sized(f desk.File, why desk.Unbrought) string {
	if why != desk.TooLarge || f.Size == 0 {
		return fileName(f)
	}
	return fmt.Sprintf("%s (%s)", fileName(f), megabytes(f.Size))
}

func megabytes(size int64) string {
	if size < 1<<20 {
		return fmt.Sprintf("%d KB", (size+1023)>>10)
	}
	return fmt.Sprintf("%d MB", (size+1<<20-1)>>20)
}

// inPlaceOfFile replaces a file that is not copied to the other side.
func inPlaceOfFile(n desk.Notice, _ desk.Record, s Scene) slackformat.Message {
	f := *n.File
	if n.Unbrought == desk.KeptAway {
		return withQuote(fmt.Sprintf("%s attached %s, which another service keeps:", s.name(n.Actor), fileName(f)), f.Link)
	}
	what := fmt.Sprintf("%s from %s", sized(f, n.Unbrought), s.name(n.Actor))
	if f.Name == "" {
		what = "A file that " + s.name(n.Actor) + " attached"
	}
	what += " " + notHere(n, "here") + "."
	if n.Unbrought == desk.OutOfReach {
		what += " Please attach it here."
	}
	if at := s.Link(n.Thread); at != "" && s.Direct {
		what += " It is in " + linked(at, "the ticket's thread") + "."
	}
	return say(what)
}

// fileLeftOut tells a person that the file they attached is not copied to the other side.
func fileLeftOut(n desk.Notice, r desk.Record, s Scene) slackformat.Message {
	where := "to " + number(r, s)
	if n.To != r.Ticket.Requester && n.Channel == "" {
		where = "to " + s.name(r.Ticket.Requester)
	}
	what := sized(*n.File, n.Unbrought)
	if n.File.Name == "" {
		what = "A file that you attached"
	}
	what += " " + notHere(n, where) + "."
	if n.Unbrought == desk.OutOfReach {
		what += " Please attach it there."
	}
	return say(what)
}

// notHere is the reason for which a file is not copied somewhere.
func notHere(n desk.Notice, where string) string {
	switch n.Unbrought {
	case desk.OutOfReach:
		return "could not be brought " + where + ": I am not in " + channelMention(n.Channel)
	case desk.TooLarge:
		return "is too large to be brought " + where
	case desk.Hidden:
		return "cannot be brought " + where + ": Slack hides it, because the workspace has reached the limit of its plan"
	case desk.NotPermitted:
		return "cannot be brought " + where + ": the bot has no permission for files"
	case desk.SwitchedOff:
		return "is not brought " + where + ": that is switched off"
	case desk.KeptAway:
		return "is kept by another service"
	default:
		return "could not be brought " + where
	}
}
