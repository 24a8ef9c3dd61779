package app_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "supporty/"

// dev has the packages for developing, showing and testing the product. Of the product, only
// cmd/supporty imports them, for the commands demo and sim.
const dev = "internal/dev/"

// edges lists the allowed imports between our packages, with the reason. Any other import
// is forbidden, and an entry without an import must be removed.
var edges = map[string]map[string]string{
	"internal/ticket": {},
	"internal/sla":    {},
	"internal/duty": {
		"internal/sla": "reads wall clocks and opening hours",
	},
	"internal/deploy": {
		"internal/ticket": "refuses with a sentence, as tickets do",
	},
	"internal/desk": {
		"internal/deploy": "ties incidents to deployments",
		"internal/ticket": "decides what becomes of tickets",
		"internal/sla":    "keeps the promise",
		"internal/duty":   "briefs who comes on duty",
	},
	"internal/insight": {
		"internal/deploy": "ties incidents by its rules",
		"internal/duty":   "spreads what people carry",
		"internal/sla":    "asks for opening hours",
		"internal/ticket": "counts by priority and solution",
	},
	"internal/build": {},
	"internal/chart": {},
	"internal/ical": {
		"internal/duty": "writes and reads shifts",
	},
	"internal/plots": {
		"internal/chart":   "says what is drawn",
		"internal/insight": "shows its numbers",
		"internal/ticket":  "names priorities",
	},
	"internal/clock":    {},
	"internal/schedule": {},
	"internal/httpd": {
		"internal/deploy": "takes reports of deployments", "internal/ticket": "answers by the codes of errors",
	},
	"internal/importing": {
		"internal/desk":   "says what an imported ticket is (desk.Imported)",
		"internal/ticket": "reads priorities and solutions, and has the errors",
	},
	"internal/config": {
		"internal/deploy": "says which deployments incidents are tied to (deploy.Rules)",
		"internal/duty":   "says what a rota is (duty.Roster)",
		"internal/emoji":  "reads emoji by any of their names",
		"internal/sla":    "says what opening hours are (sla.Hours)",
		"internal/ticket": "has a setting for each sign (ticket.Signs)",

		"internal/tracker": "checks the addresses of forms for issues",
	},
	"internal/emoji":    {},
	"internal/manifest": {},
	"internal/tracker":  {},
	"internal/pager":    {},
	"internal/fetch":    {},
	"internal/pgdev":    {},
	"internal/dev/pgtest": {
		"internal/pgdev":    "gives every test a database",
		"internal/postgres": "gives it the schema",
	},
	"internal/dev/play": {
		"internal/deploy": "reports deployments",
		"internal/desk":   "plays on it",
		"internal/ticket": "names priorities and solutions",
	},
	"internal/dev/testlog": {},
	"internal/directory": {
		"internal/desk": "implements desk.People",
	},
	"internal/slackformat": {
		"internal/ticket": "is where a message stands (ticket.Message); nothing else of it",
	},
	"internal/slackview": {
		"internal/deploy":      "words deployments",
		"internal/duty":        "words shifts",
		"internal/desk":        "words records and notices, and names the use case of each action",
		"internal/chart":       "has the picture of a digest",
		"internal/insight":     "words the digest",
		"internal/plots":       "charts what the digest tells",
		"internal/sla":         "words deadlines",
		"internal/slackformat": "is how messages and their text are written",
		"internal/ticket":      "words tickets and errors",
		"internal/tracker":     "fills in the form of an issue",
	},
	"internal/slackapi": {
		"internal/directory":   "implements directory.Slack",
		"internal/emoji":       "names emoji as they are read",
		"internal/slackformat": "is what messages, marks, files and times look like",
		"internal/ticket":      "is where a message stands (ticket.Message); nothing else of it",
	},
	"internal/outbox": {
		"internal/clock":       "keeps the business clock as all copies have it",
		"internal/deploy":      "asks what caused an incident",
		"internal/desk":        "asks what a notice is about, and whether it is obsolete",
		"internal/duty":        "asks whom to call where nobody owns a ticket",
		"internal/chart":       "draws a picture when it is posted",
		"internal/insight":     "computes a digest when it is posted",
		"internal/pager":       "is how pages are sent; its errors decide what becomes of them",
		"internal/sla":         "names the clock whose deadline a page tells",
		"internal/slackapi":    "is how messages are posted; its errors decide what becomes of them",
		"internal/slackformat": "is what is posted, and the mark in it",
		"internal/slackview":   "words what is posted",
		"internal/ticket":      "names tickets and messages",
	},
	"internal/web": {
		"internal/chart":       "draws its numbers",
		"internal/plots":       "charts the same as messages do",
		"internal/desk":        "asks which tickets a person may see",
		"internal/insight":     "counts what an address asks for",
		"internal/sla":         "names the clock whose target a ticket's page shows",
		"internal/slackformat": "reads lines that are written for Slack, and links to threads",
		"internal/slackview":   "has the words of timelines, times and filters",
		"internal/ticket":      "shows tickets, and reads error codes",
	},
	"internal/home": {
		"internal/desk":      "asks what a person reads on Home",
		"internal/slackapi":  "has errors that decide what is tried again",
		"internal/slackview": "words it",
	},
	"internal/catchup": {
		"internal/desk":        "has it compare what is seen with what it knows",
		"internal/slackapi":    "reads by it; its errors decide what is tried again",
		"internal/slackformat": "reads times, and what people wrote (slackformat.PlainText)",
		"internal/ticket":      "names tickets and messages",
	},
	"internal/postgres": {
		"internal/catchup":   "implements catchup.Store",
		"internal/clock":     "stores what the business clock follows",
		"internal/deploy":    "implements deploy.Store",
		"internal/desk":      "implements desk.Store and desk.Policies",
		"internal/directory": "implements directory.Cache",
		"internal/duty":      "stores who came on duty",
		"internal/home":      "implements home.Store",
		"internal/insight":   "implements insight.Source",
		"internal/outbox":    "implements outbox.Store",
		"internal/sla":       "stores policies",
		"internal/ticket":    "stores timelines",
		"migrations":         "brings the schema up to date",
	},
	"internal/slackin": {
		"internal/desk":        "has the use cases carried out",
		"internal/duty":        "answers who is on duty",
		"internal/sla":         "reads the times that people type by their clocks",
		"internal/directory":   "tells it what events say of people",
		"internal/emoji":       "names emoji as events tell of them",
		"internal/insight":     "computes the digest that a command asks for",
		"internal/manifest":    "names what the step of workflows takes and gives",
		"internal/slackapi":    "answers at once, beside acknowledgements; its errors tell of a form that was closed",
		"internal/slackformat": "reads messages, times and files, and is what is answered",
		"internal/slackview":   "words answers and forms, and reads forms",
		"internal/ticket":      "names gestures, and reads error codes",
	},
	"internal/app": {
		"internal/ical": "writes and reads calendars of rotas", "internal/fetch": "reads the addresses of calendars",
		"internal/build": "counts itself by its version", "internal/catchup": "connects", "internal/clock": "connects", "internal/config": "connects", "internal/desk": "connects",
		"internal/deploy": "connects", "internal/directory": "connects", "internal/duty": "adds up what is paid", "internal/home": "connects", "internal/httpd": "connects", "internal/importing": "reads the files of imports", "internal/insight": "connects",
		"internal/manifest": "its doctor checks the scopes", "internal/outbox": "connects", "internal/pager": "connects", "internal/pgdev": "starts the embedded database",
		"internal/postgres": "connects", "internal/schedule": "connects", "internal/sla": "makes a policy of the settings",
		"internal/slackin": "connects", "internal/slackapi": "connects", "internal/slackview": "makes a form of the settings",
		"internal/ticket": "makes priorities of the settings", "internal/tracker": "has the forms of issues",
		"internal/web": "connects",
	},
	"internal/dev/demo": {
		"internal/app": "runs the bot", "internal/clock": "is shared with the simulated Slack", "internal/config": "sets the bot up",
		"internal/dev/demo/history": "plays what happened before the tour", "internal/pgdev": "starts the database",
		"internal/dev/slacksim": "is the Slack of the tour", "internal/sla": "the hours of the warehouse",
		"internal/slackview": "shows beside each other what the bot can say (slackview.Samples)",
	},
	"internal/dev/demo/history": {
		"internal/dev/slacksim": "is where people do what it tells of",
	},
	"internal/dev/slacksim": {
		"internal/dev/slacksim/control": "connects", "internal/dev/slacksim/faults": "connects", "internal/dev/slacksim/layout": "names what forms hold", "internal/dev/slacksim/openid": "connects",
		"internal/dev/slacksim/people": "connects", "internal/dev/slacksim/socketmode": "connects", "internal/dev/slacksim/web": "connects",
		"internal/dev/slacksim/webapi": "connects", "internal/dev/slacksim/wire": "makes tokens", "internal/dev/slacksim/workspace": "connects",
	},
	"internal/dev/slacksim/control": {
		"internal/dev/slacksim/faults": "sets them", "internal/dev/slacksim/layout": "looks whether a message is empty",
		"internal/dev/slacksim/people": "has them act", "internal/dev/slacksim/socketmode": "counts and cuts the sockets",
		"internal/dev/slacksim/web": "lists its samples", "internal/dev/slacksim/webapi": "sets its limits, and checks as it does",
		"internal/dev/slacksim/wire": "answers in JSON", "internal/dev/slacksim/workspace": "shows it",
	},
	"internal/dev/slacksim/people": {
		"internal/dev/slacksim/blockkit": "checks the views that an acknowledgement shows", "internal/dev/slacksim/layout": "finds what is pressed and filled in",
		"internal/dev/slacksim/socketmode": "asks the bot", "internal/dev/slacksim/webapi": "gives triggers and response_urls, and shows the answers",
		"internal/dev/slacksim/wire": "makes payloads", "internal/dev/slacksim/workspace": "is where they act",
	},
	"internal/dev/slacksim/webapi": {
		"internal/dev/slacksim/blockkit": "checks what is sent", "internal/dev/slacksim/faults": "strike its calls",
		"internal/dev/slacksim/layout": "reads what is sent", "internal/dev/slacksim/socketmode": "gives the addresses of sockets",
		"internal/dev/slacksim/wire": "makes answers", "internal/dev/slacksim/workspace": "reads and changes it",
	},
	"internal/dev/slacksim/socketmode": {
		"internal/dev/slacksim/faults": "strike events and acknowledgements", "internal/dev/slacksim/wire": "makes envelopes",
		"internal/dev/slacksim/workspace": "is what events tell of",
	},
	"internal/dev/slacksim/workspace": {
		"internal/dev/slacksim/layout": "keeps what forms hold, and renders messages", "internal/dev/slacksim/wire": "makes payloads",
	},
	"internal/dev/slacksim/openid": {
		"internal/dev/slacksim/wire": "makes answers", "internal/dev/slacksim/workspace": "knows who can sign in",
	},
	"internal/dev/slacksim/layout":   {"internal/dev/slacksim/wire": "reads JSON"},
	"internal/dev/slacksim/faults":   {},
	"internal/dev/slacksim/wire":     {},
	"internal/dev/slacksim/blockkit": {},
	"internal/dev/slacksim/web":      {},
	"internal/dev/e2e":               {},
	"cmd/supporty": {
		"internal/app": "runs the bot", "internal/build": "prints it", "internal/config": "reads the settings", "internal/dev/demo": "runs the tour",
		"internal/manifest": "prints it", "internal/dev/slacksim": "runs it alone",
	},
	"migrations": {},
}

