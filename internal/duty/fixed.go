package duty

import (
	"slices"
	"time"
)

// fixedAt returns whose shift it is, and until when that is certain. Of shifts at the same moment the one
// that began last counts, so that an exception stands before what it is an exception from; of those that
// began together, the one that is listed last. Who is absent leaves the moment to the others.
func (l Layer) fixedAt(t time.Time, absences []Absence) (person string, until time.Time) {
	begun, _ := slices.BinarySearchFunc(l.Fixed, t, func(s Shift, t time.Time) int {
		if s.From.After(t) {
			return 1
		}
		return -1
	})
	if begun < len(l.Fixed) {
		until = l.Fixed[begun].From
	}
	for _, s := range slices.Backward(l.Fixed[:begun]) {
		if !t.Before(s.Until) {
			continue
		}
		absent, change := isAbsent(s.Person, t, absences)
		until = sooner(sooner(until, change), s.Until)
		if !absent {
			return s.Person, until
		}
	}
	return "", until
}
