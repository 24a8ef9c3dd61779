package config

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Escalation is a step for tickets for which nobody answers.
type Escalation struct {
	// Priorities are the priorities it applies to, of P1, P2 and P3; none means all.
	Priorities []string
	// At is when the step is due.
	At Offset
	// Notify are its recipients; at least one.
	Notify []Recipient
	// Repeat is the time between two repetitions; 0 if Most is 1.
	Repeat time.Duration
	// Most is how often the step happens in all, from 1 to 20.
	Most int
}

// String is the step in a few words.
func (e Escalation) String() string {
	var to []string
	for _, r := range e.Notify {
		to = append(to, r.String())
	}
	return strings.Join(append(slices.Clone(e.Priorities), e.At.String(), strings.Join(to, " and ")), " ")
}

// Offset is a moment in a ticket's life: a percentage of the target, plus some open time.
type Offset struct {
	// Percent is the percentage of the target to solve: 0 is at once, 100 the deadline.
	Percent int
	// After is counted in the ticket's opening hours.
	After time.Duration
}

// String is the offset as it is written in the file.
func (o Offset) String() string {
	if o.After > 0 {
		return brief(o.After)
	}
	return strconv.Itoa(o.Percent) + "%"
}

// Recipient is a recipient of an escalation.
type Recipient struct {
	Kind RecipientKind
	// Name depends on the kind: a user group's id or handle, a person's id, a channel's
	// id or name, or the name of one of Config.Pages. It is empty for the owner and for
	// the person on duty.
	Name string
}

// RecipientKind says what a recipient is.
type RecipientKind string

// The kinds of recipients.
const (
	Owner     RecipientKind = "owner"
	Duty      RecipientKind = "duty"
	ToGroup   RecipientKind = "group"
	ToPerson  RecipientKind = "person"
	ToChannel RecipientKind = "channel"
	ToPage    RecipientKind = "page"
)

// String is the recipient as it is written in the file.
func (r Recipient) String() string {
	if r.Name == "" {
		return string(r.Kind)
	}
	return string(r.Kind) + ":" + r.Name
}

// Page is an address that is called to reach a person, such as a pager's.
type Page struct {
	// Name is unique regardless of case; escalations and people use it.
	Name string
	// URL is http or https. It is a secret: with it anybody can page.
	URL Secret
	// People are the ids of those whom it reaches: it is called when the ladder calls them.
	People []string
	// Format is that of a service; empty for the bot's own.
	Format string
	// Key is what the service knows the caller by: see docs/paging.md.
	Key Secret
	// To is whom the service reaches, and From who calls.
	To, From string
}

var escalationFields = []field[Escalation]{
	{"priorities", in(func(e *Escalation) *[]string { return &e.Priorities }, list(scalar(oneOf(choice("P1", "P1"), choice("P2", "P2"), choice("P3", "P3"))), itself))},
	{"at", in(func(e *Escalation) *Offset { return &e.At }, scalar(offset))},
	{"notify", in(func(e *Escalation) *[]Recipient { return &e.Notify }, list(recipientItem, Recipient.String))},
	{"repeat", in(func(e *Escalation) *time.Duration { return &e.Repeat }, scalar(duration(time.Minute, 7*24*time.Hour)))},
	{"most", in(func(e *Escalation) *int { return &e.Most }, scalar(most))},
}

var pageFields = []field[Page]{
	{"name", in(func(p *Page) *string { return &p.Name }, scalar(pageName))},
	{"url", in(func(p *Page) *Secret { return &p.URL }, hidden(pageURL))},
	{"people", in(func(p *Page) *[]string { return &p.People }, list(scalar(person), itself))},
	{"format", in(func(p *Page) *string { return &p.Format }, scalar(oneOf(choice("supporty", ""), choice("ntfy", "ntfy"), choice("pushover", "pushover"), choice("pagerduty", "pagerduty"), choice("twilio", "twilio"))))},
	{"key", in(func(p *Page) *Secret { return &p.Key }, hidden(pageKey))},
	{"to", in(func(p *Page) *string { return &p.To }, scalar(line(0, 100)))},
	{"from", in(func(p *Page) *string { return &p.From }, scalar(line(0, 100)))},
}

