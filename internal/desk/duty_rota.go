package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"supporty/internal/duty"
	"supporty/internal/sla"
	"supporty/internal/ticket"
)

// MadeRota is a rota of a squad that somebody has made without settings. From its beginning on it counts in
// the place of the one of the settings, and of those that were made before.
type MadeRota struct {
	ID     int64  // 0 until it is stored
	Key    string // of the form in which it was made
	Squad  string // its name
	From   time.Time
	MadeBy string
	MadeAt time.Time
	duty.Made
}

// versioned is the rota of a squad with all versions that count at a moment or later. Of those that have
// begun the one that was made last counts, so a rota that was planned before is none any more.
func versioned(s duty.Squad, made []MadeRota, since time.Time) duty.Rota {
	rota, own := s.Rota, rotasOf(made, s.Name)
	for _, m := range own {
		v := duty.Version{From: m.From, Layers: s.Rota.Layers}
		if !m.Settings {
			layer, err := m.Layer(s.Hours)
			if err != nil {
				continue // its zone is not known any more: what was before counts
			}
			v.Layers = []duty.Layer{layer}
		}
		if !v.From.After(since) {
			rota.Layers = v.Layers
			continue
		}
		rota.Versions = append(rota.Versions, v)
	}
	return rota
}

// rotasOf are the rotas of a squad that count at any time, in order of their beginnings.
func rotasOf(made []MadeRota, squad string) (own []MadeRota) {
	for _, m := range slices.Backward(made) {
		if m.Squad == squad && (len(own) == 0 || m.From.Before(own[0].From)) {
			own = slices.Insert(own, 0, m)
		}
	}
	return own
}

// RotaDraft is a rota as somebody fills it in.
type RotaDraft struct {
	Squad    string
	By       string
	Key      string // of the form
	Settings bool   // that of the settings is to count again
	People   []string
	Turn     string // such as "1 week"
	Weekday  int    // of handovers; -1 for every day
	Minute   int    // of the day
	Zone     string
	During   duty.During
	Starts   time.Time // a day, as a time in UTC
}

// RotaShown is a rota before it counts.
type RotaShown struct {
	MadeRota
	Shifts []duty.Shift // of the four weeks from its beginning on
	More   bool         // there are more of them
}

// mostShown bounds the shifts that are shown of a rota before it counts.
const mostShown = 14

// ShowRota returns what a draft comes to: who would be on duty in the four weeks from its beginning on.
// Nothing changes.
func (d *Desk) ShowRota(ctx context.Context, draft RotaDraft, now time.Time) (RotaShown, error) {
	now = micros(now)
	if err := d.mayMakeRota(ctx, draft.By, draft.Squad); err != nil {
		return RotaShown{}, err
	}
	changed, err := d.changedDuty(ctx, now)
	if err != nil {
		return RotaShown{}, err
	}
	of, err := d.checkTurns(ctx, draft)
	if err != nil {
		return RotaShown{}, err
	}
	m, err := madeOf(draft, of, changed, now)
	if err != nil {
		return RotaShown{}, err
	}
	changed.Rotas = append(changed.Rotas, m)
	squad, _ := d.rosterOf(draft.Squad, changed, now, d.asking(ctx, leavers{})).Named(draft.Squad)
	shown := RotaShown{MadeRota: m}
	for _, s := range squad.Rota.Between(m.From, m.From.Add(28*24*time.Hour)) {
		if shown.More = len(shown.Shifts) == mostShown; shown.More {
			break
		}
		shown.Shifts = append(shown.Shifts, s)
	}
	return shown, nil
}

// MakeRota has a draft count: from its first turn on, or from now on if that has begun already. What was
// before stays as it was. Who is concerned is told, once. Again with the same key it does nothing.
func (d *Desk) MakeRota(ctx context.Context, draft RotaDraft, now time.Time) error {
	now = micros(now)
	if err := d.mayMakeRota(ctx, draft.By, draft.Squad); err != nil {
		return err
	}
	d = d.withCache() // the same people are asked about several times
	of, mayNot := d.checkTurns(ctx, draft)
	return d.changeDuty(ctx, draft.Squad, "", now, func(c dutyNow) (DutyChange, error) {
		if slices.ContainsFunc(c.Rotas, func(m MadeRota) bool { return m.Key == draft.Key }) {
			return DutyChange{}, nil
		}
		if mayNot != nil {
			return DutyChange{}, mayNot
		}
		m, err := madeOf(draft, of, c.DutyState, now)
		if err != nil {
			return DutyChange{}, err
		}
		old, _ := c.roster(c.DutyState).Named(draft.Squad)
		squad, _ := c.roster(DutyState{Overrides: c.Overrides, Rotas: append(slices.Clip(c.Rotas), m)}).Named(draft.Squad)
		return DutyChange{Rota: &m, Notices: remade(m, old.Rota, squad.Rota, c.left, now)}, nil
	})
}

