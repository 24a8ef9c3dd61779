package demo

import (
	"net"
	"net/http"
	"time"

	"supporty/internal/config"
	"supporty/internal/dev/demo/history"
	"supporty/internal/sla"
)

// addSquads adds two squads whose people are on duty in turns, with a ladder for the P1s of
// the warehouse. They are the same in the example history and after it, so that their past is theirs.
func (e *environment) addSquads(cfg *config.Config) {
	weekly := config.Layer{Handover: config.Handover{Weekday: int(time.Monday), Minute: history.HandoverHour * 60, Zone: "Europe/London"}}
	cfg.Squads = []config.Squad{
		{Name: history.CheckoutSquad, Members: e.ids(history.Checkout), Lead: e.id(history.CheckoutLead), Rota: []config.Layer{weekly}},
		{
			Name: history.LogisticsSquad, Members: e.ids(history.Logistics), Lead: e.id(history.LogisticsLead), Rota: []config.Layer{weekly},
			Ladder: config.Ladder{Last: e.id("dana")},
		},
	}
	owners := map[string]string{"Payments": history.CheckoutSquad, "Shipping": history.LogisticsSquad}
	for i, c := range cfg.Categories {
		cfg.Categories[i].Squad = owners[c.Name]
	}
	cfg.Categories = append(cfg.Categories, warehouse())
	cfg.Pages = nil
	for _, name := range history.Logistics {
		cfg.Pages = append(cfg.Pages, config.Page{Name: "Phone of " + name, URL: config.Secret("http://" + e.phones), People: []string{e.id(name)}})
	}
	cfg.Duty.Pay = config.Pay{Hour: pounds(1), Weekend: pounds(2), Page: pounds(20)}
}

// warehouse has the desk closed at night and on weekends.
func warehouse() config.Category {
	hours := &sla.Hours{Zone: "Europe/London"}
	for day := time.Monday; day <= time.Friday; day++ {
		hours.Week[day] = []sla.Span{{From: 8 * 60, To: 19 * 60}}
	}
	filing := config.Filing{Description: "What stops the warehouse", Help: "At night a P1 wakes who is on duty."}
	return config.Category{Name: history.Warehouse, Squad: history.LogisticsSquad, Override: config.Override{Hours: hours}, Filing: filing}
}

func pounds(amount float64) config.Rate { return config.Rate{Before: "£", Amount: amount} }

func (e *environment) id(person string) string { return e.slack.State().Person(person).ID }

func (e *environment) ids(people []string) (ids []string) {
	for _, name := range people {
		ids = append(ids, e.id(name))
	}
	return ids
}

// listenForCalls is where the phones of the demo are: whatever calls there is answered, and nobody hears it.
func (e *environment) listenForCalls() error {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // listens at once or not at all
	if err != nil {
		return err
	}
	e.phones = l.Addr().String()
	e.ringing = &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), ReadHeaderTimeout: time.Second}
	go func() { _ = e.ringing.Serve(l) }()
	return nil
}
