package config

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"supporty/internal/duty"
	"supporty/internal/sla"
)

// OnDuty is what being on duty costs people, and what it is paid.
type OnDuty struct {
	// Night is when a page presumably wakes somebody, by the clock where they are.
	Night duty.Night
	// Feed is the secret that the addresses of calendars are made from; empty for no calendars.
	Feed Secret
	// Unfair is how many times the average somebody has to have carried in 90 days for a rota to be unfair,
	// above 1; 0: nobody is told.
	Unfair float64
	// Pay is what is paid; all zero means that no money is told.
	Pay Pay
}

// Pay has the rates for being on duty. All have the same currency.
type Pay struct {
	// Hour is for an hour of a day on which the desk opens, and of every other without a rate of its
	// own.
	Hour Rate
	// Weekend is for an hour of a day of the week on which the desk never opens, and of a holiday if
	// those have no rate of their own.
	Weekend Rate
	// Holiday is for an hour of a holiday.
	Holiday Rate
	// Page is for being called once.
	Page Rate
}

// night parses "22:00-07:00".
func night(raw any) (duty.Night, error) {
	value, _ := raw.(string)
	from, to, _ := strings.Cut(strings.TrimSpace(value), "-")
	begin, err := time.Parse("15:04", strings.TrimSpace(from))
	end, wrong := time.Parse("15:04", strings.TrimSpace(to))
	if err != nil || wrong != nil || begin.Equal(end) {
		return duty.Night{}, errors.New("is not a night; write when it begins and ends, like 22:00-07:00")
	}
	return duty.Night{From: begin.Hour()*60 + begin.Minute(), To: end.Hour()*60 + end.Minute()}, nil
}

// unfair parses 1.5, or 0 for never.
func unfair(raw any) (float64, error) {
	value, err := strconv.ParseFloat(strings.TrimSpace(fmt.Sprint(raw)), 64)
	if err != nil || value != 0 && !(value > 1 && value <= 10) {
		return 0, errors.New("is not a number above 1, up to 10; write something like 1.5, or 0 for never")
	}
	return value, nil
}

// checkPay finds rates of several currencies.
func (c Config) checkPay() Problems {
	first := c.Duty.Pay.first()
	for name, r := range map[string]Rate{"hour": c.Duty.Pay.Hour, "weekend": c.Duty.Pay.Weekend, "holiday": c.Duty.Pay.Holiday, "page": c.Duty.Pay.Page} {
		if r.Amount > 0 && (r.Before != first.Before || r.After != first.After) {
			return Problems{{Path: "duty.pay." + name, Want: fmt.Sprintf("has another currency than %s%.2f%s; write all rates in the same one", first.Before, first.Amount, first.After)}}
		}
	}
	return nil
}

func (p Pay) first() Rate { return cmp.Or(p.Hour, p.Weekend, p.Holiday, p.Page) }

// Rates are the rates for being on duty.
func (p Pay) Rates() duty.Rates {
	of := p.first()
	return duty.Rates{
		Hour: p.Hour.Amount, Weekend: p.Weekend.Amount, Holiday: p.Holiday.Amount, Page: p.Page.Amount,
		Before: of.Before, After: of.After,
	}
}

// Days tell weekends and holidays, by the general opening hours.
func (c Config) Days() (duty.Days, error) {
	hours, err := sla.NewCalendar(c.Hours)
	if err != nil {
		return duty.Days{}, err
	}
	return duty.Days{Zone: hours.Zone(), Hours: hours}, nil
}
