package openid

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"

	"supporty/internal/dev/slacksim/workspace"
)

//go:embed page.html
var source string

var page = template.Must(template.New("page").Parse(source))

// choice is somebody who can sign in.
type choice struct {
	Name, Address string
	Stranger      bool // of another workspace
}

// choose shows the people of the workspace, each with a link that signs them in.
func (p *Provider) choose(w http.ResponseWriter, asked url.Values) {
	var people []choice
	team := ""
	p.store.View(func(tx *workspace.Tx) {
		team = tx.Team.Name
		for _, person := range tx.People {
			if person.Bot || person.Deactivated {
				continue
			}
			asked.Set("as", person.ID)
			people = append(people, choice{person.RealName, "?" + asked.Encode(), person.TeamID != tx.Team.ID})
		}
	})
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'")
	_ = page.Execute(w, map[string]any{"Team": team, "People": people}) // an error means that the caller is gone
}
