package slackview

import (
	"context"
	"fmt"
	"slices"

	"supporty/internal/desk"
	"supporty/internal/slackformat"
	"supporty/internal/ticket"
)

// ActionKind is a row of the table of actions: something that can be done with a ticket
// by a button, or in the menu of its card. slackin runs the functions of the row;
// rendering calls none of them.
type ActionKind struct {
	Name  string // one of the Action constants
	Label string // on its button, unless a kind of message has another label for it

	Meaning string                   // its description in More
	Offered func(ticket.Ticket) bool // whether the menu offers it; nil if only buttons do

	// Needs reports whether the settings allow it; nil if they always do. An action that
	// needs some is behind More, because a card does not know the settings.
	Needs func(FormParams, ticket.Ticket) bool

	Calls Calls  // what it does at once; nil if it opens a form
	Says  Says   // the sentence that replaces a question once it is done
	Shows Shows  // what replaces the message at once; nil if the message is edited when its turn comes
	Quiet bool   // others see no sign that it is done
	Undo  string // the action that is offered beside Says

	Opens Opens  // opens its form
	Form  string // its callback id
	First string // its field at the top
	Sends Sends  // handles the sent form; nil if there is nothing to send
}

// The functions of an ActionKind.
type (
	// Calls makes the gesture.
	Calls func(ctx context.Context, d *desk.Desk, by desk.Gesture, a Action) (desk.Record, error)
	// Says is the sentence, in mrkdwn, that tells what was done with a ticket.
	Says func(a Action, r desk.Record, s Scene) string
	// Shows is a message in which it was done.
	Shows func(r desk.Record, s Scene) slackformat.Message
	// Opens makes the form.
	Opens func(ctx context.Context, d *desk.Desk, o Opening) (Modal, error)
	// Sends makes the gesture with the content of the form.
	Sends func(ctx context.Context, d *desk.Desk, by desk.Gesture, s State, p FormParams) (desk.Record, error)
)

// Opening is what a form is made from.
type Opening struct {
	Ticket ticket.Number
	Person string // who opens it
	Params FormParams
	Scene  Scene
}

// ActionKinds is the table of actions. Rows of the menu stand in the order in which
// people need them. The table is filled by init because More, one of its rows, reads it.
var ActionKinds []ActionKind

func init() { ActionKinds = append(ofTheCard(), ofMessages()...) }

