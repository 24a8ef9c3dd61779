package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

const second = time.Second

// refusal returns the error that a person is shown. "#N" stands for the
// ticket's number.
func refusal(code ticket.Code, field, sentence string) *ticket.Error {
	return &ticket.Error{Code: code, Field: field, Sentence: sentence}
}

var (
	notYours    = refusal(ticket.Forbidden, "", "Only people who answer in the support channel can take a ticket.")
	notBack     = refusal(ticket.Forbidden, "", "Only people who answer in the support channel can put a ticket back.")
	noPromise   = refusal(ticket.Forbidden, "", "Only people who answer in the support channel can change the priority.")
	notEither   = refusal(ticket.Forbidden, "", "Only {name}, who asked, and people who answer in the support channel can do that.").About(rita)
	notEdit     = refusal(ticket.Forbidden, "", "Only {name}, who asked, and the owner can edit the ticket.").About(rita)
	notRedact   = refusal(ticket.Forbidden, "", "Only {name}, who asked, the owner and operators can redact something.").About(rita)
	notShow     = refusal(ticket.Forbidden, "", "Only {name}, who asked, can show the text again.").About(rita)
	taken       = refusal(ticket.Conflict, "", "{name} already has #N. To take it over, ask them, or use More, Hand over.").About(ann)
	othersPut   = refusal(ticket.Conflict, "", "{name} has #N and can put it back. To take it over, ask them, or use More, Hand over.").About(ann)
	notPause    = refusal(ticket.Forbidden, "", "Only people who answer in the support channel can pause a ticket.")
	othersPause = refusal(ticket.Conflict, "", "{name} has #N and says what it waits for. To take it over, use More, Hand over.").About(ann)
	notThat     = refusal(ticket.Forbidden, "", "Only people who answer in the support channel can do that.")
	othersWord  = refusal(ticket.Conflict, "", "{name} has #N. To take it over, use More, Hand over.").About(ann)
	unclaimed   = refusal(ticket.Conflict, "", "Nobody has #N. Claim it first.")
	notFollow   = refusal(ticket.Forbidden, "", "People in the support channel can follow tickets. Ask there to be let in, and follow it then.")
	notNote     = refusal(ticket.Forbidden, "", "Only people in the support channel, and who asked for the ticket, can note something about it.")
	askedForIt  = refusal(ticket.Conflict, "", "You asked for #N, so you hear of it anyway.")
	notSay      = refusal(ticket.Forbidden, "", "Only people who answer in the support channel can post saved answers.")
	ended       = refusal(ticket.Conflict, "", "#N is already resolved. Reopen it first.")
)

