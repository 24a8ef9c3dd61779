package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/ar"
	"github.com/rickar/cal/v2/at"
	"github.com/rickar/cal/v2/au"
	"github.com/rickar/cal/v2/be"
	"github.com/rickar/cal/v2/bg"
	"github.com/rickar/cal/v2/br"
	"github.com/rickar/cal/v2/ca"
	"github.com/rickar/cal/v2/ch"
	"github.com/rickar/cal/v2/cy"
	"github.com/rickar/cal/v2/cz"
	"github.com/rickar/cal/v2/de"
	"github.com/rickar/cal/v2/dk"
	"github.com/rickar/cal/v2/ee"
	"github.com/rickar/cal/v2/es"
	"github.com/rickar/cal/v2/fi"
	"github.com/rickar/cal/v2/fr"
	"github.com/rickar/cal/v2/gb"
	"github.com/rickar/cal/v2/gr"
	"github.com/rickar/cal/v2/hr"
	"github.com/rickar/cal/v2/hu"
	"github.com/rickar/cal/v2/ie"
	"github.com/rickar/cal/v2/is"
	"github.com/rickar/cal/v2/it"
	"github.com/rickar/cal/v2/jp"
	"github.com/rickar/cal/v2/ke"
	"github.com/rickar/cal/v2/lt"
	"github.com/rickar/cal/v2/lu"
	"github.com/rickar/cal/v2/lv"
	"github.com/rickar/cal/v2/mt"
	"github.com/rickar/cal/v2/mw"
	"github.com/rickar/cal/v2/mx"
	"github.com/rickar/cal/v2/nc"
	"github.com/rickar/cal/v2/nl"
	"github.com/rickar/cal/v2/no"
	"github.com/rickar/cal/v2/nz"
	"github.com/rickar/cal/v2/pl"
	"github.com/rickar/cal/v2/pt"
	"github.com/rickar/cal/v2/ro"
	"github.com/rickar/cal/v2/rs"
	"github.com/rickar/cal/v2/ru"
	"github.com/rickar/cal/v2/se"
	"github.com/rickar/cal/v2/si"
	"github.com/rickar/cal/v2/sk"
	"github.com/rickar/cal/v2/th"
	"github.com/rickar/cal/v2/ua"
	"github.com/rickar/cal/v2/us"
	"github.com/rickar/cal/v2/za"
)

// Public holidays become dates for these years, and the dates are stored with the policy.
// So a later version that knows other holidays does not change an existing deadline.
const firstHolidays, lastHolidays = 2020, 2049

// lastHoliday is the last day of these years.
const lastHoliday = "2049-12-31"

// publicHolidays are the dates of a country's holidays, as rickar/cal lists them, and the
// days on which they are observed instead. There are none without a country. field names
// the setting that the error is about.
func publicHolidays(country, region string) (dates []string, field string, err error) {
	regions, ok := countries[country]
	switch {
	case country == "" && region != "":
		return nil, "country", errors.New("is not set; write the country that the region is in, like DE")
	case country == "":
		return nil, "", nil
	case !ok:
		return nil, "country", fmt.Errorf("is not a country whose holidays are known; write one of %s, or list the dates in holidays", codes(countries))
	}
	list, ok := regions[region]
	switch {
	case !ok && len(regions) == 1:
		return nil, "region", errors.New("is not needed: one list of holidays is known for this country; leave it out")
	case !ok:
		return nil, "region", fmt.Errorf("is not a region whose holidays are known; write one of %s", codes(regions))
	}
	for _, holiday := range list {
		for year := firstHolidays; year <= lastHolidays; year++ {
			actual, observed := holiday.Calc(year)
			if !actual.IsZero() {
				dates = append(dates, actual.Format(time.DateOnly), observed.Format(time.DateOnly))
			}
		}
	}
	return dates, "", nil
}

func codes[V any](known map[string]V) string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(name string) bool { return name == "" })
	return strings.Join(names, ", ")
}

type regions = map[string][]*cal.Holiday

