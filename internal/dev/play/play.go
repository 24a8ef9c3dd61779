// Package play plays a history that is written in lines, such as "Mon 09:10  Bob claims #1", on a desk.
// The examples of docs/metrics.md are such lines, and so is Forty: the history on which everything
// that shows numbers is compared.
package play

import (
	"cmp"
	"context"
	_ "embed" // forty.txt
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"supporty/internal/deploy"
	"supporty/internal/desk"
	"supporty/internal/ticket"
)

// Forty is a week of 40 tickets, below it the answers that were worked out by hand, in lines that begin
// with "=".
//
//go:embed forty.txt
var Forty string

// Begin and End are the week in which all lines are.
var (
	Begin = time.Date(2026, 11, 16, 0, 0, 0, 0, time.UTC)
	End   = Begin.AddDate(0, 0, 7)
)

// Private is the category whose tickets are private, if the desk keeps it so.
const Private = "Security"

// Runbook is the address of a runbook, if the desk knows it.
const Runbook = "https://wiki.example.com/runbooks/billing"

// Categories are those of the lines.
var Categories = []string{"Billing", "Access", "Data", Private}

// Rules say which deployments the incidents of the lines are tied to.
var Rules = deploy.Rules{Services: map[string]string{"Billing": "shop", "Access": "login"}, Window: 24 * time.Hour}

// Player plays lines, in their order. It is not safe for concurrent use.
type Player struct {
	Desk    *desk.Desk
	Deploys deploy.Store              // needed for lines about deployments only
	Duty    Duty                      // needed for lines about duty and calls only
	written map[string]ticket.Message // the last message of each person
	keys    int
}

var (
	happens = regexp.MustCompile(`^((?:Next )?\w{3} \d\d:\d\d) +(\w+) (.*?)#(\d+)(.*)$`)
	deploys = regexp.MustCompile(`^(\w{3} \d\d:\d\d) +(\w+) (?:is deployed|was deployed at (\w{3} \d\d:\d\d))$`)
	duties  = regexp.MustCompile(`^(\w{3} \d\d:\d\d) +(\w+) comes on duty$`)
	opening = regexp.MustCompile(`^in (\w+), (P\d)(?:: (.*))?$`)
)

// Duty records who is on duty, and who is called.
type Duty interface {
	ComesOnDuty(ctx context.Context, person string, at time.Time) error
	IsCalled(ctx context.Context, person string, n ticket.Number, at time.Time) error
}

// Line plays a line. Its errors are about the line, or those of the desk.
func (p *Player) Line(ctx context.Context, line string) error {
	if d := deploys.FindStringSubmatch(line); d != nil {
		return p.deploys(ctx, d[2], d[1], cmp.Or(d[3], d[1]))
	}
	if d := duties.FindStringSubmatch(line); d != nil {
		at, err := moment(d[1])
		if err != nil {
			return err
		}
		return p.Duty.ComesOnDuty(ctx, d[2], at)
	}
	e := happens.FindStringSubmatch(line)
	if e == nil {
		return fmt.Errorf("cannot be read: %s", line)
	}
	at, err := moment(e[1])
	if err != nil {
		return err
	}
	var n int64
	_, _ = fmt.Sscan(e[4], &n) // digits
	p.keys++
	g := desk.Gesture{Ticket: ticket.Number(n), Actor: e[2], By: ticket.ByButton, Key: fmt.Sprintf("play:%d", p.keys), At: at, Now: at}
	if err := p.does(ctx, g, strings.TrimSpace(e[3]), strings.TrimSpace(e[5])); err != nil {
		return fmt.Errorf("%s: %w", line, err)
	}
	return nil
}

// All plays every line that is no answer and not empty.
func (p *Player) All(ctx context.Context, lines string) error {
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "=") {
			continue
		}
		if err := p.Line(ctx, line); err != nil {
			return err
		}
	}
	return nil
}

