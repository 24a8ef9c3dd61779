// Package importing reads tickets of another desk from a file: CSV or JSON, an object a line. It is
// pure: what is wrong with a row is said in a sentence, and decides about that row alone.
//
// The file is written by others, and may hold anything. No row has more than MaxRow bytes in memory.
package importing

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxRow is the most bytes of a row. A text of a ticket has 3,000 characters at most.
const MaxRow = 1 << 20

// Columns are the names that are read, in the order of the documents. Others are passed over.
var Columns = []string{
	"external_id", "title", "text", "category", "priority", "requester", "owner",
	"opened_at", "answered_at", "ended_at", "state", "solution", "close_reason",
}

// required are the columns that every row needs.
var required = []string{"title", "category", "priority", "opened_at", "ended_at"}

// Row is a row of the file: the texts of its cells, by column. A JSON null is an empty text.
type Row struct {
	Line  int // where it begins, from 1
	Cells map[string]string
	Wrong string // why it cannot be read, in a sentence; empty if it can
}

// Rows reads a file row by row. It is not safe for concurrent use.
type Rows interface {
	// Next returns the next row. At the end its error is io.EOF; any other error is about the file as a
	// whole, and nothing can be read after it.
	Next() (Row, error)
	// Ignored are the names of the columns that were passed over so far, in order.
	Ignored() []string
}

// The errors of a file as a whole.
var (
	errUTF16   = errors.New("the file is not UTF-8 but UTF-16; save it as UTF-8")
	errTooLong = fmt.Errorf("a row has more than %d bytes; nothing after it was read", MaxRow)
)

// begin passes over the mark at the beginning of a UTF-8 file, and refuses UTF-16.
func begin(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.Equal(head, []byte("\ufeff")):
		_, err = b.Discard(3)
		return b, err
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return nil, errUTF16
	}
	return b, nil
}

// unreadable says what is wrong with the bytes of a text; empty for nothing.
func unreadable(text string) string {
	switch {
	case !utf8.ValidString(text):
		return "It is not UTF-8."
	case strings.ContainsRune(text, 0):
		return "It has a NUL character."
	}
	return ""
}

// columns remembers which of the names in a file are not read.
type columns struct{ ignored []string }

func (c *columns) reads(name string) bool {
	if slices.Contains(Columns, name) || name == "number" {
		return true
	}
	if !slices.Contains(c.ignored, name) && len(c.ignored) < 100 {
		c.ignored = append(c.ignored, name)
	}
	return false
}

// Ignored implements Rows.
func (c *columns) Ignored() []string { return c.ignored }