// countries are keyed by ISO 3166 code, and their regions by the second part of the code.
// The holidays of a whole country have the empty region.
var countries = map[string]regions{
	"AR": {"": ar.Holidays},
	"AT": {"": at.Holidays},
	"AU": {
		"ACT": au.HolidaysACT,
		"NSW": au.HolidaysNSW,
		"NT":  au.HolidaysNT,
		"QLD": au.HolidaysQLD,
		"SA":  au.HolidaysSA,
		"TAS": au.HolidaysTAS,
		"VIC": au.HolidaysVIC,
		"WA":  au.HolidaysWA,
	},
	"BE": {"": be.Holidays},
	"BG": {"": bg.Holidays},
	"BR": {"": br.Holidays},
	"CA": {"": ca.Holidays},
	"CH": {
		"":   ch.Holidays,
		"ZH": ch.HolidaysZH,
		"BE": ch.HolidaysBE,
		"LU": ch.HolidaysLU,
		"UR": ch.HolidaysUR,
		"SZ": ch.HolidaysSZ,
		"OW": ch.HolidaysOW,
		"NW": ch.HolidaysNW,
		"GL": ch.HolidaysGL,
		"ZG": ch.HolidaysZG,
		"FR": ch.HolidaysFR,
		"SO": ch.HolidaysSO,
		"BS": ch.HolidaysBS,
		"BL": ch.HolidaysBL,
		"SH": ch.HolidaysSH,
		"AR": ch.HolidaysAR,
		"AI": ch.HolidaysAI,
		"SG": ch.HolidaysSG,
		"GR": ch.HolidaysGR,
		"AG": ch.HolidaysAG,
		"TG": ch.HolidaysTG,
		"VD": ch.HolidaysVD,
		"TI": ch.HolidaysTI,
		"VS": ch.HolidaysVS,
		"NE": ch.HolidaysNE,
		"GE": ch.HolidaysGE,
		"JU": ch.HolidaysJU,
	},
	"CY": {"": cy.Holidays},
	"CZ": {"": cz.Holidays},
	"DE": {
		"":   de.Holidays,
		"BW": de.HolidaysBW,
		"BY": de.HolidaysBY,
		"BE": de.HolidaysBE,
		"BB": de.HolidaysBB,
		"HB": de.HolidaysHB,
		"HH": de.HolidaysHH,
		"HE": de.HolidaysHE,
		"MV": de.HolidaysMV,
		"NI": de.HolidaysNI,
		"NW": de.HolidaysNW,
		"RP": de.HolidaysRP,
		"SL": de.HolidaysSL,
		"SN": de.HolidaysSN,
		"ST": de.HolidaysST,
		"SH": de.HolidaysSH,
		"TH": de.HolidaysTH,
	},
	"DK": {"": dk.Holidays},
	"EE": {"": ee.Holidays},
	"ES": {"": es.Holidays},
	"FI": {"": fi.Holidays},
	"FR": {"": fr.Holidays},
	"GB": {"": gb.Holidays},
	"GR": {"": gr.Holidays},
	"HR": {"": hr.Holidays},
	"HU": {"": hu.Holidays},
	"IE": {"": ie.Holidays},
	"IS": {"": is.Holidays},
	"IT": {"": it.Holidays},
	"JP": {"": jp.Holidays},
	"KE": {"": ke.Holidays},
	"LT": {"": lt.Holidays},
	"LU": {"": lu.Holidays},
	"LV": {"": lv.Holidays},
	"MT": {"": mt.Holidays},
	"MW": {"": mw.Holidays},
	"MX": {"": mx.Holidays},
	"NC": {"": nc.Holidays},
	"NL": {"": nl.Holidays},
	"NO": {"": no.Holidays},
	"NZ": {"": nz.Holidays},
	"PL": {"": pl.Holidays},
	"PT": {"": pt.Holidays},
	"RO": {"": ro.Holidays},
	"RS": {"": rs.Holidays},
	"RU": {"": ru.Holidays},
	"SE": {"": se.Holidays},
	"SI": {"": si.Holidays},
	"SK": {"": sk.Holidays},
	"TH": {"": th.Holidays},
	"UA": {"": ua.Holidays},
	"US": {"": us.Holidays},
	"ZA": {"": za.Holidays},
}