// testEdges are further imports that tests may have. Every test may import the databases
// and the log for tests, and the package under test.
var testEdges = map[string][]string{
	"internal/app":              {"internal/clock", "internal/config", "internal/desk", "internal/dev/play", "internal/postgres", "internal/sla", "internal/dev/slacksim"},
	"internal/postgres":         {"internal/dev/play"},                                                                     // the numbers of its history
	"internal/catchup":          {"internal/postgres"},                                                                     // moves the watermark
	"internal/dev/demo/history": {"internal/app", "internal/clock", "internal/config", "internal/insight", "internal/sla"}, // plays it with the bot, and reads its numbers
	"internal/desk":             {"internal/postgres"},                                                                     // SQL is half of every use case
	"internal/dev/e2e": { // tests the program from outside, and makes histories
		"internal/deploy", "internal/desk", "internal/insight", "internal/pgdev", "internal/postgres", "internal/sla", "internal/dev/slacksim", "internal/ticket",
	},
	"internal/slackapi":         {"internal/dev/slacksim"}, // is called by it
	"internal/dev/slacksim/web": {"internal/dev/slacksim"}, // a page needs its server
	"internal/slackin":          {"internal/deploy", "internal/dev/slacksim", "internal/sla"},
	"internal/outbox":           {"internal/dev/slacksim", "internal/postgres", "internal/sla"},
	"internal/slackview":        {"internal/dev/slacksim/blockkit"}, // checks the blocks
}

