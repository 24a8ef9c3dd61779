package tracker

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"supporty/internal/ticket"
)

// mostLinks is how many links of one text are taken.
const mostLinks = 10

// longestLink is the longest address that is looked at.
const longestLink = 500

var (
	address = regexp.MustCompile(`https?://[^\s<>|"'` + "`" + `]+`)
	host    = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`)
)

// shape is how a tracker writes the path of something. The groups are its place and its number.
type shape struct {
	path *regexp.Regexp
	kind ticket.LinkKind
	mark string // between place and number in the name; for a key that is the name alone, empty
}

// Trackers that companies run themselves have other hosts, but the same paths. What follows the
// number, such as /files, does not matter.
const (
	inRepo   = `^/([\w.-]+/[\w.-]+)` // GitHub, Bitbucket, and those that do as GitHub does
	inGitLab = `^/([\w.-]+(?:/[\w.-]+)+)/-`
	inServer = `^/(?:[\w.-]+/)?(?:projects|users)/([\w.~-]+/repos/[\w.-]+)` // Bitbucket Data Center
	number   = `/([0-9]{1,10})(?:/|$)`
	hash     = `/([0-9a-f]{7})[0-9a-f]{0,57}(?:/|$)`
	key      = `([A-Z][A-Z0-9_]{0,30}-[0-9]{1,10})(?:/|$)`
)

var shapes = []shape{
	{regexp.MustCompile(inGitLab + `/(?:issues|work_items)` + number), ticket.LinkIssue, "#"},
	{regexp.MustCompile(inGitLab + `/merge_requests` + number), ticket.LinkPull, "!"},
	{regexp.MustCompile(inGitLab + `/commit` + hash), ticket.LinkCommit, "@"},
	{regexp.MustCompile(inServer + `/pull-requests` + number), ticket.LinkPull, "#"},
	{regexp.MustCompile(inServer + `/commits` + hash), ticket.LinkCommit, "@"},
	{regexp.MustCompile(inRepo + `/issues` + number), ticket.LinkIssue, "#"},
	{regexp.MustCompile(inRepo + `/(?:pull|pull-requests)` + number), ticket.LinkPull, "#"},
	{regexp.MustCompile(inRepo + `/commits?` + hash), ticket.LinkCommit, "@"},
	{regexp.MustCompile(`^(?:/[\w.-]+)?/browse/()` + key), ticket.LinkIssue, ""}, // Jira
}

var linear = shape{regexp.MustCompile(`^/[\w-]+/issue/()` + key), ticket.LinkIssue, ""}

// Links finds the links to issues, pull requests and commits of GitHub, GitLab, Bitbucket, Linear
// and Jira in a text, each once.
func Links(text string) []ticket.Link {
	var found []ticket.Link
	for _, one := range address.FindAllString(text, -1) {
		l, ok := parseLink(one)
		known := func(k ticket.Link) bool { return k.URL == l.URL }
		if ok && !slices.ContainsFunc(found, known) && len(found) < mostLinks {
			found = append(found, l)
		}
	}
	return found
}

// parseLink recognises one address. What can stand behind it in a sentence is no part of it.
func parseLink(address string) (ticket.Link, bool) {
	address = strings.TrimRight(address, ".,;:!?)]}*_~’”…")
	u, err := url.Parse(address)
	if err != nil || len(address) > longestLink || u.User != nil {
		return ticket.Link{}, false
	}
	at := strings.ToLower(u.Host)
	if !host.MatchString(at) {
		return ticket.Link{}, false
	}
	if at == "linear.app" {
		return linear.parse(u.Scheme+"://"+at, u.EscapedPath())
	}
	for _, s := range shapes {
		if l, ok := s.parse(u.Scheme+"://"+at, u.EscapedPath()); ok {
			return l, true
		}
	}
	return ticket.Link{}, false
}

func (s shape) parse(site, path string) (ticket.Link, bool) {
	at := s.path.FindStringSubmatchIndex(path)
	if at == nil {
		return ticket.Link{}, false
	}
	place, number := path[at[2]:at[3]], path[at[4]:at[5]]
	return ticket.Link{
		Kind: s.kind, Name: strings.Replace(place, "/repos/", "/", 1) + s.mark + number,
		URL: site + strings.TrimSuffix(path[:at[1]], "/"),
	}, true
}
