package deploy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"supporty/internal/ticket"
)

// New is a deployment to be stored.
type New struct {
	Deployment
	Key        string // of the report: the same key is stored once
	Content    string // a digest of what was reported
	RecordedAt time.Time

	// Incidents of these categories that were opened from At to Until may be tied to it: their cards
	// have to show that.
	Categories []string
	Until      time.Time
}

// Stored is the outcome of Store.SaveDeployment.
type Stored struct {
	Deployment
	Fresh   bool   // false: the key was used before, and this is what it stored
	Content string // of the report that stored it
}

// Store keeps deployments. Implementations are safe for concurrent use.
type Store interface {
	// SaveDeployment stores a deployment, or returns the one of the same key.
	SaveDeployment(ctx context.Context, d New) (Stored, error)
}

// ErrOtherContent is the cause if a key was used before, for something else.
var ErrOtherContent = errors.New("the key was used for something else")

// Recorder records what pipelines report. It is safe for concurrent use.
type Recorder struct {
	Store Store
	Rules Rules
}

// Record stores a deployment once for each key, and reports whether it is new. A report that comes
// late counts from its own time: incidents after it are tied to it from then on, unless somebody
// has said what caused them. Errors are ticket.Errors.
func (r Recorder) Record(ctx context.Context, key string, report Report, now time.Time) (Deployment, bool, error) {
	if !isKey(key) {
		return Deployment{}, false, ticket.Errorf(ticket.Invalid,
			"The idempotency key is missing, or is not 1 to 200 printable characters. Send one that is the same when the report is sent again.").At("key")
	}
	report, err := report.check(r.Rules, now)
	if err != nil {
		return Deployment{}, false, err
	}
	at := report.at(now)
	d := New{
		Deployment: Deployment{Service: report.Service, Version: report.Version, URL: report.URL, At: at},
		Key:        key, Content: report.digest(), RecordedAt: now.UTC().Truncate(time.Microsecond),
		Categories: r.Rules.Categories(report.Service), Until: at.Add(r.Rules.Window),
	}
	stored, err := r.Store.SaveDeployment(ctx, d)
	switch {
	case err != nil:
		return Deployment{}, false, ticket.Errorf(ticket.Unavailable, "Our database is not answering. Send it again in a minute, with the same key.").
			Because(fmt.Errorf("storing a deployment: %w", err))
	case stored.Content != d.Content:
		return Deployment{}, false, ticket.Errorf(ticket.Conflict,
			"This idempotency key was used for another deployment. Nothing was recorded.").At("key").Because(ErrOtherContent)
	}
	return stored.Deployment, stored.Fresh, nil
}