// ofTheCard are the buttons of the card and the rows of its menu.
func ofTheCard() []ActionKind {
	return []ActionKind{
		{Name: ActionClaim, Label: "Claim", Calls: just((*desk.Desk).Claim), Says: says("%s is yours.")},
		{Name: ActionResolve, Label: "Resolve", Opens: simply(ResolveForm), Form: FormResolve, First: desk.FieldSolution, Sends: sendResolve},
		{Name: ActionReopen, Label: "Reopen", Calls: just((*desk.Desk).Reopen)},
		{Name: ActionShowText, Label: "Show text", Calls: just((*desk.Desk).Show)},
		{Name: ActionHandOver, Label: "Hand over…", Meaning: "Somebody else becomes the owner.", Offered: unended,
			Opens: simply(HandOverForm), Form: FormHandOver, First: desk.FieldAssignee, Sends: sendHandOver},
		{Name: ActionWait, Label: "Waiting…", Meaning: "Ask the requester something: the clock stands still until they answer.", Offered: ownedAndNot(ticket.StateWaiting),
			Opens: simply(WaitForm), Form: FormWait, First: desk.FieldQuestion, Sends: sendWait},
		{Name: ActionHold, Label: "On hold…", Meaning: "It needs something from outside: the clock stands still meanwhile.", Offered: ownedAndNot(ticket.StateOnHold),
			Opens: simply(HoldForm), Form: FormHold, First: desk.FieldReason, Sends: sendHold},
		{Name: ActionResume, Label: "Resume", Meaning: "The clock goes on.", Offered: ticket.Ticket.Paused,
			Calls: just((*desk.Desk).Resume), Says: says("The clock of %s goes on.")},
		{Name: ActionPriority, Label: "Priority…", Meaning: "It is more or less urgent than it was.", Offered: unended,
			Opens: WithRecord(func(o Opening, r desk.Record) Modal { return PriorityForm(r.Ticket, o.Params) }), Form: FormPriority, First: desk.FieldPriority, Sends: sendPriority},
		{Name: ActionEdit, Label: "Edit…", Meaning: "Change the title, the text, the category or its fields.", Offered: unended,
			Opens: WithRecord(func(o Opening, r desk.Record) Modal { return EditForm(r.Ticket, o.Params) }), Form: FormEdit, First: desk.FieldTitle, Sends: sendEdit},
		{Name: ActionClose, Label: "Close…", Meaning: "It ends without a solution.", Offered: unended,
			Opens: simply(CloseForm), Form: FormClose, First: desk.FieldReason, Sends: sendClose},
		{Name: ActionFoldIn, Label: "Fold in…", Meaning: "Other tickets are about the same: they end as its duplicates.", Offered: unended,
			Opens: openFoldIn, Form: FormFoldIn, First: desk.FieldDuplicate, Sends: sendFoldIn},
		{Name: ActionEscalate, Label: "Escalate…", Meaning: "Somebody else should look at it now: they are called.", Offered: unended,
			Opens: openEscalate, Form: FormEscalate, First: desk.FieldPerson, Sends: sendEscalate},
		{Name: ActionSay, Label: "Saved answer…", Meaning: "Post a saved answer, or how a ticket like it was solved, in your name.", Offered: unended,
			Opens: openSay, Form: FormSay, First: desk.FieldAnswer, Sends: sendSay},
		{Name: ActionIssue, Label: "Make an issue…", Meaning: "Open your tracker's form, filled in with the ticket.", Offered: unended, Needs: hasIssueForm,
			Opens: openIssue, Form: FormIssue},
		{Name: ActionNote, Label: "Note…", Meaning: "Write something down in the ticket's timeline. Nobody is told.", Offered: always,
			Opens: simply(NoteForm), Form: FormNote, First: desk.FieldNote, Sends: sendNote},
		{Name: ActionIncident, Label: "Incident…", Meaning: "Say whether it is an incident, and which deployment caused it.", Offered: always,
			Opens: openIncident, Form: FormIncident, First: desk.FieldIncident, Sends: sendIncident},
		{Name: ActionWork, Label: "Kind of work…", Meaning: "Say which kind of work it is, if it is not that of its category.", Offered: always, Needs: isLead,
			Opens: WithRecord(func(o Opening, r desk.Record) Modal { return WorkForm(r.Ticket, o.Params) }), Form: FormWork, First: desk.FieldWork, Sends: sendWork},
		{Name: ActionPutBack, Label: "Put back", Meaning: "You no longer have it, and it waits for another owner.", Offered: owned,
			Calls: just((*desk.Desk).PutBack), Says: says("%s has no owner now.")},
		{Name: ActionRedact, Label: "Redact…", Meaning: "Words or a file that should not be here disappear for good.", Offered: always,
			Opens: WithRecord(func(_ Opening, r desk.Record) Modal { return RedactForm(r) }), Form: FormRedact, First: desk.FieldWords, Sends: sendRedact},
		{Name: ActionMakePrivate, Label: "Make private…", Meaning: "From now on only its own people read it, in a channel of its own.", Offered: isPublic, Needs: hasRooms,
			Opens: openMakePrivate, Form: FormMakePrivate, First: desk.FieldSure, Sends: sendMakePrivate},
		{Name: ActionFollow, Label: "Follow", Meaning: "You hear if it takes longer, and how it ends.", Offered: always,
			Calls: just((*desk.Desk).Follow), Says: youFollow, Quiet: true, Undo: ActionUnfollow},
		{Name: ActionWhy, Label: "Why these times?", Meaning: "How each time on the card came to be.", Offered: always, Opens: openWhy, Form: FormWhy},
		{Name: ActionMore, Label: "More…", Offered: never, Form: FormMore,
			Opens: openMore},
	}
}

