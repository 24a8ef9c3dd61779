package desk_test

import (
	"time"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// gesture is somebody doing something to a ticket.
type gesture func(h *deskHarness, n ticket.Number) (desk.Record, error)

func (h *deskHarness) gesture(n ticket.Number, who string, m float64) desk.Gesture {
	return desk.Gesture{Ticket: n, Actor: who, By: ticket.ByButton, Key: h.key(), At: minutes(m), Now: minutes(m)}
}

// byEmoji is gesture, learned of a second later.
func (h *deskHarness) byEmoji(n ticket.Number, who string, m float64, name string) desk.Gesture {
	a := h.gesture(n, who, m)
	a.By, a.Emoji, a.Now = ticket.ByEmoji, name, a.At.Add(second)
	return a
}

func claim(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Claim(h.t.Context(), h.gesture(n, who, m))
	}
}

// eyes is a claim by emoji, noEyes its end.
func eyes(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.React(h.t.Context(), h.byEmoji(n, who, m, "eyes"), ticket.Claimed, ticket.Message{}, "")
	}
}

func noEyes(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.React(h.t.Context(), h.byEmoji(n, who, m, "eyes"), ticket.PutBack, ticket.Message{}, "")
	}
}

func follow(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Follow(h.t.Context(), h.gesture(n, who, m))
	}
}

func unfollow(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Unfollow(h.t.Context(), h.gesture(n, who, m))
	}
}

func putBack(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.PutBack(h.t.Context(), h.gesture(n, who, m))
	}
}

func handOver(who, to, note string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.HandOver(h.t.Context(), h.gesture(n, who, m), to, note)
	}
}

func resolve(who string, s ticket.Solution, note string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Resolve(h.t.Context(), h.gesture(n, who, m), s, note)
	}
}

// tick is a resolution by emoji, untick takes it back.
func tick(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.React(h.t.Context(), h.byEmoji(n, who, m, "white_check_mark"), ticket.Resolved, ticket.Message{}, "")
	}
}

func untick(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.React(h.t.Context(), h.byEmoji(n, who, m, "white_check_mark"), ticket.Undone, ticket.Message{}, "")
	}
}

func explain(who string, s ticket.Solution, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Explain(h.t.Context(), h.gesture(n, who, m), s)
	}
}

func closeAs(who string, why ticket.CloseReason, of ticket.Number, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Close(h.t.Context(), h.gesture(n, who, m), why, of, "Sorry.")
	}
}

func reopen(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Reopen(h.t.Context(), h.gesture(n, who, m))
	}
}

func wait(who, question string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Wait(h.t.Context(), h.gesture(n, who, m), question)
	}
}

// hourglass marks a question in the thread, noHourglass takes that back.
func hourglass(who string, question ticket.Message, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.React(h.t.Context(), h.byEmoji(n, who, m, "hourglass_flowing_sand"), ticket.Waited, question, "Which card?")
	}
}

func noHourglass(who string, question ticket.Message, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.React(h.t.Context(), h.byEmoji(n, who, m, "hourglass_flowing_sand"), ticket.Resumed, question, "")
	}
}

func hold(who, reason string, m float64) gesture { return holdUntil(who, reason, time.Time{}, m) }

func holdUntil(who, reason string, day time.Time, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Hold(h.t.Context(), h.gesture(n, who, m), reason, day)
	}
}

func resume(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Resume(h.t.Context(), h.gesture(n, who, m))
	}
}

func onIt(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Acknowledge(h.t.Context(), h.gesture(n, who, m))
	}
}

// expect gives another time, in minutes after nine.
func expect(who string, by, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Expect(h.t.Context(), h.gesture(n, who, m), minutes(by), "The bank is slow.")
	}
}

func escalate(who, why string, m float64, to ...string) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Escalate(h.t.Context(), h.gesture(n, who, m), to, why)
	}
}

func noted(who, what string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Note(h.t.Context(), h.gesture(n, who, m), what)
	}
}

func say(who, answer string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Say(h.t.Context(), h.gesture(n, who, m), "logs", answer)
	}
}

func edit(who, title string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Edit(h.t.Context(), h.gesture(n, who, m), desk.Content{Title: title, Text: "In the US.", Category: "access"})
	}
}

func reprioritise(who string, p ticket.Priority, why string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Reprioritise(h.t.Context(), h.gesture(n, who, m), p, why)
	}
}

// cardOf is where tests say that a ticket's card stands.
func cardOf(n ticket.Number) ticket.Message {
	return ticket.Message{Channel: "CSUPPORT", TS: "1700000000." + n.String()[1:]}
}

// post puts the ticket's card where cardOf says.
func post(h *deskHarness, n ticket.Number) (desk.Record, error) {
	h.send(`INSERT INTO ticket_threads (channel, ts, ticket, current) VALUES ('CSUPPORT', $2, $1, true)`, n, cardOf(n).TS)
	return desk.Record{}, nil
}

func withhold(m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		a := h.gesture(n, "", m)
		a.By, a.Key = ticket.ByDeletion, desk.DeletionKey(cardOf(n))
		return h.Withhold(h.t.Context(), a, cardOf(n))
	}
}

func show(who string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		return h.Show(h.t.Context(), h.gesture(n, who, m))
	}
}

var inThread = ticket.Message{Channel: "CSUPPORT", TS: "1700000099.000100"}

func reply(who string, m float64) gesture { return quoted(who, "", m) }

// quoted is a reply in a direct message.
func quoted(who, quote string, m float64) gesture {
	return func(h *deskHarness, n ticket.Number) (desk.Record, error) {
		a := h.gesture(n, who, m)
		a.By = ticket.ByReply
		return h.Reply(h.t.Context(), a, desk.Written{Message: inThread, Private: quote != "", Text: quote})
	}
}
