package insight

import (
	"context"
	"time"

	"supporty/internal/ticket"
)

// SeriesWeeks is how many weeks a series has.
const SeriesWeeks = 12

// Week is what happened in a week of a series. It has some of the Numbers of the same period: they are
// defined there.
type Week struct {
	Period     ticket.Period
	Priorities []Attainment
	Categories []Category
	Work       []Classed
}

// Weeks returns the weeks of a series that ends at a moment, the oldest first. They begin at the
// same time of the day in the zone, which must not be nil.
func Weeks(end time.Time, zone *time.Location) []ticket.Period {
	weeks := make([]ticket.Period, SeriesWeeks)
	to := end.UTC()
	for i := range weeks {
		from := end.In(zone).AddDate(0, 0, -7*(i+1)).UTC()
		weeks[SeriesWeeks-1-i] = ticket.Period{From: from, To: to}
		to = from
	}
	return weeks
}

// WithWeeks adds the series that ends with the digest's period, its marks, and the lessons of the period. Its error
// wraps the source's.
func (ds Digests) WithWeeks(ctx context.Context, d Digest) (Digest, error) {
	weeks := Weeks(d.Period.To, d.Zone)
	var err error
	if d.Weeks, err = ds.Source.Series(ctx, weeks, d.Of); err != nil {
		return d, err
	}
	if d, err = ds.WithLessons(ctx, d); err != nil {
		return d, err
	}
	d.WeekMarks, err = ds.Source.Marks(ctx, ds.question(ticket.Period{From: weeks[0].From, To: d.Period.To}, d.Of))
	return d, err
}

// WithLessons adds the lessons of the digest's period, without titles that the reader may not read. Its error
// wraps the source's.
func (ds Digests) WithLessons(ctx context.Context, d Digest) (Digest, error) {
	lessons, err := ds.Source.Lessons(ctx, ds.question(d.Period, d.Of))
	d.Lessons = readBy(d.Reads, lessons)
	return d, err
}

// Priority returns the results of one priority. If there are none, only the field Priority is set.
func (w Week) Priority(p ticket.Priority) Attainment {
	return Numbers{Priorities: w.Priorities}.Priority(p)
}
