package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"supporty/internal/ticket"
)

// complete fills in the settings that follow from other settings and from the
// environment.
func (c *Config) complete(env map[string]string) {
	if c.Channels.Digest == "" {
		c.Channels.Digest = c.Channels.Support
	}
	if c.Database.DataDir == "" {
		c.Database.DataDir = userDataDir(env, "postgres")
	}
	if rest, ok := strings.CutPrefix(c.Database.DataDir, "~/"); ok && env["HOME"] != "" {
		c.Database.DataDir = filepath.Join(env["HOME"], rest)
	}
}

// rootHome is closed to other users, and Postgres refuses to run as root. So data of a
// Postgres that root starts go below systemDataDir.
const (
	rootHome      = "/root"
	systemDataDir = "/var/lib/supporty"
)

// DataDir is the default directory for data of one kind. It is below the user's data
// directory, or for root below a directory that the embedded Postgres can enter. environ
// has the form of os.Environ(). DataDir is empty if the environment names no home
// directory.
func DataDir(environ []string, kind string) string { return userDataDir(variables(environ), kind) }

// userDataDir follows the XDG Base Directory Specification, which says to
// ignore a relative XDG_DATA_HOME. It is empty if the environment names no home.
func userDataDir(env map[string]string, kind string) string {
	base := env["XDG_DATA_HOME"]
	if !filepath.IsAbs(base) {
		switch env["HOME"] {
		case "":
			return ""
		case rootHome:
			return filepath.Join(systemDataDir, kind)
		}
		base = filepath.Join(env["HOME"], ".local", "share")
	}
	return filepath.Join(base, "supporty", kind)
}

// check finds contradictions between settings.
func (c Config) check() Problems {
	var problems Problems
	if c.Mode == Production && c.Database.URL == "" {
		problems = append(problems, Problem{Path: "database.url", Want: "is not set; mode is production, which needs a Postgres of its own, like postgres://user:password@host:5432/supporty"})
	}
	if c.Database.URL == "" && c.Database.DataDir == "" {
		problems = append(problems, Problem{Path: "database.data_dir", Want: "is not set, and the environment names no home directory; write where the embedded Postgres may keep its data"})
	}
	problems = append(problems, c.checkMessages()...)
	problems = append(problems, c.Emoji.check()...)
	problems = append(problems, c.checkPages()...)
	problems = append(problems, c.checkAnswers()...)
	problems = append(problems, c.checkWaysIn()...)
	problems = append(problems, c.checkPrivate()...)
	problems = append(problems, c.checkRotas()...)
	problems = append(problems, c.checkDutyGroups()...)
	problems = append(problems, c.checkLadders()...)
	problems = append(problems, c.checkOffers()...)
	problems = append(problems, c.checkTasks()...)
	problems = append(problems, c.checkPay()...)
	problems = append(problems, c.checkFiles()...)
	problems = append(problems, c.checkWeb()...)
	return append(problems, c.checkPromises()...)
}

func (c Config) checkMessages() Problems {
	named := func(own Category) bool { return own.Name == c.MessagesCategory }
	if c.MessagesCategory == "" || slices.ContainsFunc(c.Categories, named) {
		return nil
	}
	return Problems{{Path: "messages_category", Value: show(c.MessagesCategory), Want: "is not one of the categories; write one of their names, or leave it empty for the last one"}}
}

// checkSlack finds missing settings that a workspace needs.
func (c Config) checkSlack() Problems {
	var problems Problems
	if c.Slack.AppToken == "" {
		problems = append(problems, Problem{Path: "slack.app_token", Want: "is not set; write the app-level token (xapp-…), or set " + variable("slack.app_token")})
	}
	if c.Slack.BotToken == "" {
		problems = append(problems, Problem{Path: "slack.bot_token", Want: "is not set; write the bot token (xoxb-…), or set " + variable("slack.bot_token")})
	}
	if c.Channels.Support == "" {
		problems = append(problems, Problem{Path: "channels.support", Want: "is not set; write the channel's name without #, like support (in YAML, # begins a comment)"})
	}
	return problems
}

// checkPrivate finds private categories whose tickets nobody would read.
func (c Config) checkPrivate() Problems {
	var problems Problems
	for i, own := range c.Categories {
		if own.Private && own.Squad == "" && len(own.People) == 0 {
			problems = append(problems, Problem{
				Path: fmt.Sprintf("categories[%d].private", i), Value: "true",
				Want: "leaves nobody who reads its tickets; name its people, or the squad that owns it",
			})
		}
	}
	return problems
}

// checkFiles finds fields for files that have to be filled in although the form takes no files.
func (c Config) checkFiles() Problems {
	var problems Problems
	for i, own := range c.Categories {
		for k, f := range own.Fields {
			if f.Kind == ticket.FieldFile && f.Required && c.Files.MaxSize == 0 {
				problems = append(problems, Problem{
					Path: fmt.Sprintf("categories[%d].fields[%d].required", i, k), Value: "true",
					Want: "asks for a file, and with files.max_size 0 the form takes none; raise that, or take the field out",
				})
			}
		}
	}
	return problems
}

func (e Emoji) check() Problems {
	var problems Problems
	meaning := map[string]string{}
	for _, m := range emojiMeanings() {
		for _, name := range e[m] {
			if other, taken := meaning[name]; taken {
				problems = append(problems, Problem{Path: "emoji." + m, Value: show(name), Want: "is also in " + other + "; one emoji cannot mean both"})
			}
			meaning[name] = "emoji." + m
		}
	}
	return problems
}
