package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"time"

	"supporty/internal/slackformat"
)

//go:embed templates/*.html
var sources embed.FS

//go:embed style.css
var style []byte

// stylePath changes with what it holds, so that browsers may keep it.
var stylePath = "/style-" + hexOf(style) + ".css"

func hexOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:6])
}

func serveStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(style) // an error means that the browser is gone
}

// page is what a template shows.
type page struct {
	Template string // the name of its file, without .html
	Title    string
	Content  any

	Style string // set by render
	Here  string // the part of the site that it belongs to: statistics or tickets
	Who   string // the name of who is signed in; empty for nobody
	Leave string // the token of the form to sign out
	zone  *time.Location
}

// templates are the pages by their names. Each is made of the layout and its own file.
var templates = parseAll("statistics", "tickets", "ticket", "signin", "message")

func parseAll(names ...string) map[string]*template.Template {
	all := map[string]*template.Template{}
	for _, name := range names {
		// The function of times is replaced by one for the zone of each page.
		all[name] = template.Must(template.New(name).Funcs(timesIn(time.UTC)).ParseFS(sources, "templates/layout.html", "templates/"+name+".html"))
	}
	return all
}

// moment is a time as a page shows it.
type moment struct{ Machine, Shown string }

// timesIn are the functions with which templates show times in a zone.
func timesIn(zone *time.Location) template.FuncMap {
	in := func(layout string) func(time.Time) moment {
		return func(t time.Time) moment { return moment{t.UTC().Format(time.RFC3339), t.In(zone).Format(layout)} }
	}
	return template.FuncMap{"moment": in("Mon 2 Jan 2006, 15:04"), "short": in("2 Jan, 15:04")}
}

// render writes a page, whole or not at all.
func (s *Server) render(w http.ResponseWriter, status int, p page) {
	p.Style = stylePath
	var out bytes.Buffer
	t, err := templates[p.Template].Clone()
	if err == nil {
		err = t.Funcs(timesIn(cmp.Or(p.zone, time.UTC))).ExecuteTemplate(&out, "layout.html", p)
	}
	if err != nil {
		s.o.Log.Error("a web page could not be written", "page", p.Template, "error", err)
		http.Error(w, "This page could not be written.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // an error means that the browser is gone
}

// show renders a page for somebody who is signed in.
func (s *Server) show(w http.ResponseWriter, r *http.Request, v visit, status int, p page) {
	p.Who, p.Leave, p.zone = v.Name(r.Context(), v.person), v.leave, v.Zone
	s.render(w, status, p)
}

// explain is a page of one sentence.
func (s *Server) explain(w http.ResponseWriter, status int, sentence string) {
	s.render(w, status, page{Template: "message", Title: http.StatusText(status), Content: sentence})
}

// spans reads lines of mrkdwn for a template.
func spans(rows []string, names slackformat.Names) [][]slackformat.Span {
	var all [][]slackformat.Span
	for _, row := range rows {
		all = append(all, slackformat.Spans(row, names))
	}
	return all
}
