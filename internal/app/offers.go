package app

import (
	"context"
	"strings"

	"supporty/internal/config"
	"supporty/internal/desk"
)

// offersOf is how new tickets are offered, and who looks after squads.
func offersOf(cfg config.Config, members func(ctx context.Context, squad string) ([]string, error)) desk.Offers {
	owners, requesters := cfg.OwnersOf()
	offers := desk.Offers{Categories: map[string]desk.Offering{}, Requesters: requesters, Members: members}
	for _, c := range cfg.Categories {
		of := desk.Offering{Owner: owners[c.Name], For: config.Squad{}.Offered()}
		for _, s := range cfg.Squads {
			if strings.EqualFold(s.Name, c.Squad) {
				of.Squad, of.Assign, of.For, of.Gardeners = s.Name, desk.Assign(s.Assign), s.Offered(), s.Gardeners()
			}
		}
		offers.Categories[c.Name] = of
	}
	return offers
}