// technologies are packages that only some of ours may import.
var technologies = map[string]struct{ code, tests []string }{
	"github.com/slack-go/slack": {
		code:  []string{"internal/slackin", "internal/slackapi", "internal/slackformat", "internal/slackview"},
		tests: []string{"internal/dev/slacksim", "internal/dev/slacksim/blockkit", "internal/dev/slacksim/web"}, // the real client talks to the simulator
	},
	"github.com/jackc/pgx": {
		code:  []string{"internal/pgdev", "internal/dev/pgtest", "internal/postgres"},
		tests: []string{"internal/app", "internal/desk", "internal/outbox", "internal/dev/e2e"}, // check stored data
	},
	"github.com/pressly/goose":     {code: []string{"internal/postgres"}},
	"github.com/spf13/viper":       {code: []string{"internal/config"}},
	"github.com/rickar/cal":        {code: []string{"internal/config"}},
	"github.com/spf13/cobra":       {code: []string{"cmd/supporty"}},
	"github.com/gorilla/websocket": {code: []string{"internal/slackin", "internal/dev/slacksim/socketmode"}, tests: []string{"internal/dev/slacksim"}},
	"github.com/coreos/go-oidc":    {code: []string{"internal/web"}},
	"golang.org/x/oauth2":          {code: []string{"internal/web"}},
	"github.com/go-jose/go-jose":   {code: []string{"internal/dev/slacksim/openid"}, tests: []string{"internal/web"}}, // signs tokens
	"github.com/prometheus":        {code: []string{"internal/app", "internal/httpd"}},
	"github.com/robfig/cron": {
		code:  []string{"internal/config", "internal/schedule"}, // config checks cron expressions
		tests: []string{"internal/desk"},
	},
}

