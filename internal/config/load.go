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

// Load reads the settings for work in a workspace: the defaults, over them the
// YAML file at path, over it the SUPPORTY_ variables of environ, which has the
// form of os.Environ(). An empty path means no file; an empty variable counts
// as not set. It depends on nothing else.
//
// Whatever is wrong with the settings comes back at once, as Problems; a file
// that cannot be read comes back as the error that the system gave.
func Load(path string, environ []string) (Config, error) {
	return load(path, environ, Config.check, Config.checkSlack)
}

// LoadOffline is Load for what works without Slack, such as a migration or the
// demo: tokens and support channel may be missing, but not wrong.
func LoadOffline(path string, environ []string) (Config, error) {
	return load(path, environ, Config.check)
}

// Check tells everything that is wrong with the settings, as Load does, and with it
// what Overtaken finds of the year from now on.
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

// decode goes on after a problem, so that one run tells all of them. The checks
// that span settings are silent about those that could not be read.
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

// restsOn are the settings from which problems of another follow.
var restsOn = map[string][]string{
	"messages_category": {"categories"},
	"pages":             {"escalations"},
	"priorities":        {"hours", "warn_at"},
	"squads":            {"hours", "warn_at", "priorities", "categories"},
	"categories":        {"hours", "warn_at", "priorities", "squads"},
}

// guessed reports whether a problem follows from settings that could not be read.
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

// notYAML tells what the YAML library found without the parts of the file that
// the library may quote. Only its scanner's messages, which begin with a line's
// number, are sure to be free of them.
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

// readSetting takes the environment's value over the file's. A setting without
// a value (nothing after the colon) keeps its default.
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

// belowSetting tells a group of settings where one value is meant. Whoever
// reads that value will say so.
func belowSetting(file *viper.Viper, key string, known []string) bool {
	return slices.ContainsFunc(known, func(path string) bool {
		return strings.HasPrefix(key, path+".") && file.Get(path) != nil
	})
}

func isSection(key string, known []string) bool {
	return slices.ContainsFunc(known, func(path string) bool { return strings.HasPrefix(path, key+".") })
}
