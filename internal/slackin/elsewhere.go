package slackin

import (
	"encoding/json"
	"strings"
)

// installation is what the payloads tell of the installation that they are for. One app can be
// installed in several workspaces, or in all of an organisation, and all of it comes over the same
// connections. Fields have another shape, or are missing, in some of the payloads.
// https://docs.slack.dev/apis/events-api#authorizations
// https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
type installation struct {
	TeamID string `json:"team_id"` // of an event or a command
	Team   struct {
		ID string `json:"id"`
	} `json:"team"` // of an interaction; null for some of an organisation
	Enterprise     json.RawMessage `json:"is_enterprise_install"` // a boolean, or in commands a string
	Authorizations []struct {
		TeamID     string `json:"team_id"`
		Enterprise bool   `json:"is_enterprise_install"`
	} `json:"authorizations"` // of an event: one at most
	Event struct {
		Type string `json:"type"`
	} `json:"event"`
}

// workspace is the workspace that a payload is for; empty if the payload does not say so beyond
// doubt. People of other companies act in channels that are shared with them, and whose workspace
// stands in an interaction of theirs is not documented: so it counts only if the app is installed
// in the organisation.
func (i installation) workspace() string {
	if len(i.Authorizations) > 0 && !i.Authorizations[0].Enterprise {
		return i.Authorizations[0].TeamID
	}
	if len(i.Authorizations) == 0 && !strings.Contains(string(i.Enterprise), "true") {
		return ""
	}
	if i.TeamID != "" {
		return i.TeamID
	}
	return i.Team.ID
}

// isForOneWorkspace reports whether the token is for one workspace, whose id begins with T; that of
// an organisation begins with E.
func (h *Handler) isForOneWorkspace() bool { return strings.HasPrefix(h.Bot.Team, "T") }

// mostElsewhere is how many other workspaces are told in the log.
const mostElsewhere = 100

// isElsewhere reports whether a payload is for another workspace than the token's. The first one of
// each workspace is logged. A step of a workflow is not left to wait: onStep ends it. If the token
// is for a whole organisation, its own id is that of the organisation, and nothing is elsewhere.
func (h *Handler) isElsewhere(payload json.RawMessage) bool {
	var i installation
	if json.Unmarshal(payload, &i) != nil || i.Event.Type == eventStep || !h.isForOneWorkspace() {
		return false
	}
	workspace := i.workspace()
	if workspace == "" || workspace == h.Bot.Team {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.elsewhere[workspace] && len(h.elsewhere) < mostElsewhere {
		if h.elsewhere == nil {
			h.elsewhere = map[string]bool{}
		}
		h.elsewhere[workspace] = true
		h.Log.Warn("what happens in another workspace is acknowledged, and not acted on: the bot's token is for one workspace",
			"workspace", workspace, "token", h.Bot.Team)
	}
	return true
}
