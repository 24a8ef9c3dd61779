package config

import (
	"regexp"
	"slices"
	"strings"
)

const prefix = "SUPPORTY_"

// variable is the environment's name of a setting: SUPPORTY_SLACK_APP_TOKEN for slack.app_token.
func variable(path string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(path, ".", "_"))
}

func variables(environ []string) map[string]string {
	env := make(map[string]string, len(environ))
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok {
			env[name] = value
		}
	}
	return env
}

// parts are the settings that are groups, with the paths of what is in them.
var parts = map[string][]string{"hours": paths(hoursFields)}

// overlaid is a group as it was written, and over it those of its parts that have
// variables of their own.
type overlaid struct {
	below any
	over  map[string]any
}

// ownVariable is the value of a part, and whose it is.
type ownVariable struct{ name, value string }

func partsOf(setting string, env map[string]string) map[string]any {
	over := map[string]any{}
	for _, part := range parts[setting] {
		name := variable(setting + "." + part)
		if value := env[name]; value != "" {
			over[part] = ownVariable{name, value}
		}
	}
	return over
}

// flow is a list as it is written between brackets, which is how one of groups can
// be written in a variable; anything else stays as it is.
func flow(raw any) any {
	value, ok := raw.(string)
	if !ok || !strings.HasPrefix(strings.TrimSpace(value), "[") {
		return raw
	}
	file, err := parse([]byte("list: " + value))
	if err != nil || len(file.AllKeys()) != 1 {
		return raw
	}
	return file.Get("list")
}

// otherVariables begin like settings and are none: what names the file, and where
// first steps and tests find what they need.
var otherVariables = []string{
	"SUPPORTY_CONFIG", "SUPPORTY_POSTGRES_BIN", "SUPPORTY_POSTGRES_ARCHIVE",
	"SUPPORTY_PGBOUNCER", "SUPPORTY_BROWSER", "SUPPORTY_AXE", "SUPPORTY_CALLS",
}

// ofService are the variables that Kubernetes sets for services called supporty or
// supporty-something (kubernetes.io/docs/concepts/services-networking/service, environment
// variables).
var ofService = regexp.MustCompile(`^SUPPORTY_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$`)

func unknownVariables(env map[string]string) Problems {
	known := slices.Clone(otherVariables)
	for _, path := range paths(settings) {
		known = append(known, variable(path))
		for _, part := range parts[path] {
			known = append(known, variable(path+"."+part))
		}
	}
	var problems Problems
	for name := range env {
		if strings.HasPrefix(name, prefix) && !slices.Contains(known, name) && !ofService.MatchString(name) {
			problems = append(problems, unknown(name, name, known))
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Path, b.Path) })
	return problems
}
