package slacksim

import (
	"supporty/internal/dev/slacksim/control"
	"supporty/internal/dev/slacksim/faults"
	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/people"
	"supporty/internal/dev/slacksim/webapi"
	"supporty/internal/dev/slacksim/workspace"
)

// Names of the packages beneath, for those who use the server as a whole.
type (
	// State is everything that can be seen in the workspace at one moment.
	State = workspace.State
	// Step is one execution of the app's step in a workflow.
	Step = workspace.Step
	// Team is the workspace itself.
	Team = workspace.Team
	// Person is a member of the workspace, the bot included.
	Person = workspace.Person
	// Channel is a channel or a direct message.
	Channel = workspace.Channel
	// Bookmark is a link at the top of a channel.
	Bookmark = workspace.Bookmark
	// Usergroup is a group that can be mentioned.
	Usergroup = workspace.Usergroup
	// Message is a message as it stands.
	Message = workspace.Message
	// Edit marks a message as edited.
	Edit = workspace.Edit
	// Reaction is one emoji under a message.
	Reaction = workspace.Reaction
	// View is an open modal or a published Home tab.
	View = workspace.View
	// Entry is one line of the journal.
	Entry = workspace.Entry
	// Notification is one message that Slack would have notified a person of.
	Notification = workspace.Notification
	// File is something that a person or the bot has uploaded.
	File = workspace.File
	// Beliefs are answers to what Slack does not document.
	Beliefs = workspace.Beliefs
	// StateValues is what a form holds.
	StateValues = layout.StateValues
	// Fault is something that goes wrong, once set.
	Fault = faults.Fault
	// Limits switches Slack's rate limits on.
	Limits = webapi.Limits
	// Action is something that a person does.
	Action = people.Action
	// FormValues are what is filled into a form.
	FormValues = people.FormValues
	// Outcome is what a person sees of what they did.
	Outcome = people.Outcome
	// Option is a choice that the app offers while somebody types.
	Option = people.Option
	// Command is a slash command of the app.
	Command = people.Command
	// WorkflowStep is a step that the app offers for workflows.
	WorkflowStep = people.WorkflowStep
	// StepInput is what a step of a workflow takes.
	StepInput = people.StepInput
	// Shortcut is an entry that the app adds to a menu.
	Shortcut = people.Shortcut
	// TimeControl moves the business time.
	TimeControl = control.TimeControl
	// TimeState is where the business time stands.
	TimeState = control.TimeState
	// TimeMove is the body of POST /sim/v1/time.
	TimeMove = control.TimeMove
	// AppMessage is what another app posts.
	AppMessage = control.AppMessage
	// Summary is the state without messages, as one person sees it.
	Summary = control.Summary
	// ChannelSummary is a channel without its messages.
	ChannelSummary = control.ChannelSummary
	// Change is one event of the stream.
	Change = control.Change
	// Gone names a message that is no more.
	Gone = control.Gone
	// Page is a stretch of a channel or a thread.
	Page = control.Page
	// Progress tells how far background work has come.
	Progress = control.Progress
	// Toggle is something beside Slack that can go wrong.
	Toggle = control.Toggle
	// Link leads to a page beside the workspace.
	Link = control.Link
	// Workspace describes who and what exists at the start.
	Workspace = workspace.Spec
)

// Kinds of journal entries.
const (
	KindCall         = workspace.KindCall
	KindEnvelope     = workspace.KindEnvelope
	KindAck          = workspace.KindAck
	KindMissed       = workspace.KindMissed
	KindSocket       = workspace.KindSocket
	KindMessage      = workspace.KindMessage
	KindReaction     = workspace.KindReaction
	KindNotification = workspace.KindNotification
	KindView         = workspace.KindView
	KindPeople       = workspace.KindPeople
	KindFile         = workspace.KindFile
	KindFault        = workspace.KindFault
	KindTime         = workspace.KindTime
)

// Reasons for a notification.
const (
	WhyMention = workspace.WhyMention
	WhyDirect  = workspace.WhyDirect
	WhyThread  = workspace.WhyThread
)

// Kinds of faults.
const (
	FaultDelay      = faults.Delay
	FaultRateLimit  = faults.RateLimit
	FaultHTTP       = faults.HTTP
	FaultError      = faults.Error
	FaultHang       = faults.Hang
	FaultCut        = faults.Cut
	FaultLose       = faults.Lose
	FaultDuplicate  = faults.Duplicate
	FaultDelayEvent = faults.DelayEvent
	FaultReorder    = faults.Reorder
	FaultDropAck    = faults.DropAck
	FaultHandshake  = faults.Handshake
	FaultCutSockets = faults.CutSockets
	FaultDisconnect = faults.Disconnect
	FaultInject     = faults.Inject
)