type refusals map[string]*ticket.Error

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	annHasIt := []gesture{claim(ann, 1)}
	for name, test := range map[string]struct {
		setup   []gesture
		do      func(who string) gesture
		refused refusals // by actor; the others may
	}{
		"claim": {nil, func(who string) gesture { return claim(who, 9) }, refusals{rita: notYours, olga: notYours}},
		"claim what is taken": {annHasIt, func(who string) gesture { return claim(who, 9) },
			refusals{rita: notYours, olga: notYours, bob: taken}},
		"put back": {annHasIt, func(who string) gesture { return putBack(who, 9) },
			refusals{rita: notBack, olga: notBack, bob: othersPut}},
		"hand over": {annHasIt, func(who string) gesture { return handOver(who, bob, "", 9) },
			refusals{rita: notYours, olga: notYours}},
		"resolve":          {annHasIt, func(who string) gesture { return resolve(who, "", "", 9) }, refusals{olga: notEither}},
		"resolve by emoji": {nil, func(who string) gesture { return tick(who, 9) }, refusals{olga: notEither}},
		"take back":        {[]gesture{tick(ann, 8)}, func(who string) gesture { return untick(who, 9) }, refusals{olga: notEither}},
		"explain": {[]gesture{tick(ann, 8)}, func(who string) gesture { return explain(who, ticket.SolvedByData, 9) },
			refusals{olga: notEither}},
		"close": {annHasIt, func(who string) gesture { return closeAs(who, ticket.NotAnIssue, 0, 9) }, refusals{olga: notEither}},
		"wait": {annHasIt, func(who string) gesture { return wait(who, "Which card?", 9) },
			refusals{rita: notPause, olga: notPause, bob: othersPause}},
		"hold": {nil, func(who string) gesture { return hold(who, "A part.", 9) },
			refusals{rita: notPause, olga: notPause, ann: unclaimed, bob: unclaimed}},
		"resume": {[]gesture{claim(ann, 1), hold(ann, "A part.", 2)}, func(who string) gesture { return resume(who, 9) },
			refusals{olga: notEither}},
		"on it": {annHasIt, func(who string) gesture { return onIt(who, 9) },
			refusals{rita: notThat, olga: notThat, bob: othersWord}},
		"needs longer": {nil, func(who string) gesture { return expect(who, 300, 9) },
			refusals{rita: notThat, olga: notThat, ann: unclaimed, bob: unclaimed}},
		"escalate": {nil, func(who string) gesture { return escalate(who, "The bank calls.", 9, "duty") },
			refusals{olga: notEither}},
		"escalate what has ended": {[]gesture{tick(ann, 8)}, func(who string) gesture { return escalate(who, "The bank calls.", 9, "duty") },
			refusals{olga: notEither, rita: ended, ann: ended, bob: ended}},
		"note":   {nil, func(who string) gesture { return noted(who, "The bank knows.", 9) }, refusals{olga: notNote}},
		"say":    {nil, func(who string) gesture { return say(who, "Hello {requester}, please add the log to {number}.", 9) }, refusals{rita: notSay, olga: notSay}},
		"reopen": {[]gesture{tick(ann, 8)}, func(who string) gesture { return reopen(who, 9) }, refusals{olga: notEither}},
		"edit":   {annHasIt, func(who string) gesture { return edit(who, "Other", 9) }, refusals{bob: notEdit, olga: notEdit}},
		"raise": {annHasIt, func(who string) gesture { return reprioritise(who, ticket.P1, "", 9) },
			refusals{rita: noPromise, olga: noPromise}},
		"lower without a reason": {annHasIt, func(who string) gesture { return reprioritise(who, ticket.P3, " ", 9) }, refusals{
			rita: noPromise, olga: noPromise,
			ann: refusal(ticket.Invalid, desk.FieldReason, "Say why it can wait: the requester will read it."),
			bob: refusal(ticket.Invalid, desk.FieldReason, "Say why it can wait: the requester will read it."),
		}},
		"follow":   {nil, func(who string) gesture { return follow(who, 9) }, refusals{rita: askedForIt, olga: notFollow}},
		"unfollow": {[]gesture{follow(ann, 1)}, func(who string) gesture { return unfollow(who, 9) }, nil},
		"redact": {annHasIt, func(who string) gesture {
			return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
				return h.Redact(h.t.Context(), h.gesture(n, who, 9), "fails", "")
			}
		}, refusals{bob: notRedact, olga: notRedact}},
		"show":  {[]gesture{post, withhold(8)}, func(who string) gesture { return show(who, 9) }, refusals{ann: notShow, bob: notShow, olga: notShow}},
		"reply": {nil, func(who string) gesture { return reply(who, 9) }, nil},
		"claim what has ended": {[]gesture{tick(ann, 8)}, func(who string) gesture { return claim(who, 9) },
			refusals{rita: notYours, olga: notYours, ann: ended, bob: ended}},
	} {
		t.Run(name, func(t *testing.T) {
			h.t = t
			for _, who := range []string{rita, ann, bob, olga} {
				n := h.open(ticket.P2)
				h.do(n, test.setup...)
				checkRefusal(t, h, n, who, test.do(who), test.refused[who])
			}
		})
	}
}

// checkRefusal checks that a gesture is refused as wanted and then changes
// nothing, or that it is not refused, with a nil want.
func checkRefusal(t *testing.T, h *deskHarness, n ticket.Number, who string, do gesture, want *ticket.Error) {
	t.Helper()
	before := h.find(n)
	h.enqueued()
	_, err := do(h, n)
	if want == nil {
		if err != nil {
			t.Errorf("%s: %v, want no error", who, err)
		}
		return
	}
	got, _ := errors.AsType[*ticket.Error](err)
	w := *want
	w.Sentence = strings.ReplaceAll(w.Sentence, "#N", n.String())
	if diff := gocmp.Diff(&w, got); diff != "" {
		t.Errorf("%s is refused with (-want +got):\n%s", who, diff)
	}
	if diff := gocmp.Diff(before, h.find(n)); diff != "" {
		t.Errorf("refusing %s has changed the ticket:\n%s", who, diff)
	}
	if enqueued := h.enqueued(); len(enqueued) > 0 {
		t.Errorf("refusing %s enqueues %v", who, enqueued)
	}
}