// mayMakeRota refuses everybody who neither leads a squad nor runs the desk.
func (d *Desk) mayMakeRota(ctx context.Context, by, squad string) error {
	person, err := d.actor(ctx, by)
	if err != nil {
		return err
	}
	if !mayMakeRota(person, squad) {
		return ticket.Errorf(ticket.Forbidden, "Only who leads %s, and operators, can change its rota.", squad).At(FieldPeople)
	}
	return nil
}

func mayMakeRota(p Person, squad string) bool { return p.Operator || slices.Contains(p.Leads, squad) }

// madeOf is the rota that a draft for a squad comes to, as far as it is possible.
func madeOf(draft RotaDraft, squad duty.Squad, state DutyState, now time.Time) (MadeRota, error) {
	m := MadeRota{Key: draft.Key, Squad: draft.Squad, From: now, MadeBy: draft.By, MadeAt: now, Made: duty.Made{Settings: draft.Settings}}
	if draft.Settings {
		return m, nil
	}
	turn, err := duty.ParseTurn(strings.ToLower(strings.TrimSpace(draft.Turn)))
	if err != nil {
		return m, ticket.Errorf(ticket.Invalid, "That %s.", err.Error()).At(FieldTurn)
	}
	zone, err := duty.ZoneNamed(strings.TrimSpace(draft.Zone))
	if err != nil {
		return m, ticket.Errorf(ticket.Invalid, "%s.", err.Error()).At(FieldZone)
	}
	if draft.During != duty.DuringAlways && squad.Hours.Always() {
		return m, ticket.Errorf(ticket.Invalid, "The desk of %s is always open: its settings have no hours. Choose always.", squad.Name).At(FieldDuring)
	}
	m.Made = duty.Made{
		People: draft.People, Turn: turn, Weekly: draft.Weekday >= 0, Zone: zone.String(), During: draft.During,
		First: duty.FirstHandover(draft.Starts, draft.Weekday, draft.Minute),
	}
	err = begin(&m, squad, state, now)
	return m, err
}

// longestPlan is how far ahead a rota can begin.
const longestPlan = 366 * 24 * time.Hour

// begin finds when a rota begins to count. If nobody has a rota yet, the first turn has begun already.
func begin(m *MadeRota, s duty.Squad, state DutyState, now time.Time) error {
	begins, err := m.Begins()
	if err != nil {
		return unavailable(err)
	}
	if begins.After(now.Add(longestPlan)) {
		return ticket.Errorf(ticket.Invalid, "That is more than a year ahead.").At(FieldStarts)
	}
	if begins.Before(now.Add(-longestPlan)) {
		return ticket.Errorf(ticket.Invalid, "That is more than a year ago.").At(FieldStarts)
	}
	first := !versioned(s, state.Rotas, now).Any()
	if first && begins.After(now) && begins.Sub(now) <= m.Handovers() {
		m.First = m.First.Add(-m.Handovers())
		return nil
	}
	m.From = later(begins, now)
	return nil
}

// checkTurns returns the squad of a draft, or finds that there is none, that nobody takes turns, too many do, or
// somebody who cannot.
func (d *Desk) checkTurns(ctx context.Context, draft RotaDraft) (squad duty.Squad, err error) {
	i := slices.IndexFunc(d.roster, func(s duty.Squad) bool { return s.Name == draft.Squad })
	switch n := len(draft.People); {
	case i < 0:
		return squad, ticket.Errorf(ticket.Conflict, "%s is no squad any more.", draft.Squad).At(FieldPeople)
	case draft.Settings:
		return d.roster[i], nil
	case n == 0:
		return squad, ticket.Errorf(ticket.Invalid, "Choose who takes turns.").At(FieldPeople)
	case n > duty.MostPeople:
		return squad, ticket.Errorf(ticket.Invalid, "These are %d people. At most %d can take turns.", n, duty.MostPeople).At(FieldPeople)
	}
	for _, person := range draft.People {
		if err := d.mayBeOnDuty(ctx, person, draft.Squad, FieldPeople); err != nil {
			return squad, err
		}
	}
	return d.roster[i], nil
}

// remade tells who takes turns now, and whose coming shifts a rota takes away. Who made it knows, and who has
// left is not told.
func remade(m MadeRota, old, rota duty.Rota, left func(person string) bool, now time.Time) (notices []Notice) {
	const soon = 28 * 24 * time.Hour
	var concerned []string
	note := func(person string) {
		if person != "" && person != m.MadeBy && !slices.Contains(concerned, person) && !left(person) {
			concerned = append(concerned, person)
		}
	}
	for _, s := range slices.Concat(old.Between(m.From, m.From.Add(soon)), rota.Between(m.From, m.From.Add(soon))) {
		note(s.Person)
	}
	for _, person := range m.People {
		note(person)
	}
	for _, person := range concerned {
		notices = append(notices, dutyNotice(NoticeRotaMade, person, now, NoticeDetails{Actor: m.MadeBy, Squad: m.Squad, At: m.From, Over: m.Settings}))
	}
	return notices
}