// ofMessages are the buttons of other messages.
func ofMessages() []ActionKind {
	return []ActionKind{
		{Name: ActionOnIt, Label: "On it", Calls: just((*desk.Desk).Acknowledge), Says: says("Noted: you are on %s."), Quiet: true},
		{Name: ActionReach, Label: "On it", Calls: just((*desk.Desk).Reach), Says: says("Noted: you are on %s."), Quiet: true},
		{Name: ActionExpect, Label: "Needs longer…", Opens: openExpect, Form: FormExpect, First: desk.FieldExpected, Sends: sendExpect},
		{Name: ActionHoldUntil, Label: "Put on hold", Calls: just((*desk.Desk).HoldUntilDone), Says: saysHeld},
		{Name: ActionTakeOver, Label: "Take over", Calls: takeOver},
		{Name: ActionHow, Calls: explain, Says: saysHow},
		{Name: ActionPassOn, Label: "Pass on", Calls: just((*desk.Desk).PassOn)},
		{Name: ActionJustAComment, Label: "Just a comment", Calls: leave, Says: says("%s stays without an owner.")},
		{Name: ActionSolvedIt, Label: "That solved it", Calls: solve},
		{Name: ActionWithdraw, Label: "Withdraw", Calls: closeAs(ticket.Withdrawn)},
		{Name: ActionNotATicket, Label: "Not a ticket", Calls: closeAs(ticket.NotAnIssue), Says: says("%s is closed: it is not a ticket.")},
		{Name: ActionDifferent, Label: "Mine is different", Calls: just((*desk.Desk).Reopen), Says: says("%s is a ticket of its own again, with a new target.")},
		{Name: ActionUnfollow, Label: "Unfollow", Calls: just((*desk.Desk).Unfollow), Says: says("You no longer follow %s.")},
		{Name: ActionWriteDown, Label: "Write it down", Calls: writeDown, Says: func(_ Action, r desk.Record, s Scene) string { return saysWritten(r, s) }},
		{Name: ActionFixed, Label: "Yes", Calls: just((*desk.Desk).Fixed), Shows: showSurvey},
		{Name: ActionStars, Calls: rate, Shows: showSurvey},
		{Name: ActionRate, Label: "Change or add a word…", Opens: openRate, Form: FormRate, First: desk.FieldStars, Sends: sendRate},
		{Name: ActionAgree, Label: "Show it", Calls: just((*desk.Desk).Agree)},
		{Name: ActionDecline, Label: "Keep it private", Calls: just((*desk.Desk).Decline)},
		{Name: ActionTakeBack, Label: "Take it back", Calls: takeBack, Says: func(a Action, _ desk.Record, _ Scene) string { return takenBackFrom(a.Ticket) }},
	}
}

// ActionKindOf returns the row of an action, or the zero ActionKind.
func ActionKindOf(action string) ActionKind {
	return actionKindWith(func(d ActionKind) bool { return d.Name == action })
}

// ActionKindBy returns the row that opens a form, or the zero ActionKind.
func ActionKindBy(form string) ActionKind {
	return actionKindWith(func(d ActionKind) bool { return d.Form == form })
}

func actionKindWith(wanted func(ActionKind) bool) ActionKind {
	if i := slices.IndexFunc(ActionKinds, wanted); i >= 0 {
		return ActionKinds[i]
	}
	return ActionKind{}
}

func always(ticket.Ticket) bool { return true }

func never(ticket.Ticket) bool { return false }

func unended(t ticket.Ticket) bool { return !t.State.Ended() }

func owned(t ticket.Ticket) bool { return unended(t) && t.Owned() }

func ownedAndNot(s ticket.State) func(ticket.Ticket) bool {
	return func(t ticket.Ticket) bool { return owned(t) && t.State != s }
}

func says(format string) Says {
	return func(a Action, _ desk.Record, _ Scene) string { return fmt.Sprintf(format, a.Ticket) }
}

func saysHow(a Action, _ desk.Record, _ Scene) string {
	return fmt.Sprintf("Noted for %s: %s.", a.Ticket, ticket.Solution(a.Argument).Label())
}
