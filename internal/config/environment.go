package config

import (
	"regexp"
	"slices"
	"strings"
)

const prefix = "SUPPORTY_"

// variable is a setting's name in the environment: SUPPORTY_SLACK_APP_TOKEN for
// slack.app_token.
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

// parts are the settings that are groups, with the paths of their fields.
var parts = map[string][]string{"hours": paths(hoursFields)}

// overlaid is a group from the file, and the fields that the environment sets over it.
type overlaid struct {
	below any
	over  map[string]any
}

// ownVariable is the value of a field that has a variable of its own, with the variable's
// name.
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

// flow parses a list between brackets. A variable can hold a list of groups in this form.
// Any other value is returned unchanged.
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

// otherVariables begin like settings but are none: the name of the file, and variables of
// first steps and tests.
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
