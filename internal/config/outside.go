package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // digest.zone must not depend on what the machine has installed
	"unicode"
	"unicode/utf8"

	"github.com/robfig/cron/v3"

	"supporty/internal/emoji"
)

// These parsers know the formats of Slack, Postgres and cron.

// tokenKinds are token prefixes from docs.slack.dev/authentication/tokens that people may
// paste into the wrong setting. The longest comes first.
var tokenKinds = []struct{ prefix, says string }{
	{"xoxe", "is a token that expires; switch token rotation off in the app's settings and install the app again"},
	{"xapp-", "is an app-level token; it belongs in slack.app_token (are the two swapped?)"},
	{"xoxb-", "is a bot token; it belongs in slack.bot_token (are the two swapped?)"},
	{"xoxp-", "is a person's token; the bot needs tokens of its own"},
}

func token(prefix string) func(string) (string, error) {
	return func(value string) (string, error) {
		switch {
		case value == "":
			return "", nil
		case strings.ContainsFunc(value, unicode.IsSpace):
			return "", errors.New("has a space or a line break in it; copy the token once more")
		case value == prefix:
			return "", errors.New("is only the beginning of a token; copy all of it")
		case strings.HasPrefix(value, prefix):
			return value, nil
		}
		for _, kind := range tokenKinds {
			if strings.HasPrefix(value, kind.prefix) {
				return "", errors.New(kind.says)
			}
		}
		return "", fmt.Errorf("is not a token of this kind; it begins with %s", prefix)
	}
}

func apiURL(raw any) (string, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	parsed, err := url.Parse(value)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Host == "" ||
		parsed.User != nil || parsed.RawQuery != "" || parsed.Fragment != "" {
		return "", errors.New("is not the address of a Web API; write something like https://slack.com/api/")
	}
	return strings.TrimSuffix(value, "/") + "/", nil
}

var (
	channelID   = regexp.MustCompile(`^[CG][A-Z0-9]{2,}$`)
	channelName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{M}\p{N}_-]+$`)
)

// longestName is Slack's limit for names of channels and handles of groups, in characters. It is
// counted beside the pattern: {1,80} of all letters would take megabytes.
const longestName = 80

func isName(pattern *regexp.Regexp, value string) bool {
	return utf8.RuneCountInString(value) <= longestName && pattern.MatchString(value)
}

func channel(raw any) (string, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	value = strings.TrimPrefix(value, "#")
	if value == "" || channelID.MatchString(value) || isName(channelName, value) {
		return value, nil
	}
	return "", errors.New("is not a channel; write its name, like support, or its id, like C0123456789")
}

var (
	groupID     = regexp.MustCompile(`^S[A-Z0-9]{2,}$`)
	groupHandle = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{M}\p{N}._-]+$`)
)

func userGroup(raw any) (string, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	value = strings.TrimPrefix(value, "@")
	if value == "" || groupID.MatchString(value) || isName(groupHandle, value) {
		return value, nil
	}
	return "", errors.New("is not a user group; write its handle, like support-engineers, or its id, like S0123456789")
}

func person(raw any) (string, error) {
	value, err := text(raw)
	if err == nil && !IsPerson(value) {
		err = errors.New("is not a person; write their id, like U0123456789 (in their profile, Copy member ID)")
	}
	return value, err
}

// personOrNobody reads a person's id, or nothing.
func personOrNobody(raw any) (string, error) {
	if raw == "" {
		return "", nil
	}
	return person(raw)
}

// keyValueDSN is the start of libpq's other form: host=localhost dbname=supporty.
var keyValueDSN = regexp.MustCompile(`^[a-z_]+\s*=`)

// dsn checks the form only. pgx's own parser would read PG* variables, password files and
// service files, which are not settings of this program.
func dsn(value string) (string, error) {
	rest, isURL := strings.CutPrefix(value, "postgres://")
	if !isURL {
		rest, isURL = strings.CutPrefix(value, "postgresql://")
	}
	if value == "" || isURL && rest != "" || keyValueDSN.MatchString(value) {
		return value, nil
	}
	return "", errors.New("is not a Postgres address; write postgres://user:password@host:5432/supporty, or host=… dbname=…")
}

// address parses host:port. It accepts "off" as well as the empty text, because an empty
// environment variable counts as not set.
func address(raw any) (string, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	if value == "" || value == "off" {
		return "", nil
	}
	host, port, err := net.SplitHostPort(value)
	_, numberErr := strconv.ParseUint(port, 10, 16)
	if err != nil || numberErr != nil || strings.ContainsFunc(host, unicode.IsSpace) {
		return "", errors.New(`is not host:port; write something like 127.0.0.1:9090, or "off"`)
	}
	return value, nil
}

// slashCommand is 2 to 32 characters with the slash (docs.slack.dev/reference/app-manifest).
var slashCommand = regexp.MustCompile(`^/[a-z0-9_-]{1,31}$`)

func command(raw any) (string, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	if !slashCommand.MatchString(value) {
		return "", errors.New("is not a slash command; write / and up to 31 small letters, digits, - or _, like /support")
	}
	return value, nil
}

var emojiName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{M}\p{N}_+'-]+$`)

// reaction parses an emoji, by any of its names.
func reaction(raw any) (string, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	name := strings.TrimSuffix(strings.TrimPrefix(value, ":"), ":")
	switch {
	case strings.Contains(name, "skin-tone-"):
		return "", errors.New("names a skin tone; write the emoji without it, every skin tone counts as the emoji itself")
	case !emojiName.MatchString(name) || utf8.RuneCountInString(name) > 100:
		return "", errors.New("is not an emoji's name; write it as Slack shows it between colons, like eyes")
	}
	return emoji.Name(name), nil
}

// schedule refuses expressions that cron accepts but that do not suit the digest. These
// are a zone inside the expression (use digest.zone), @every, which has no hour of the
// day, and days that never come.
// scheduleOrNone is schedule, and also takes an empty text.
func scheduleOrNone(raw any) (string, error) {
	if raw == "" {
		return "", nil
	}
	return schedule(raw)
}

func schedule(raw any) (string, error) {
	value, err := text(raw)
	if err != nil {
		return "", err
	}
	if strings.HasPrefix(value, "TZ=") || strings.HasPrefix(value, "CRON_TZ=") {
		return "", errors.New("names a zone; put the zone in digest.zone and only the five fields here")
	}
	parsed, err := cron.ParseStandard(value)
	if err != nil || strings.HasPrefix(value, "@every") {
		return "", errors.New(`is not a cron expression; write five fields, like "0 9 * * 1" for Monday at 09:00`)
	}
	if parsed.Next(time.Unix(0, 0).UTC()).IsZero() {
		return "", errors.New(`never comes; write a day that exists, like "0 9 * * 1" for Monday at 09:00`)
	}
	return value, nil
}

// zone refuses "Local": its meaning would differ between machines.
func zone(raw any) (*time.Location, error) {
	value, err := text(raw)
	if err != nil {
		return nil, err
	}
	location, err := time.LoadLocation(value)
	if err != nil || location == time.Local {
		return nil, errors.New("is not a time zone; write a name like Europe/London or UTC")
	}
	return location, nil
}
