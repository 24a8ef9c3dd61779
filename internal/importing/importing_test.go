package importing_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"supporty/internal/importing"
	"supporty/internal/ticket"
)

const head = "external_id,title,category,priority,opened_at,ended_at,state,solution,close_reason,colour\n"

const times = "2026-01-05T09:00:00Z,2026-01-05T10:00:00+01:00"

// said reads a file, and has a line for each row: its number, and its key and title or what is wrong.
func said(rows importing.Rows, err error) string {
	var lines []string
	for err == nil {
		var r importing.Row
		if r, err = rows.Next(); err != nil {
			break
		}
		t, wrong := r.Ticket()
		if wrong != nil {
			lines = append(lines, fmt.Sprintf("%d: %s", r.Line, ticket.SentenceOf(wrong)))
			continue
		}
		lines = append(lines, fmt.Sprintf("%d: %s %q %s", r.Line, t.Key, t.Title, t.EndedAt.Format("15:04")))
	}
	if !errors.Is(err, io.EOF) {
		lines = append(lines, err.Error())
	}
	return strings.Join(lines, "\n")
}

func TestCSV(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, want string }{
		"rows": {head + "A-1,Cards,Billing,P2," + times + ",,code,,red\nA-2,\"Two\nlines\",Billing,p1," + times + ",closed,,withdrawn,\nA-3,x,Billing,3,2026-01-05T09:00:00Z,,,,,",
			"2: A-1 \"Cards\" 09:00\n3: A-2 \"Two\\nlines\" 09:00\n5: A-3 \"x\" 00:00"},
		"a mark at the beginning": {"\ufeff" + head + "A-1,Cards,Billing,P2," + times + ",,,,", "2: A-1 \"Cards\" 09:00"},
		"by its number":           {"number,title,category,priority,opened_at,ended_at\n7,Cards,Billing,P2," + times, "2: 7 \"Cards\" 09:00"},
		"formulas": {head + "A-1,'=1+1,Billing,P2," + times + ",,,,\nA-2,'tis,Billing,P2," + times + ",,,,",
			"2: A-1 \"=1+1\" 09:00\n3: A-2 \"'tis\" 09:00"},
		"UTF-16":         {"\xff\xfee\x00", "the file is not UTF-8 but UTF-16; save it as UTF-8"},
		"Latin-1":        {head + "A-1,Gr\xfc\xdfe,Billing,P2," + times + ",,,,\nA-2,x,Billing,P2," + times + ",,,,", "2: It is not UTF-8.\n3: A-2 \"x\" 09:00"},
		"a NUL":          {head + "A-1,a\x00,Billing,P2," + times + ",,,,", "2: It has a NUL character."},
		"cells missing":  {head + "A-1,x", "2: It has 2 cells, and the first line has 10."},
		"a quote":        {head + "A-1,x\"y,z\nA-2,x,Billing,P2," + times + ",,,,", "2: It is not CSV: bare \" in non-quoted-field.\n3: A-2 \"x\" 09:00"},
		"empty":          {"", "the file is empty; its first line has the names of the columns"},
		"no such column": {"title,category\n", "the first line has no column priority; it needs title, category, priority, opened_at, ended_at, and external_id or number"},
		"a huge row":     {head + "A-1,\"" + strings.Repeat("x", 2*importing.MaxRow), "a row has more than 1048576 bytes; nothing after it was read"},
	} {
		if got := said(importing.CSV(strings.NewReader(test.file))); got != test.want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, test.want)
		}
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	const rest = `"category":"Billing","priority":"P2","opened_at":"2026-01-05T09:00:00Z","ended_at":"2026-01-05T10:00:00Z"`
	for name, test := range map[string]struct{ file, want string }{
		"rows": {`{"number":7,"title":"Cards",` + rest + "}\n\n" + `{"external_id":"A","Title":"=1+1","text":null,"colour":{},` + rest + "}",
			"1: 7 \"Cards\" 10:00\n3: A \"=1+1\" 10:00"},
		"no object":  {"[1]\n{\nnull\n", "1: It is not a JSON object.\n2: It is not a JSON object.\n3: It is not a JSON object."},
		"a list":     {`{"title":["a"]}`, "1: title is neither a text nor a number."},
		"a NUL":      {`{"title":"a\u0000"}`, "1: title is neither a text nor a number."},
		"a huge row": {`{"title":"` + strings.Repeat("x", 2*importing.MaxRow), "a row has more than 1048576 bytes; nothing after it was read"},
		"empty":      {"", ""},
	} {
		if got := said(importing.JSON(strings.NewReader(test.file))); got != test.want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, test.want)
		}
	}
}

// What is wrong with a ticket is said.
func TestTicket(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		"external_id=":                            "It has no external_id, or one that is longer than 200 bytes.",
		"title=":                                  "It has no title.",
		"priority=P9":                             "Its priority is none of P1, P2 and P3.",
		"opened_at=5 January":                     "Its opened_at is not a time with its zone, such as 2026-10-01T09:30:00Z.",
		"ended_at=2026-01-05 10:00":               "Its ended_at is not a time with its zone, such as 2026-10-01T09:30:00Z.",
		"answered_at=0001-01-01T00:00:00Z":        "Its answered_at is not a time with its zone, such as 2026-10-01T09:30:00Z.",
		"state=open":                              `Its state is "open"; what has ended is resolved or closed.`,
		"solution=magic":                          "Its solution is none of code, configuration, data, documentation, no_change.",
		"close_reason=bored":                      "Its close_reason is none of not_an_issue, duplicate, withdrawn.",
		"close_reason=withdrawn":                  "What is resolved has a solution, and what is closed a close_reason.",
		"external_id=" + strings.Repeat("x", 201): "It has no external_id, or one that is longer than 200 bytes.",
	} {
		cells := map[string]string{"external_id": "A", "title": "x", "category": "B", "priority": "P2", "opened_at": "2026-01-05T09:00:00Z", "ended_at": "2026-01-05T10:00:00Z"}
		name, value, _ := strings.Cut(change, "=")
		cells[name] = value
		if _, err := (importing.Row{Cells: cells}).Ticket(); ticket.SentenceOf(err) != want {
			t.Errorf("%s: %v, want %q", change, err, want)
		}
	}
}

// Whatever a file holds, its rows are read or refused, each with its line, and none is lost.
func FuzzRows(f *testing.F) {
	for _, seed := range []string{head + "A-1,Cards,Billing,P2," + times + ",,code,,red\n", "{\"title\":\"x\"}\n[]\n", "\ufeffa,\"b", "\xff\xfe", head + "\"\n\"\"\"", "{\"title\":\"\\ud800\"}"} {
		f.Add([]byte(seed), true)
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, file []byte, asJSON bool) {
		open := importing.CSV
		if asJSON {
			open = importing.JSON
		}
		rows, err := open(strings.NewReader(string(file)))
		for last := 0; err == nil; {
			var r importing.Row
			if r, err = rows.Next(); err != nil {
				break
			}
			if r.Line < last {
				t.Fatalf("line %d after %d", r.Line, last)
			}
			last = r.Line
			i, wrong := r.Ticket()
			if wrong == nil && (i.Key == "" || i.Title == "" || strings.ContainsRune(i.Title+i.Text, 0) || !i.Priority.Valid()) {
				t.Fatalf("read as %+v", i)
			}
			if wrong != nil && ticket.CodeOf(wrong) != ticket.Invalid {
				t.Fatal(wrong)
			}
		}
	})
}