var percentage = regexp.MustCompile(`^(\d{1,4}) *%$`)

const (
	mostPercent = 1000
	mostRepeats = 20
)

// offset parses a percentage of the target, or a time after the deadline.
func offset(raw any) (Offset, error) {
	value, _ := raw.(string)
	if found := percentage.FindStringSubmatch(strings.TrimSpace(value)); found != nil {
		percent, err := strconv.Atoi(found[1])
		if err != nil || percent > mostPercent {
			return Offset{}, fmt.Errorf("is out of range; write something from 0%% to %d%%", mostPercent)
		}
		return Offset{Percent: percent}, nil
	}
	if strings.Contains(value, "%") {
		return Offset{}, errors.New("is not a part of the target; write something like 150%")
	}
	after, err := duration(time.Second, 90*24*time.Hour)(raw)
	if err != nil {
		return Offset{}, fmt.Errorf("%w, or a part of the target like 150%%", err)
	}
	return Offset{Percent: 100, After: after}, nil
}

func most(raw any) (int, error) {
	value, err := strconv.Atoi(strings.TrimSpace(fmt.Sprint(raw)))
	if err != nil || value < 1 || value > mostRepeats {
		return 0, fmt.Errorf("is not a number from 1 to %d; write how often in all", mostRepeats)
	}
	return value, nil
}

var personID = regexp.MustCompile(`^[UW][A-Z0-9]{2,}$`)

// IsPerson reports whether a text has the form of a person's id in Slack.
func IsPerson(id string) bool { return personID.MatchString(id) }

const recipients = "write owner, duty, group:support-engineers, person:U0123456789, channel:incidents or page:NAME"

// recipientItem hides an address that was written in place of a page's name.
func recipientItem(at string, raw any, into *Recipient) Problems {
	problems := scalar(recipient)(at, raw, into)
	if value, ok := raw.(string); ok && len(problems) > 0 && strings.Contains(value, "://") {
		problems[0].Value = "[set]"
		problems[0].Want = "is an address; write it as url below pages, and page: with its name here"
	}
	return problems
}

func recipient(raw any) (Recipient, error) {
	value, err := text(raw)
	if err != nil {
		return Recipient{}, err
	}
	kind, name, _ := strings.Cut(value, ":")
	r := Recipient{Kind: RecipientKind(strings.ToLower(kind)), Name: strings.TrimSpace(name)}
	switch r.Kind {
	case Owner, Duty:
		return r, refuse(r.Name != "", "names somebody more; write only "+string(r.Kind))
	case ToGroup:
		r.Name, err = userGroup(r.Name)
	case ToChannel:
		r.Name, err = channel(r.Name)
	case ToPerson:
		err = refuse(!IsPerson(r.Name), "is not a person; write their id, like person:U0123456789 (in their profile, Copy member ID)")
	case ToPage:
		r.Name, err = pageName(r.Name)
	default:
		return r, errors.New("is nobody to notify; " + recipients)
	}
	return r, errors.Join(err, refuse(err == nil && r.Name == "", "does not say which; "+recipients))
}

func refuse(wrong bool, want string) error {
	if wrong {
		return errors.New(want)
	}
	return nil
}

