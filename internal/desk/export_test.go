package desk

// Severities are the rows of the table in which the alerts stand that time can bring to a
// ticket, and how many rows there are. What is about a pause or an escalation needs none.
func (r Record) Severities() (rows []int, all int) {
	_, _, clocks := bySource(r.timers())
	for _, a := range clocks {
		rows = append(rows, a.severity())
	}
	return rows, len(severities)
}
