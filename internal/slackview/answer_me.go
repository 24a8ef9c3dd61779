package slackview

import (
	"fmt"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
)

// Kept tells somebody what the desk keeps about them, and who can see it.
func Kept(k desk.Kept, s Scene) slackformat.Message {
	return say(lines(
		"*What the desk keeps about you*",
		bullet(profileKept(k)),
		bullet(ticketsKept(k)),
		bullet("In the timelines of tickets: what you did, and when. Of a reply only that you wrote it; if the bot repeated it elsewhere, its text until some days after the ticket's end. Your stars and your words, if you answered how the help was."),
		bulletIf(k.Question, "Of messages of yours in the support channel that may be questions: where they stand, and when you wrote them, for some days."),
		bulletIf(k.Duty, "When you were on duty, what you swapped, and when you were called."),
		bulletIf(k.Home, "What you chose to see on Home."),
		bulletIf(k.Session, "That you are signed in on the web page, and since when."),
		"*Who can see it*",
		fmt.Sprintf("Members of the channel in which a ticket stands, and people who answer there, see it. Everybody else sees the tickets that they asked for, filed or have; yours: `%s mine`. How the help was is read by who helped, and by a lead if you asked for that. Who runs the desk can read its database. Nobody is shown numbers about single people.", s.Command),
	))
}

func profileKept(k desk.Kept) string {
	switch {
	case !k.Profile && k.Places == 0:
		return "Nothing of your profile in Slack."
	case k.Places == 0:
		return "From Slack: your name, time zone and status."
	}
	return fmt.Sprintf("From Slack: your name, time zone and status, and that you are in %s that the desk looks at.",
		many(k.Places, "channel or user group", "channels and user groups"))
}

func ticketsKept(k desk.Kept) string {
	if k.Asked+k.Has == 0 {
		return "No ticket that you asked for or have."
	}
	return fmt.Sprintf("%s that you asked for, and %s that you have: title, text and timeline.",
		many(k.Asked, "ticket", "tickets"), many(k.Has, "open one", "open ones"))
}

func bullet(sentence string) string { return "• " + sentence }

func bulletIf(shown bool, sentence string) string {
	if !shown {
		return ""
	}
	return bullet(sentence)
}
