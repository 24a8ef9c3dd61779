package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/viper"
	"go.yaml.in/yaml/v3"
)

// Load reads the settings for work in a workspace. It begins with the defaults. The YAML
// file at path overrides them, and the SUPPORTY_ variables of environ override the file.
// environ has the form of os.Environ(). An empty path means no file; an empty variable
// counts as not set. Load depends on nothing else.
//
// Load returns all mistakes in the settings together, as Problems. If the file cannot be
// read, Load returns the error of the system.
func Load(path string, environ []string) (Config, error) {
	return load(path, environ, Config.check, Config.checkSlack)
}

// LoadOffline is Load for commands that work without Slack, such as a migration or the
// demo. Tokens and support channel may be missing, but not wrong.
func LoadOffline(path string, environ []string) (Config, error) {
	return load(path, environ, Config.check)
}

// Check reports every mistake in the settings, as Load does. It also reports what
// Overtaken finds in the year that begins now.
func Check(path string, environ []string, now time.Time) error {
	_, err := load(path, environ, Config.check, Config.checkSlack, func(c Config) Problems {
		contradictions := c.checkPromises()
		told := func(p Problem) bool {
			return slices.ContainsFunc(contradictions, func(other Problem) bool { return other.Path == p.Path })
		}
		return slices.DeleteFunc(c.Overtaken(now), told)
	})
	return err
}

type check func(Config) Problems

func load(path string, environ []string, checks ...check) (Config, error) {
	if path == "" {
		return decode(nil, environ, checks...)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Config{}, fmt.Errorf("reading the config file: %w", err)
	}
	return decode(data, environ, checks...)
}

// decode goes on after a problem, so that one run reports all of them. Checks that
// involve several settings report nothing about a setting that could not be read.
func decode(data []byte, environ []string, checks ...check) (Config, error) {
	file, err := parse(data)
	if err != nil {
		return Config{}, err
	}
	env := variables(environ)
	problems := append(unknownKeys(file), unknownVariables(env)...)
	cfg := Default()
	broken := map[string]bool{}
	for _, setting := range settings {
		found := readSetting(setting, file, env, &cfg)
		broken[setting.path] = len(found) > 0
		problems = append(problems, found...)
	}
	cfg.complete(env)
	for _, check := range checks {
		problems = append(problems, slices.DeleteFunc(check(cfg), func(p Problem) bool { return guessed(p, broken) })...)
	}
	if len(problems) > 0 {
		return Config{}, problems.cleaned()
	}
	return cfg, nil
}

// restsOn names, for a setting, the other settings whose problems may cause a problem in
// it.
var restsOn = map[string][]string{
	"messages_category": {"categories"},
	"pages":             {"escalations"},
	"priorities":        {"hours", "warn_at"},
	"squads":            {"hours", "warn_at", "priorities", "categories"},
	"categories":        {"hours", "warn_at", "priorities", "squads"},
}

// guessed reports whether a problem may only be a consequence of a setting that could not
// be read.
func guessed(p Problem, broken map[string]bool) bool {
	setting, _, _ := strings.Cut(p.Path, "[")
	return broken[setting] || slices.ContainsFunc(restsOn[setting], func(other string) bool { return broken[other] })
}

func parse(data []byte) (*viper.Viper, error) {
	file := viper.New()
	file.SetConfigType("yaml")
	if err := file.ReadConfig(bytes.NewReader(data)); err != nil {
		return nil, Problems{{Path: "config file", Want: notYAML(err)}}
	}
	return file, nil
}

var lineNumber = regexp.MustCompile(`line \d+`)

// notYAML reports the YAML library's error without the parts of the file that the library
// may quote. Only messages of its scanner, which begin with a line number, are sure to
// quote nothing.
func notYAML(err error) string {
	message := strings.TrimPrefix(err.Error(), "While parsing config: yaml: ")
	var wrongType *yaml.TypeError
	switch {
	case errors.As(err, &wrongType):
		return strings.TrimSpace("is not a list of settings, each written once as name: value; see " + lineNumber.FindString(message))
	case strings.HasPrefix(message, "line "):
		return "is not YAML; see " + message
	default:
		return "is not YAML; put values with any of { [ & * ! in quotes"
	}
}

// readSetting prefers the environment's value to the file's. A setting without a value
// (nothing after the colon) keeps its default.
func readSetting(setting field[Config], file *viper.Viper, env map[string]string, into *Config) Problems {
	at, raw := setting.path, file.Get(setting.path)
	if value := env[variable(at)]; value != "" {
		at, raw = variable(at), value
	}
	if over := partsOf(setting.path, env); len(over) > 0 {
		raw = overlaid{raw, over}
	}
	if raw != nil {
		return setting.read(at, raw, into)
	}
	return nil
}

func unknownKeys(file *viper.Viper) Problems {
	known := paths(settings)
	keys := file.AllKeys()
	slices.Sort(keys)
	var problems Problems
	for _, key := range keys {
		switch {
		case slices.Contains(known, key), belowSetting(file, key, known):
		case isSection(key, known):
			if file.Get(key) != nil {
				problems = append(problems, Problem{Path: key, Want: "has settings of its own; write them on the lines below it, indented"})
			}
		default:
			problems = append(problems, unknown(key, key, known))
		}
	}
	return problems
}

// belowSetting reports whether the key is part of a group in a place for a single value.
// The reader of that setting reports the problem.
func belowSetting(file *viper.Viper, key string, known []string) bool {
	return slices.ContainsFunc(known, func(path string) bool {
		return strings.HasPrefix(key, path+".") && file.Get(path) != nil
	})
}

func isSection(key string, known []string) bool {
	return slices.ContainsFunc(known, func(path string) bool { return strings.HasPrefix(path, key+".") })
}