// RotaSource is where the rota of a squad comes from.
type RotaSource struct {
	Made     *MadeRota // that was made last, if it counts or is going to; nil if none was
	Settings bool      // the settings have one
}

// Replaces reports whether a rota that was made counts in the place of one of the settings.
func (r RotaSource) Replaces() bool { return r.Settings && r.Made != nil && !r.Made.Settings }

// RotaSources returns where the rotas of the squads come from, by the names of the squads.
func (d *Desk) RotaSources(ctx context.Context) (map[string]RotaSource, error) {
	if len(d.roster) == 0 {
		return nil, nil
	}
	rotas, err := d.shifts.Rotas(ctx)
	if err != nil {
		return nil, orUnavailable(err, "reading the rotas that people have made")
	}
	sources := map[string]RotaSource{}
	for _, s := range d.roster {
		source := RotaSource{Settings: len(s.Rota.Layers) > 0}
		if own := rotasOf(rotas, s.Name); len(own) > 0 {
			source.Made = &own[len(own)-1]
		}
		sources[s.Name] = source
	}
	return sources, nil
}

// DraftRota is what the form for the rota of a squad begins with: what was made last, or else the rota of the
// settings, as far as the form can have it.
func (d *Desk) DraftRota(ctx context.Context, squad, by string, now time.Time) (RotaDraft, RotaSource, error) {
	if err := d.mayMakeRota(ctx, by, squad); err != nil {
		return RotaDraft{}, RotaSource{}, err
	}
	i := slices.IndexFunc(d.roster, func(s duty.Squad) bool { return s.Name == squad })
	if i < 0 {
		return RotaDraft{}, RotaSource{}, ticket.Errorf(ticket.Conflict, "%s is no squad any more.", squad)
	}
	s := d.roster[i]
	zone := s.Hours.Zone()
	today := now.In(zone)
	draft := RotaDraft{
		Squad: squad, By: by, People: s.Rota.People(), Turn: duty.TurnWords(7 * 24 * time.Hour), Weekday: int(time.Monday), Minute: 9 * 60,
		Zone: zone.String(), During: duty.DuringAlways,
	}
	if len(s.Rota.Layers) == 1 {
		today = draft.like(s.Rota.Layers[0], s.Hours, today)
	}
	sources, err := d.RotaSources(ctx)
	if err != nil {
		return RotaDraft{}, RotaSource{}, err
	}
	if made := sources[squad].Made; made != nil && !made.Settings {
		if layer, err := made.Layer(s.Hours); err == nil {
			today = draft.like(layer, s.Hours, now.In(zone))
		}
		draft.During, draft.Weekday = made.During, -1
		if made.Weekly {
			draft.Weekday = int(made.First.Weekday())
		}
	}
	y, month, day := today.Date()
	draft.Starts = time.Date(y, month, day, 0, 0, 0, 0, time.UTC)
	return draft, sources[squad], nil
}

// like fills in a layer that the form can have. Sent as it is it changes nothing: who is next begins at the
// next handover, which it returns.
func (r *RotaDraft) like(l duty.Layer, desk *sla.Calendar, now time.Time) time.Time {
	if len(l.Fixed) > 0 || len(l.People) == 0 {
		return now
	}
	people, next := l.Coming(now)
	zone := cmp.Or(l.Zone, time.UTC)
	if l.Hours != nil && l.Hours == desk {
		r.During = duty.DuringDesk
		if l.Outside {
			r.During = duty.DuringOutside
		}
	}
	r.People, r.Turn, r.Zone = people, duty.TurnWords(l.Turn), zone.String()
	r.Minute = l.First.Hour()*60 + l.First.Minute()
	if r.Weekday = -1; l.Turn%(7*24*time.Hour) == 0 {
		r.Weekday = int(l.First.Weekday())
	}
	return next.In(zone)
}

// RotaSquads lists the squads whose rota somebody can change.
func (d *Desk) RotaSquads(p Person) (names []string) {
	for _, s := range d.roster {
		if mayMakeRota(p, s.Name) {
			names = append(names, s.Name)
		}
	}
	return names
}

// TurnsMade returns who takes turns, now or later, in the squads whose rota somebody has made, by the names of
// the squads.
func (d *Desk) TurnsMade(ctx context.Context, now time.Time) (turns map[string][]string, err error) {
	if len(d.roster) == 0 {
		return nil, nil
	}
	rotas, err := d.shifts.Rotas(ctx)
	if err != nil {
		return nil, orUnavailable(err, "reading the rotas that people have made")
	}
	for _, s := range d.roster {
		if len(rotasOf(rotas, s.Name)) == 0 {
			continue
		}
		if turns == nil {
			turns = map[string][]string{}
		}
		rota := versioned(s, rotas, now)
		turns[s.Name] = rota.People()
	}
	return turns, nil
}
