package importing

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// CSV reads rows of a CSV file (RFC 4180), whose first line has the names of the columns.
func CSV(r io.Reader) (Rows, error) {
	b, err := begin(r)
	if err != nil {
		return nil, err
	}
	f := &csvFile{limit: &bounded{r: b}}
	f.table = csv.NewReader(f.limit)
	f.table.FieldsPerRecord = -1
	if f.names, err = f.read(); errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; its first line has the names of the columns")
	}
	if err != nil {
		return nil, err
	}
	for i, name := range f.names {
		f.names[i] = strings.ToLower(strings.TrimSpace(name))
	}
	for _, name := range required {
		if !slices.Contains(f.names, name) {
			return nil, fmt.Errorf("the first line has no column %s; it needs %s, and external_id or number", name, strings.Join(required, ", "))
		}
	}
	return f, nil
}

type csvFile struct {
	columns
	table *csv.Reader
	limit *bounded
	names []string
}

// read reads one record.
func (f *csvFile) read() ([]string, error) {
	f.limit.left = MaxRow
	return f.table.Read()
}

// Next implements Rows.
func (f *csvFile) Next() (Row, error) {
	cells, err := f.read()
	var wrong *csv.ParseError
	switch {
	case errors.Is(err, errTooLong):
		return Row{}, errTooLong
	case errors.As(err, &wrong):
		return Row{Line: wrong.StartLine, Wrong: "It is not CSV: " + wrong.Err.Error() + "."}, nil
	case err != nil:
		return Row{}, err
	}
	row := Row{Cells: map[string]string{}}
	row.Line, _ = f.table.FieldPos(0)
	if len(cells) != len(f.names) {
		row.Wrong = fmt.Sprintf("It has %d cells, and the first line has %d.", len(cells), len(f.names))
		return row, nil
	}
	for i, name := range f.names {
		if wrong := unreadable(cells[i]); wrong != "" {
			row.Wrong = wrong
			return row, nil
		}
		if f.reads(name) {
			row.Cells[name] = unescaped(cells[i])
		}
	}
	return row, nil
}

// unescaped is the text of a cell that an export has kept from being a formula.
func unescaped(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune("=+-@\t\r", rune(cell[1])) {
		return cell[1:]
	}
	return cell
}

// bounded fails when more is read than is left.
type bounded struct {
	r    io.Reader
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p)
	b.left -= n
	return n, err
}
