package web

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"strings"
	"time"
)

// stamp is a time in CSV; empty for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// writeCSV sends rows as a file.
func (s *Server) writeCSV(w http.ResponseWriter, name string, rows [][]string) {
	var out bytes.Buffer
	c := csv.NewWriter(&out)
	for _, row := range rows {
		for i := range row {
			row[i] = inert(row[i])
		}
		_ = c.Write(row) // a buffer takes everything
	}
	c.Flush()
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = w.Write(out.Bytes()) // an error means that the browser is gone
}

// inert keeps a spreadsheet from reading text of people as a formula.
// https://owasp.org/www-community/attacks/CSV_Injection
func inert(value string) string {
	if value != "" && strings.ContainsRune("=+-@\t\r", rune(value[0])) {
		return "'" + value
	}
	return value
}
