package config

import (
	"slices"
	"strings"
	"time"

	"supporty/internal/sla"
)

var targetFields = []field[TargetChange]{
	{"name", in(func(t *TargetChange) *string { return &t.Name }, scalar(oneOf(choice("P1", "P1"), choice("P2", "P2"), choice("P3", "P3"))))},
	{"resolve", in(func(t *TargetChange) *Target { return &t.Resolve }, scalar(target))},
	{"respond", in(func(t *TargetChange) *Target { return &t.Respond }, scalar(target))},
	{"hours", in(func(t *TargetChange) **bool { return &t.FollowsHours }, scalar(oneOf(choice("always", new(false)), choice("desk", new(true)))))},
	{"alert_respond", in(func(t *TargetChange) **bool { return &t.AlertRespond }, scalar(set(boolean)))},
	{"warn_at", in(func(t *TargetChange) *float64 { return &t.WarnAt }, scalar(fraction))},
}

// set parses a value to a pointer, so that a given value differs from a missing one.
func set[T any](parse func(any) (T, error)) func(any) (*T, error) {
	return func(raw any) (*T, error) {
		value, err := parse(raw)
		return &value, err
	}
}

var squadFields = []field[Squad]{
	{"name", in(func(s *Squad) *string { return &s.Name }, scalar(line(1, longestOptionText)))},
	{"group", in(func(s *Squad) *string { return &s.Group }, scalar(userGroup))},
	{"members", in(func(s *Squad) *[]string { return &s.Members }, list(scalar(person), itself))},
	{"lead", in(func(s *Squad) *string { return &s.Lead }, scalar(personOrNobody))},
	{"home_channel", in(func(s *Squad) *string { return &s.HomeChannel }, scalar(channel))},
	{"rota", in(func(s *Squad) *[]Layer { return &s.Rota }, rota)},
	{"assign", in(func(s *Squad) *Assign { return &s.Assign }, scalar(assign))},
	{"offer", in(func(s *Squad) *time.Duration { return &s.Offer }, scalar(duration(shortestOffer, longestOffer)))},
	{"gardener", in(func(s *Squad) *string { return &s.Gardener }, scalar(personOrNobody))},
	{"deputy", in(func(s *Squad) *string { return &s.Deputy }, scalar(personOrNobody))},
	{"duty_group", in(func(s *Squad) *string { return &s.DutyGroup }, scalar(userGroup))},
	{"tasks", in(func(s *Squad) *[]Task { return &s.Tasks }, tasks)},
	{"ladder", in(func(s *Squad) *Ladder { return &s.Ladder }, ladder)},
	{"hours", in(func(s *Squad) **sla.Hours { return &s.Hours }, ownHours)},
	{"targets", in(func(s *Squad) *[]TargetChange { return &s.Targets }, targets)},
}

var categoryFields = append([]field[Category]{
	{"name", in(func(c *Category) *string { return &c.Name }, scalar(line(1, longestOptionText)))},
	{"squad", in(func(c *Category) *string { return &c.Squad }, scalar(line(0, longestOptionText)))},
	{"work", in(func(c *Category) *string { return &c.Work }, scalar(work))},
	{"clock", in(func(c *Category) *bool { return &c.NoClock }, scalar(oneOf(choice("runs", false), choice("none", true))))},
	{"hours", in(func(c *Category) **sla.Hours { return &c.Hours }, ownHours)},
	{"targets", in(func(c *Category) *[]TargetChange { return &c.Targets }, targets)},
}, filingFields...)

// work reads a kind of work, which may be empty.
func work(raw any) (string, error) {
	if raw == "" {
		return "", nil
	}
	return oneOf(choice("operational", "operational"), choice("tactical", "tactical"), choice("strategic", "strategic"))(raw)
}

// ownHours reads hours that may be empty: then the more general ones apply.
func ownHours(at string, raw any, into **sla.Hours) Problems {
	if raw == "" {
		return nil
	}
	var own sla.Hours
	problems := hours(at, raw, &own)
	if len(problems) == 0 {
		*into = &own
	}
	return problems
}

func targets(at string, raw any, into *[]TargetChange) Problems {
	var read []TargetChange
	item := namedGroup(targetFields, func(t TargetChange) string { return t.Name }, "write P1, P2 or P3")
	problems := list(item, func(t TargetChange) string { return t.Name })(at, raw, &read)
	if len(problems) == 0 && len(read) > 0 {
		*into = read
	}
	return problems
}

func squads(at string, raw any, into *[]Squad) Problems {
	var read []Squad
	name := func(s Squad) string { return s.Name }
	item := namedGroup(squadFields, name, "write what the squad is called")
	problems := list(item, func(s Squad) string { return strings.ToLower(s.Name) })(at, raw, &read)
	if len(problems) == 0 && len(read) > 0 {
		*into = read
	}
	return problems
}

// category reads a name, or a group with a name.
func category(at string, raw any, into *Category) Problems {
	if _, ok := raw.(map[string]any); !ok {
		return categoryFields[0].read(at, raw, into)
	}
	return namedGroup(categoryFields, func(c Category) string { return c.Name }, "write what the category is called")(at, raw, into)
}

// namedGroup reads a group that must have a name. write is the advice for a missing name.
func namedGroup[S any](fields []field[S], name func(S) string, write string) reader[S] {
	return func(at string, raw any, into *S) Problems {
		problems := group(fields)(at, raw, into)
		isName := func(p Problem) bool { return p.Path == at+".name" || p.Path == at }
		if name(*into) == "" && !slices.ContainsFunc(problems, isName) {
			problems = append(problems, Problem{Path: at + ".name", Want: "is missing; " + write})
		}
		return problems
	}
}
