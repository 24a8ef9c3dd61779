package ticket

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// mostFound is how many links of one text are taken.
const mostFound = 10

// longestAddress is the longest address that is looked at.
const longestAddress = 500

var (
	address = regexp.MustCompile(`https?://[^\s<>|"'` + "`" + `]+`)
	host    = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`)
)

// shape is how a tracker writes the path of something. The groups are its place and its number.
type shape struct {
	path *regexp.Regexp
	kind LinkKind
	mark string // between place and number in the name; for a key that is the name alone, empty
}

// Trackers that companies run themselves have other hosts, but the same paths. What follows the
// number, such as /files, does not matter.
const (
	inRepo   = `^/([\w.-]+/[\w.-]+)` // GitHub, Bitbucket, and those that do as GitHub does
	inGitLab = `^/([\w.-]+(?:/[\w.-]+)+)/-`
	inServer = `^/(?:[\w.-]+/)?(?:projects|users)/([\w.~-]+/repos/[\w.-]+)` // Bitbucket Data Center
	digits   = `/([0-9]{1,10})(?:/|$)`
	hash     = `/([0-9a-f]{7})[0-9a-f]{0,57}(?:/|$)`
	key      = `([A-Z][A-Z0-9_]{0,30}-[0-9]{1,10})(?:/|$)`
)

var shapes = []shape{
	{regexp.MustCompile(inGitLab + `/(?:issues|work_items)` + digits), LinkIssue, "#"},
	{regexp.MustCompile(inGitLab + `/merge_requests` + digits), LinkPull, "!"},
	{regexp.MustCompile(inGitLab + `/commit` + hash), LinkCommit, "@"},
	{regexp.MustCompile(inServer + `/pull-requests` + digits), LinkPull, "#"},
	{regexp.MustCompile(inServer + `/commits` + hash), LinkCommit, "@"},
	{regexp.MustCompile(inRepo + `/issues` + digits), LinkIssue, "#"},
	{regexp.MustCompile(inRepo + `/(?:pull|pull-requests)` + digits), LinkPull, "#"},
	{regexp.MustCompile(inRepo + `/commits?` + hash), LinkCommit, "@"},
	{regexp.MustCompile(`^(?:/[\w.-]+)?/browse/()` + key), LinkIssue, ""}, // Jira
}

var linear = shape{regexp.MustCompile(`^/[\w-]+/issue/()` + key), LinkIssue, ""}

// FindLinks finds the links to issues, pull requests and commits of GitHub, GitLab, Bitbucket, Linear
// and Jira in a text, each once.
func FindLinks(text string) []Link {
	var found []Link
	for _, one := range address.FindAllString(text, -1) {
		l, ok := parseLink(one)
		known := func(k Link) bool { return k.URL == l.URL }
		if ok && !slices.ContainsFunc(found, known) && len(found) < mostFound {
			found = append(found, l)
		}
	}
	return found
}

// parseLink recognises one address. What can stand behind it in a sentence is no part of it.
func parseLink(address string) (Link, bool) {
	address = strings.TrimRight(address, ".,;:!?)]}*_~’”…")
	u, err := url.Parse(address)
	if err != nil || len(address) > longestAddress || u.User != nil {
		return Link{}, false
	}
	at := strings.ToLower(u.Host)
	if !host.MatchString(at) {
		return Link{}, false
	}
	if at == "linear.app" {
		return linear.parse(u.Scheme+"://"+at, u.EscapedPath())
	}
	for _, s := range shapes {
		if l, ok := s.parse(u.Scheme+"://"+at, u.EscapedPath()); ok {
			return l, true
		}
	}
	return Link{}, false
}

func (s shape) parse(site, path string) (Link, bool) {
	at := s.path.FindStringSubmatchIndex(path)
	if at == nil {
		return Link{}, false
	}
	place, number := path[at[2]:at[3]], path[at[4]:at[5]]
	return Link{
		Kind: s.kind, Name: strings.Replace(place, "/repos/", "/", 1) + s.mark + number,
		URL: site + strings.TrimSuffix(path[:at[1]], "/"),
	}, true
}