func TestInputThatCannotBeRight(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n, other := h.open(ticket.P2), h.open(ticket.P2)
	for name, test := range map[string]struct {
		do   gesture
		want *ticket.Error
	}{
		"hand over to somebody who does not answer": {handOver(ann, olga, "", 1),
			refusal(ticket.Forbidden, desk.FieldAssignee, "{name} does not answer tickets here. Choose a member of the support channel.").About(olga)},
		"solution":    {resolve(ann, "magic", "", 1), refusal(ticket.Invalid, desk.FieldSolution, "Choose how it was solved.")},
		"explanation": {explain(ann, "", 1), refusal(ticket.Invalid, desk.FieldSolution, "Choose how it was solved.")},
		"explain what is not resolved": {explain(ann, ticket.SolvedByCode, 1),
			refusal(ticket.Conflict, "", "#N is not resolved.")},
		"reason":               {closeAs(ann, "bored", 0, 1), refusal(ticket.Invalid, desk.FieldReason, "Choose why it is closed.")},
		"duplicate of nobody":  {closeAs(ann, ticket.Duplicate, 0, 1), refusal(ticket.Invalid, desk.FieldDuplicate, "Choose another ticket, by its number or its words.")},
		"duplicate of itself":  {closeAs(ann, ticket.Duplicate, n, 1), refusal(ticket.Invalid, desk.FieldDuplicate, "Choose another ticket, by its number or its words.")},
		"duplicate of none":    {closeAs(ann, ticket.Duplicate, 999, 1), refusal(ticket.Invalid, desk.FieldDuplicate, "There is no ticket #999.")},
		"priority":             {reprioritise(ann, 4, "", 1), refusal(ticket.Invalid, desk.FieldPriority, "Choose one of P1, P2 and P3.")},
		"escalate to nobody":   {escalate(ann, "Help.", 1), refusal(ticket.Invalid, desk.FieldPerson, "Choose who should look at it.")},
		"escalate for nothing": {escalate(ann, " ", 1, "duty"), refusal(ticket.Invalid, desk.FieldReason, "Say why: whoever you choose reads it.")},
		"escalate to oneself":  {escalate(ann, "Help.", 1, "duty", "person:"+ann), refusal(ticket.Invalid, desk.FieldPerson, "Choose somebody else than yourself.")},
		"escalate to who has left": {escalate(ann, "Help.", 1, "person:"+gus),
			refusal(ticket.Invalid, desk.FieldPerson, "{name} cannot be reached. Choose somebody else.").About(gus)},
		"title": {edit(rita, " ", 1), refusal(ticket.Invalid, desk.FieldTitle, "Give it a title, so that people see what it is about.")},
	} {
		t.Run(name, func(t *testing.T) {
			checkRefusal(t, h, n, name, test.do, test.want)
		})
	}
	if _, err := claim(ann, 1)(h, 999); ticket.CodeOf(err) != ticket.Unknown || ticket.SentenceOf(err) != "There is no ticket #999." {
		t.Errorf("claiming what does not exist: %v", err)
	}
	h.do(n, closeAs(ann, ticket.Duplicate, other, 2))
	h.do(other, closeAs(ann, ticket.NotAnIssue, n, 2))
	got := []ticket.Number{h.find(n).Ticket.DuplicateOf, h.find(other).Ticket.DuplicateOf}
	if diff := gocmp.Diff([]ticket.Number{other, 0}, got); diff != "" {
		t.Errorf("originals (-want +got):\n%s", diff)
	}
}

// The fold ignores what was not possible; the timeline keeps it, because an
// earlier gesture may still make it possible.
func TestRefusedEmojiIsKeptAsVoid(t *testing.T) {
	t.Parallel()
	h := newHarness(t)
	n := h.open(ticket.P2)
	h.do(n, eyes(ann, 1))
	_, err := eyes(bob, 2)(h, n)
	if ticket.CodeOf(err) != ticket.Conflict {
		t.Errorf("second claim: %v, want a conflict", err)
	}
	r := h.find(n)
	if r.Ticket.Assignee != ann || len(r.Timeline) != 3 {
		t.Fatalf("owner %s, %d entries, want Ann and 3", r.Ticket.Assignee, len(r.Timeline))
	}
	want := ticket.Entry{
		Kind: ticket.Claimed, Actor: bob, Role: ticket.RoleResponder, Gesture: ticket.ByEmoji, Void: "conflict",
		HappenedAt: minutes(2), RecordedAt: minutes(2).Add(second), Details: ticket.Details{Emoji: "eyes"},
	}
	if diff := gocmp.Diff(want, r.Timeline[2], cmpopts.IgnoreFields(ticket.Entry{}, "ID")); diff != "" {
		t.Errorf("void entry (-want +got):\n%s", diff)
	}
}
