package app

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"supporty/internal/postgres"
)

// progress writes on a terminal how many rows are done, every second, in one line. Without a terminal
// it only passes them on.
type progress struct {
	postgres.Rows
	w     io.Writer // nil for none
	what  string
	done  int
	began time.Time
	told  time.Time
}

// Begin implements postgres.Rows.
func (p *progress) Begin(columns []string) error {
	p.began = time.Now()
	p.told = p.began
	return p.Rows.Begin(columns)
}

// Row implements postgres.Rows.
func (p *progress) Row(values []any) error {
	p.done++
	if p.w != nil && p.done%1000 == 0 && time.Since(p.told) >= time.Second {
		p.told = time.Now()
		p.tell("")
	}
	return p.Rows.Row(values)
}

// end tells the last number, and leaves the line.
func (p *progress) end() {
	if p.w != nil {
		p.tell("\n")
	}
}

func (p *progress) tell(end string) {
	rate := float64(p.done) / max(time.Since(p.began).Seconds(), 0.001)
	_, _ = fmt.Fprintf(p.w, "\r%s: %s rows, %s a second   %s", p.what, grouped(p.done), grouped(int(rate)), end)
}

// grouped writes a number with its thousands apart: 1,234,567.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}