func moment(text string) (time.Time, error) {
	rest, next := strings.CutPrefix(text, "Next ")
	clock, err := time.Parse("15:04", rest[4:])
	day := strings.Index("MonTueWedThuFriSatSun", rest[:3])
	if err != nil || day < 0 {
		return time.Time{}, fmt.Errorf("no time: %s", text)
	}
	if next {
		day += 21
	}
	return Begin.AddDate(0, 0, day/3).Add(time.Duration(clock.Hour())*time.Hour + time.Duration(clock.Minute())*time.Minute), nil
}

func (p *Player) does(ctx context.Context, g desk.Gesture, what, more string) (err error) {
	switch what {
	case "opens":
		return p.opens(ctx, g, more)
	case "claims":
		_, err = p.Desk.Claim(ctx, g)
	case "resolves":
		_, err = p.Desk.Resolve(ctx, g, map[string]ticket.Solution{"": "", "by code": ticket.SolvedByCode, "by documentation": ticket.SolvedByDocumentation}[more], "")
	case "reopens":
		_, err = p.Desk.Reopen(ctx, g)
	case "withdraws":
		_, err = p.Desk.Close(ctx, g, ticket.Withdrawn, 0, "")
	case "files nothing, because of":
		_, err = p.Desk.Avoided(ctx, g.Actor, g.Ticket, g.Key, g.Now)
	case "rates":
		stars, err := strconv.Atoi(more)
		if err != nil {
			return err
		}
		_, err = p.Desk.Rate(ctx, g, desk.Opinion{Stars: stars})
		return err
	case "writes in":
		return p.writes(ctx, g, "Look.")
	case "posts the runbook in":
		return p.writes(ctx, g, Runbook)
	case "links a commit in":
		return p.writes(ctx, g, "https://github.com/acme/shop/commit/1a2b3c4d5e6f")
	case "deletes it in":
		_, err = p.Desk.Retract(ctx, g, p.written[g.Actor])
	case "says of":
		if kind, ok := strings.CutPrefix(more, "that it is work: "); ok {
			_, err = p.Desk.Class(ctx, g, ticket.Work(kind))
			return err
		}
		of := map[string]ticket.DeploymentID{"that no deployment caused it": ticket.NoDeployment}[more]
		_, err = p.Desk.Assess(ctx, g, ticket.IsIncident, of)
	case "is called for":
		err = p.Duty.IsCalled(ctx, g.Actor, g.Ticket, g.At)
	case "waits for Alice on":
		_, err = p.Desk.Wait(ctx, g, "Which card?")
	default:
		return fmt.Errorf("nobody can do this: %s", what)
	}
	return err
}

// deploys reports a deployment at a time, which may be later than it was.
func (p *Player) deploys(ctx context.Context, service, reported, deployed string) error {
	now, err := moment(reported)
	if err != nil {
		return err
	}
	at, err := moment(deployed)
	if err != nil {
		return err
	}
	p.keys++
	r := deploy.Recorder{Store: p.Deploys, Rules: Rules}
	_, _, err = r.Record(ctx, fmt.Sprintf("play:%d", p.keys), deploy.Report{Service: service, At: at}, now)
	return err
}

func (p *Player) writes(ctx context.Context, g desk.Gesture, text string) error {
	if p.written == nil {
		p.written = map[string]ticket.Message{}
	}
	m := ticket.Message{Channel: "C1", TS: fmt.Sprintf("%d.000100", g.At.Unix())}
	p.written[g.Actor] = m
	_, err := p.Desk.Reply(ctx, g, desk.Written{Message: m, Text: text})
	return err
}

func (p *Player) opens(ctx context.Context, g desk.Gesture, more string) error {
	in := opening.FindStringSubmatch(more)
	if in == nil {
		return fmt.Errorf("%s opens in nothing: %s", g.Ticket, more)
	}
	priority, err := ticket.ParsePriority(in[2])
	if err != nil {
		return err
	}
	r, err := p.Desk.Open(ctx, desk.NewTicket{
		Content:   desk.Content{Priority: priority, Title: cmp.Or(in[3], "Cards fail"), Category: in[1]},
		Requester: g.Actor, Gesture: ticket.ByForm, Key: g.Key, At: g.At, Now: g.Now,
	})
	if err == nil && r.Ticket.Number != g.Ticket {
		err = fmt.Errorf("%s is %s", g.Ticket, r.Ticket.Number)
	}
	return err
}
