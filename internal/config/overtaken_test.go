package config_test

import (
	"strings"
	"testing"
	"time"

	"supporty/internal/config"
)

func TestOvertaken(t *testing.T) {
	t.Parallel()
	const hours = "hours: {zone: Europe/London, open: [Mon-Thu 09:00-18:00, Fri 09:00-16:00]}\n"
	for _, test := range []struct{ name, file, want string }{
		{"as delivered", "", ""},
		{"as delivered, with hours", hours, ""},
		{"a working day for what is minor", hours + "priorities: [{name: P3, resolve: 1 working day}]", ""},
		{"a short Friday", hours + "priorities: [{name: P2, resolve: 8h}, {name: P3, resolve: 1 working day}]",
			"priorities: P2 is solved within 8h, P3 within 1 working day; but filed Thu 2026-03-26 17:01 (Europe/London) the second is due first, Fri 2026-03-27 16:00, and the other Mon 2026-03-30 09:01; write times that keep their order"},
		{"upside down", "priorities: [{name: P1, resolve: 4h}]",
			"priorities: P1 is solved within 4h, P2 within 3h; but filed Mon 2026-03-23 00:00 (UTC) the second is due first, Mon 2026-03-23 03:00, and the other Mon 2026-03-23 04:00; write times that keep their order"},
		{"an answer after the solution", hours + "priorities: [{name: P3, respond: 1 working day, resolve: 9h}]",
			"priorities: P3 is answered within 1 working day, P3 is solved within 9h; but filed Mon 2026-03-23 00:00 (Europe/London) the second is due first, Mon 2026-03-23 18:00, and the other Tue 2026-03-24 09:00; write times that keep their order"},
		{"of a category", hours + "categories: [{name: A}, {name: B, targets: [{name: P2, resolve: 3 working days}, {name: P3, resolve: 2 working days}]}]",
			"categories[1]: P2 is solved within 3 working days, P3 within 2 working days; but filed Mon 2026-03-23 00:00 (Europe/London) the second is due first, Wed 2026-03-25 09:00, and the other Thu 2026-03-26 09:00; write times that keep their order"},
		{"of a squad", hours + "squads: [{name: S, targets: [{name: P2, respond: 7h, resolve: 8h}]}]",
			"squads[0]: P2 is answered within 7h, P3 within 6h; but filed Mon 2026-03-23 00:00 (Europe/London) the second is due first, Mon 2026-03-23 15:00, and the other Mon 2026-03-23 16:00; write times that keep their order"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cfg, err := config.Load(write(t, test.file), needed)
			if err != nil {
				t.Fatal(err)
			}
			problems := cfg.Overtaken(time.Date(2026, 3, 23, 0, 0, 0, 0, time.UTC))
			if got := problems.Error(); got != strings.TrimSpace(test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
