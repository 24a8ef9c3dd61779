package importing

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// JSON reads rows of a file with a JSON object a line. Empty lines are passed over.
func JSON(r io.Reader) (Rows, error) {
	b, err := begin(r)
	if err != nil {
		return nil, err
	}
	return &jsonFile{r: b}, nil
}

type jsonFile struct {
	columns
	r    *bufio.Reader
	line int
}

// Next implements Rows.
func (f *jsonFile) Next() (Row, error) {
	for {
		line, err := f.read()
		if err != nil && (!errors.Is(err, io.EOF) || len(line) == 0) {
			return Row{}, err
		}
		f.line++
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return f.row(line), nil
		}
	}
}

// read reads a line, with its end.
func (f *jsonFile) read() ([]byte, error) {
	var line []byte
	for {
		part, err := f.r.ReadSlice('\n')
		if line = append(line, part...); len(line) > MaxRow {
			return nil, errTooLong
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

func (f *jsonFile) row(line []byte) Row {
	row := Row{Line: f.line, Cells: map[string]string{}}
	if row.Wrong = unreadable(string(line)); row.Wrong != "" {
		return row
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(line, &values); err != nil || values == nil {
		row.Wrong = "It is not a JSON object."
		return row
	}
	for name, raw := range values {
		if !f.reads(strings.ToLower(name)) {
			continue
		}
		text, ok := textOf(raw)
		if !ok || strings.ContainsRune(text, 0) {
			row.Wrong = fmt.Sprintf("%s is neither a text nor a number.", strings.ToLower(name))
			return row
		}
		row.Cells[strings.ToLower(name)] = text
	}
	return row
}

// textOf is a value as a cell has it.
func textOf(raw json.RawMessage) (string, bool) {
	var value any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&value); err != nil {
		return "", false
	}
	switch v := value.(type) {
	case nil:
		return "", true
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}
