package app

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strconv"
	"time"

	"supporty/internal/postgres"
)

// csvRows writes rows as CSV (RFC 4180), below a line with the names of the columns.
type csvRows struct {
	table *csv.Writer
	cells []string
}

// newCSV writes through w alone, which is large enough to be the buffer of csv.Writer too.
func newCSV(w *bufio.Writer) postgres.Rows { return &csvRows{table: csv.NewWriter(w)} }

// Begin implements postgres.Rows.
func (c *csvRows) Begin(columns []string) error {
	c.cells = make([]string, len(columns))
	return c.table.Write(columns)
}

// Row implements postgres.Rows.
func (c *csvRows) Row(values []any) error {
	for i, v := range values {
		c.cells[i] = cellOf(v)
	}
	return c.table.Write(c.cells)
}

// cellOf is a value in a cell. What is not known is an empty cell.
func cellOf(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return cell(v)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case int16:
		return strconv.FormatInt(int64(v), 10)
	case int32:
		return strconv.FormatInt(int64(v), 10)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return ""
}

// jsonRows writes rows as JSON objects, one a line, whose names are those of the columns.
type jsonRows struct {
	w     *bufio.Writer
	names []string // with the mark before, and the colon
	line  bytes.Buffer
}

func newJSON(w *bufio.Writer) postgres.Rows { return &jsonRows{w: w} }

// Begin implements postgres.Rows.
func (j *jsonRows) Begin(columns []string) error {
	for i, name := range columns {
		mark := ","
		if i == 0 {
			mark = "{"
		}
		j.names = append(j.names, mark+strconv.Quote(name)+":")
	}
	return nil
}

// Row implements postgres.Rows.
func (j *jsonRows) Row(values []any) error {
	j.line.Reset()
	encoder := json.NewEncoder(&j.line)
	encoder.SetEscapeHTML(false)
	for i, v := range values {
		j.line.WriteString(j.names[i])
		if err := encoder.Encode(v); err != nil {
			return err
		}
		j.line.Truncate(j.line.Len() - 1) // the line break that Encode adds
	}
	j.line.WriteString("}\n")
	_, err := j.w.Write(j.line.Bytes())
	return err
}
