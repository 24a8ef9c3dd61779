package ticket

import "slices"

// LinkKind is what a link leads to.
type LinkKind string

// The kinds of links.
const (
	LinkIssue  LinkKind = "issue"
	LinkPull   LinkKind = "pull" // a pull request, or a merge request
	LinkCommit LinkKind = "commit"

	LinkRunbook LinkKind = "runbook" // of the settings, as somebody posted it
)

// Link leads to an issue, a pull request, a commit or a runbook.
type Link struct {
	Kind LinkKind `json:"kind"`
	Name string   `json:"name"` // how its tracker calls it, "acme/shop#12" or "PAY-7"
	URL  string   `json:"url"`  // without anything that is not needed to find it
}

// Linked are the links of one message in the ticket's thread.
type Linked struct {
	Message Message
	Links   []Link
}

// linked replaces the links of a message; none removes them.
func (t Ticket) linked(m Message, links []Link) Ticket {
	if len(links) == 0 && len(t.LinksOf(m)) == 0 {
		return t
	}
	others := slices.DeleteFunc(slices.Clone(t.Linked), func(l Linked) bool { return l.Message == m })
	if len(links) > 0 {
		others = append(others, Linked{Message: m, Links: links})
	}
	t.Linked = others
	return t
}

// LinksOf returns the links of a message.
func (t Ticket) LinksOf(m Message) []Link {
	if i := slices.IndexFunc(t.Linked, func(l Linked) bool { return l.Message == m }); i >= 0 {
		return t.Linked[i].Links
	}
	return nil
}

// Links returns each link once, in the order in which they were posted.
func (t Ticket) Links() []Link {
	var all []Link
	for _, l := range t.Linked {
		for _, one := range l.Links {
			if !slices.ContainsFunc(all, func(known Link) bool { return known.URL == one.URL }) {
				all = append(all, one)
			}
		}
	}
	return all
}

// changesCode reports whether the thread links to a change of code.
func (t Ticket) changesCode() bool {
	return slices.ContainsFunc(t.Links(), func(l Link) bool { return l.Kind == LinkPull || l.Kind == LinkCommit })
}

// redactLinks leaves out the links that contain something that is redacted.
func redactLinks(links []Link, strip func(string) string) (left []Link, had bool) {
	left = slices.DeleteFunc(slices.Clone(links), func(l Link) bool { return strip(l.URL) != l.URL || strip(l.Name) != l.Name })
	return left, len(left) < len(links)
}
