package slackin

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"supporty/internal/desk"
	"supporty/internal/duty"
	"supporty/internal/slackformat"
	"supporty/internal/slackview"
)

// askedDuty is what stands behind the command duty.
type askedDuty struct {
	squad string // its name; empty for all
	when  when
	mine  bool // what the asker has carried
	fair  bool // how their rotas were shared
}

// readDuty reads the name of a squad, a time, both or neither. It returns false for other texts.
func (h *Handler) readDuty(rest string) (d askedDuty, ok bool) {
	at := rest
	if _, named := h.Squads[rest]; !named && strings.EqualFold(rest, "mine") {
		return askedDuty{mine: true}, true
	}
	if _, named := h.Squads[rest]; !named && strings.EqualFold(rest, "fairness") {
		return askedDuty{fair: true}, true
	}
	for name := range h.Squads {
		if behind, named := cutName(rest, name); named && len(behind) < len(at) { // the longest name
			d.squad, at = name, behind
		}
	}
	d.when, ok = readWhen(at)
	return d, ok
}

// cutName returns what follows a name, in any case, at the beginning of a text.
func cutName(text, name string) (behind string, named bool) {
	if len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
		return "", false
	}
	behind = text[len(name):]
	return behind, behind == "" || behind[0] == ' '
}

func (h *Handler) duty(ctx context.Context, a asked) (*slackformat.Message, error) {
	if a.duty.mine {
		m, err := h.carried(ctx, a.UserID)
		return &m, err
	}
	if a.duty.fair {
		const days = 90
		shares, err := h.Desk.Shares(ctx, a.UserID, h.Now().AddDate(0, 0, -days), h.Now(), h.Days)
		if err != nil {
			return nil, err
		}
		return answered(slackview.Shares(shares, days, h.scene(ctx)))
	}
	asker, err := h.Directory.Person(ctx, a.UserID)
	if err != nil {
		return nil, err
	}
	at := a.duty.when.at(h.Now(), asker.Location())
	roster, err := h.Desk.Roster(ctx, at)
	if err != nil {
		return nil, err
	}
	wanted := func(squad string) bool { return a.duty.squad == "" || a.duty.squad == squad }
	shifts, err := h.shifts(ctx, roster, wanted, asker, at)
	if err != nil {
		return nil, err
	}
	if a.duty.when == (when{}) {
		at = time.Time{}
	}
	return answered(slackview.OnDuty(append(shifts, h.withoutRota(roster, wanted, asker)...), at, h.scene(ctx)))
}

// shifts tell who is on duty at a moment in the squads that are wanted, and what their people can change.
func (h *Handler) shifts(ctx context.Context, roster duty.Roster, wanted func(squad string) bool, asker desk.Person, at time.Time) (shifts []slackview.Shifts, err error) {
	overrides, err := h.Desk.Overrides(ctx, h.Now())
	if err != nil {
		return nil, err
	}
	sources, err := h.Desk.RotaSources(ctx)
	if err != nil {
		return nil, err
	}
	gardeners, makes := h.Desk.Gardeners(), h.Desk.RotaSquads(asker)
	for _, s := range roster {
		if !wanted(s.Name) {
			continue
		}
		now, next := s.Rota.Now(at)
		var feed string
		if h.Feed != nil {
			feed = h.Feed(s.Name)
		}
		shifts = append(shifts, slackview.Shifts{
			Source: sources[s.Name], Makes: slices.Contains(makes, s.Name), Feed: feed, Gardeners: gardeners[s.Name],
			Squad: s.Name, Now: now, Next: next, Coming: desk.FourWeeks(s.Rota, at), Own: asker.Operator || slices.Contains(asker.Squads, s.Name),
			Overrides: slices.DeleteFunc(slices.Clone(overrides), func(o desk.Override) bool { return o.Squad != s.Name }),
		})
	}
	return shifts, nil
}

// withoutRota are the squads without a rota that have a gardener, or whose rota the asker can make.
func (h *Handler) withoutRota(roster duty.Roster, wanted func(squad string) bool, asker desk.Person) (shifts []slackview.Shifts) {
	gardeners, makes := h.Desk.Gardeners(), h.Desk.RotaSquads(asker)
	names := append(slices.Collect(maps.Keys(gardeners)), makes...)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if _, has := roster.Named(name); !has && wanted(name) {
			may := slices.Contains(makes, name)
			shifts = append(shifts, slackview.Shifts{Squad: name, NoRota: true, Own: may, Makes: may, Gardeners: gardeners[name]})
		}
	}
	return shifts
}

// carried tells somebody what they have carried in this month and the last, and, who leads a squad,
// what the others in it have.
func (h *Handler) carried(ctx context.Context, reader string) (slackformat.Message, error) {
	now := h.Now()
	y, m, _ := now.In(h.Days.Zone).Date()
	begin := time.Date(y, m, 1, 0, 0, 0, 0, h.Days.Zone)
	before, err := h.Desk.Carried(ctx, reader, begin.AddDate(0, -1, 0), begin, h.Days)
	if err != nil {
		return slackformat.Message{}, err
	}
	this, err := h.Desk.Carried(ctx, reader, begin, now, h.Days)
	if err != nil {
		return slackformat.Message{}, err
	}
	return slackview.Carried([]slackview.Month{{Of: begin, Carried: this}, {Of: begin.AddDate(0, -1, 0), Carried: before}}, h.Rates, h.scene(ctx)), nil
}
