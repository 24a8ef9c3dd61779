package config

import (
	"strings"
	"testing"

	"supporty/internal/duty"
)

func TestNight(t *testing.T) {
	t.Parallel()
	if n, err := night("22:30 - 06:00"); err != nil || n != (duty.Night{From: 22*60 + 30, To: 6 * 60}) {
		t.Errorf("%v %v", n, err)
	}
	for _, raw := range []any{"", "22:00", "22-7", "25:00-07:00", "07:00-07:00", 22, nil} {
		if _, err := night(raw); err == nil || !strings.Contains(err.Error(), "like 22:00-07:00") {
			t.Errorf("%v: %v", raw, err)
		}
	}
}

func TestPayHasOneCurrency(t *testing.T) {
	t.Parallel()
	c := Default()
	c.Duty.Pay = Pay{Hour: Rate{Amount: 5, Before: "£"}, Page: Rate{Amount: 20, After: " EUR"}}
	if problems := c.checkPay(); len(problems) != 1 || problems[0].Path != "duty.pay.page" || !strings.Contains(problems[0].Want, "£5.00") {
		t.Errorf("%v", problems)
	}
	c.Duty.Pay.Page = Rate{Amount: 20, Before: "£"}
	if problems := c.checkPay(); len(problems) > 0 {
		t.Errorf("%v", problems)
	}
	if got := c.Duty.Pay.Rates(); got != (duty.Rates{Hour: 5, Page: 20, Before: "£"}) {
		t.Errorf("%+v", got)
	}
}
