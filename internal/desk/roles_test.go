package desk_test

import (
	"os"
	"strings"
	"testing"

	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// roles are the columns of the table in docs/roles.md, as the directory makes them. Their own
// tickets are those that kim asked for.
func roles(guestsRead bool) map[string]desk.Person {
	return map[string]desk.Person{
		"anyone": {}, "requester": {}, "follower": {}, "operator": {Operator: true},
		"responder":       {Member: true, Responder: true},
		"lead":            {Responder: true, Squads: []string{"Checkout"}, Leads: []string{"Checkout"}},
		"guest":           {Member: true, OwnOnly: !guestsRead},
		"another company": {Member: true, External: true, OwnOnly: !guestsRead}, // other_companies: ask
	}
}

// gesturesOf are the rows that are entries of a timeline.
var gesturesOf = map[string][]ticket.Entry{
	"answer in its thread":            {{Kind: ticket.Replied}},
	"follow":                          {{Kind: ticket.Followed}},
	"note":                            {{Kind: ticket.Noted}},
	"say what is an incident":         {{Kind: ticket.Assessed}},
	"say thanks":                      {{Kind: ticket.Thanked}, {Kind: ticket.Unthanked}},
	"say which kind of work it is":    {{Kind: ticket.Classed}},
	"claim":                           {{Kind: ticket.Claimed}},
	"put back":                        {{Kind: ticket.PutBack}},
	"hand over":                       {{Kind: ticket.HandedOver}},
	"change the priority":             {{Kind: ticket.Reprioritised, Details: ticket.Details{Priority: ticket.P1}}},
	"wait for an answer, put on hold": {{Kind: ticket.Waited}, {Kind: ticket.Held}},
	"give another time":               {{Kind: ticket.Expected}, {Kind: ticket.Acknowledged}},
	"post a saved answer":             {{Kind: ticket.Replied, Details: ticket.Details{Reply: ticket.Reply{Saved: true}}}},
	"resolve, close":                  {{Kind: ticket.Resolved}, {Kind: ticket.Closed}, {Kind: ticket.Explained}, {Kind: ticket.Undone}},
	"reopen":                          {{Kind: ticket.Reopened}},
	"resume, escalate":                {{Kind: ticket.Resumed}, {Kind: ticket.Escalated}},
	"edit":                            {{Kind: ticket.Edited}},
	"redact":                          {{Kind: ticket.Redacted}},
	"make private":                    {{Kind: ticket.MadePrivate}},
	"show withheld text again":        {{Kind: ticket.Shown}},
	"say how the help was":            {{Kind: ticket.Rated}},
}

// othersOf are the other rows.
var othersOf = map[string]func(desk.Person, ticket.Ticket) bool{
	"ask for a ticket":                func(p desk.Person, _ ticket.Ticket) bool { return p.CanRequest() },
	"read it: show, list, find, Home": func(p desk.Person, t ticket.Ticket) bool { return desk.MayRead(p, t) },
	"see the numbers of the desk":     func(p desk.Person, _ ticket.Ticket) bool { return len(p.ReadableChannels()) > 0 },
	"see the web page":                func(p desk.Person, _ ticket.Ticket) bool { return desk.MayLookAfter(p) },
}

// may reports whether a person may what a row says; false, false if there is no such row.
func may(row string, p desk.Person, t ticket.Ticket) (permitted, known bool) {
	if other, ok := othersOf[row]; ok {
		return other(p, t), true
	}
	entries, ok := gesturesOf[row]
	permitted = true
	for _, e := range entries {
		e.Actor = p.ID
		permitted = permitted && desk.Permit(e, p, t) == nil
	}
	return permitted, ok
}

// Every cell of the documented table is what the code does, in the support channel and in a
// channel of a squad.
func TestRolesAreAsDocumented(t *testing.T) {
	t.Parallel()
	columns, rows := tableOfRoles(t)
	if len(columns) != len(roles(false)) || len(rows) != len(gesturesOf)+len(othersOf) {
		t.Fatalf("%d roles and %d rows are documented, of %d and %d", len(columns), len(rows), len(roles(false)), len(gesturesOf)+len(othersOf))
	}
	for row, cells := range rows {
		for i, role := range columns {
			for _, home := range []string{"", "C2"} {
				p, known := roles(false)[role], false
				if got, ok := cell(row, standingIn(home, p)); got != cells[i] || !ok {
					t.Errorf("%s, %s, in %q: %q is documented, and it is %q", row, role, home, cells[i], got)
				}
				if _, known = roles(false)[role]; !known {
					t.Errorf("%s is no role", role)
				}
			}
		}
	}
}

// With guests: channel, guests read, follow and note, and nothing else changes.
func TestGuestsWhoReadTheirChannel(t *testing.T) {
	t.Parallel()
	columns, rows := tableOfRoles(t)
	more := map[string]string{"read it: show, list, find, Home": "yes", "follow": "yes", "note": "yes", "say thanks": "yes", "see the numbers of the desk": "yes"}
	for row, cells := range rows {
		for i, role := range columns {
			want := cells[i]
			if (role == "guest" || role == "another company") && more[row] != "" {
				want = more[row]
			}
			if got, _ := cell(row, roles(true)[role]); got != want {
				t.Errorf("%s, %s: %q, want %q", row, role, got, want)
			}
		}
	}
}

// standingIn moves what a person is in the support channel to another.
func standingIn(home string, p desk.Person) desk.Person {
	if home == "" {
		return p
	}
	p.Elsewhere = []desk.Standing{{Channel: home, Member: p.Member, Responder: p.Responder}}
	p.Member, p.Responder = false, false
	return p
}

// cell is what a person may do with tickets of others, and with their own.
func cell(row string, p desk.Person) (string, bool) {
	p.ID = "UKIM"
	channel := ""
	for _, s := range p.Elsewhere {
		channel = s.Channel
	}
	others, known := may(row, p, ticket.Ticket{Requester: rita, Priority: ticket.P2, Channel: channel, Followers: []string{p.ID}})
	own, _ := may(row, p, ticket.Ticket{Requester: p.ID, Priority: ticket.P2, Channel: channel})
	switch {
	case others && own:
		return "yes", known
	case own:
		return "own", known
	}
	return "no", known
}

// tableOfRoles reads the table: its columns, and its rows by their first cells.
func tableOfRoles(t *testing.T) (columns []string, rows map[string][]string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/roles.md")
	if err != nil {
		t.Fatal(err)
	}
	rows = map[string][]string{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		switch {
		case len(cells) < 4 || strings.HasPrefix(cells[0], "---"):
		case columns == nil:
			columns = cells[1:]
		default:
			rows[cells[0]] = cells[1:]
		}
	}
	return columns, rows
}