var page = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._-]*$`)

const longestPage = 40 // characters

func pageName(raw any) (string, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	return value, refuse(utf8.RuneCountInString(value) > longestPage || !page.MatchString(value), "is not a page's name; write up to 40 letters, digits, spaces, dots, - or _")
}

func pageURL(value string) (string, error) {
	parsed, err := url.Parse(value)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Host == "" || parsed.Fragment != "" {
		return "", errors.New("is not an address to call; write something like https://pager.example.com/hooks/…")
	}
	return value, nil
}

func pageKey(value string) (string, error) {
	return value, refuse(len(value) > 300 || strings.ContainsAny(value, " \r\n"), "is not a key; copy it from the service, without spaces")
}

func escalation(at string, raw any, into *Escalation) Problems {
	into.Most = 1
	problems := group(escalationFields)(at, raw, into)
	values, ok := raw.(map[string]any)
	if !ok || len(problems) > 0 {
		return problems
	}
	if values["at"] == nil {
		problems = append(problems, Problem{Path: at + ".at", Want: "is missing; write when, like 150% of the target or 30m after the deadline"})
	}
	if len(into.Notify) == 0 {
		problems = append(problems, Problem{Path: at + ".notify", Want: "is missing; " + recipients})
	}
	switch {
	case into.Most > 1 && into.Repeat == 0:
		problems = append(problems, Problem{Path: at + ".repeat", Want: "is missing; write after how long it is done again, or leave most out"})
	case into.Most == 1 && into.Repeat > 0:
		problems = append(problems, Problem{Path: at + ".most", Want: "is missing; write how often it is done in all, at least 2, or leave repeat out"})
	}
	return problems
}

func escalations(at string, raw any, into *[]Escalation) Problems {
	return keepNil(list(escalation, Escalation.String))(at, raw, into)
}

func pages(at string, raw any, into *[]Page) Problems {
	item := func(at string, raw any, into *Page) Problems {
		problems := namedGroup(pageFields, func(p Page) string { return p.Name }, "write what the page is called")(at, raw, into)
		if len(problems) > 0 {
			return problems
		}
		into.URL = cmp.Or(into.URL, into.usualURL())
		return into.missing(at)
	}
	return keepNil(list(item, func(p Page) string { return strings.ToLower(p.Name) }))(at, raw, into)
}

// services are what each format needs, and whether the address can be left out.
var services = map[string]struct {
	url           string
	key, to, from string // what each is; empty if it is not needed
}{
	"":          {},
	"ntfy":      {},
	"pushover":  {url: "https://api.pushover.net/1/messages.json", key: "the token of the application", to: "the key of the user"},
	"pagerduty": {url: "https://events.pagerduty.com/v2/enqueue", key: "the integration key"},
	"twilio":    {url: "https://api.twilio.com/2010-04-01/Accounts/%s/Calls.json", key: "the account's SID and its token, as SID:token", to: "the number that is called, like +442079460000", from: "the number that calls, like +442079460000"},
}

// usualURL is the address of the page's service; empty if it has none.
func (p Page) usualURL() Secret {
	account, _, _ := strings.Cut(p.Key.Reveal(), ":")
	return Secret(strings.Replace(services[p.Format].url, "%s", url.PathEscape(account), 1))
}

// missing finds what the page's service needs.
func (p Page) missing(at string) (problems Problems) {
	needs := services[p.Format]
	for _, of := range []struct {
		field, what string
		ok          bool
	}{
		{"url", "the address that is called", p.URL != ""},
		{"key", needs.key, p.Key != "" && (p.Format != "twilio" || strings.Contains(p.Key.Reveal(), ":"))},
		{"to", needs.to, p.To != ""}, {"from", needs.from, p.From != ""},
	} {
		if !of.ok && of.what != "" {
			problems = append(problems, Problem{Path: at + "." + of.field, Want: "is missing; write " + of.what})
		}
	}
	return problems
}

// keepNil leaves the field as it was if the list is empty.
func keepNil[T any](read reader[[]T]) reader[[]T] {
	return func(at string, raw any, into *[]T) Problems {
		var values []T
		problems := read(at, raw, &values)
		if len(problems) == 0 && len(values) > 0 {
			*into = values
		}
		return problems
	}
}

// checkPages finds escalations that name a page that does not exist.
func (c Config) checkPages() Problems {
	var problems Problems
	for i, e := range c.Escalations {
		for j, r := range e.Notify {
			known := slices.ContainsFunc(c.Pages, func(p Page) bool { return p.Name == r.Name })
			if r.Kind == ToPage && !known {
				problems = append(problems, Problem{Path: "pages", Want: fmt.Sprintf("has no %s, which escalations[%d].notify[%d] names; add it with its url, or take it out there", show(r.Name), i, j)})
			}
		}
	}
	return problems
}