// source is the imports of one file.
type source struct {
	file    string
	pkg     string // the directory, from the module's root
	test    bool
	imports []string
}

// sources reads the imports of all files, whatever their build tags.
func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	var all []source
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && path != ".") {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		s := source{file: path, pkg: filepath.ToSlash(filepath.Dir(path)), test: strings.HasSuffix(path, "_test.go")}
		for _, i := range file.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, imported)
		}
		all = append(all, s)
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatalf("reading the sources: %d, %v", len(all), err)
	}
	return all
}

func TestImports(t *testing.T) {
	t.Parallel()
	used := map[[2]string]bool{}
	for _, s := range sources(t) {
		allowed, known := edges[s.pkg]
		if !known {
			t.Errorf("%s is in no table: say what %s may import", s.file, s.pkg)
		}
		for _, imported := range s.imports {
			to, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			used[[2]string{s.pkg, to}] = true
			if _, ok := allowed[to]; !ok && (!s.test || !mayTest(s.pkg, to)) {
				t.Errorf("%s may not import %s", s.file, to)
			}
		}
	}
	for from, allowed := range edges {
		for to, reason := range allowed {
			if !used[[2]string{from, to}] || reason == "" {
				t.Errorf("the edge from %s to %s is not used, or has no reason", from, to)
			}
		}
	}
}

func mayTest(from, to string) bool {
	return to == from || to == "internal/dev/pgtest" || to == "internal/dev/testlog" || slices.Contains(testEdges[from], to)
}

func TestImportsOfTechnologies(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, imported := range s.imports {
			for technology, may := range technologies {
				if !strings.HasPrefix(imported, technology) {
					continue
				}
				if !slices.Contains(may.code, s.pkg) && (!s.test || !slices.Contains(may.tests, s.pkg)) {
					t.Errorf("%s may not import %s", s.file, imported)
				}
			}
		}
	}
}

// TestAllowedImportsFollowTheArchitecture checks the table itself against the rules in docs/architecture.md.
func TestAllowedImportsFollowTheArchitecture(t *testing.T) {
	t.Parallel()
	adapters := []string{"internal/pager", "internal/postgres", "internal/slackin", "internal/slackapi", "internal/slackview"}
	among := map[[2]string]bool{ // adapters that may import each other
		{"internal/slackin", "internal/slackapi"}: true, {"internal/slackin", "internal/slackview"}: true,
	}
	domain := []string{"internal/ticket", "internal/sla", "internal/duty", "internal/deploy", "internal/desk", "internal/insight"}
	for from, allowed := range edges {
		for to := range allowed {
			switch {
			case to == "internal/app" && from != "cmd/supporty" && from != "internal/dev/demo":
				t.Errorf("%s may import the app", from)
			case slices.Contains(domain, from) && !slices.Contains(domain[:4], to):
				t.Errorf("the domain, %s, may import %s", from, to)
			case slices.Contains(adapters, from) && slices.Contains(adapters, to) && !among[[2]string{from, to}]:
				t.Errorf("%s may import %s, another adapter", from, to)
			case strings.HasPrefix(from, "internal/dev/slacksim") && !strings.HasPrefix(to, "internal/dev/slacksim/"):
				t.Errorf("%s may import %s, though it must know nothing of ours", from, to)
			case strings.HasPrefix(to, dev) && !strings.HasPrefix(from, dev) && from != "cmd/supporty":
				t.Errorf("%s may import %s, which is for developing", from, to)
			}
		}
	}
}
