package config

import (
	"strings"
	"testing"
)

// Every list has holidays in every year, and only valid dates.
func TestEveryCountryHasHolidays(t *testing.T) {
	t.Parallel()
	for country, regions := range countries {
		for region := range regions {
			dates, _, err := publicHolidays(country, region)
			if err != nil {
				t.Errorf("%s %s: %v", country, region, err)
			}
			years := map[string]int{}
			for _, day := range dates {
				if _, err := date(day); err != nil {
					t.Errorf("%s %s: %s: %v", country, region, day, err)
				}
				years[strings.SplitN(day, "-", 2)[0]]++
			}
			for _, year := range []string{"2026", "2027", "2049"} {
				if years[year] < 5 {
					t.Errorf("%s %s: %d holidays in %s", country, region, years[year], year)
				}
			}
		}
	}
}
