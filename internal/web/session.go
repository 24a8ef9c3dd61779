package web

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"supporty/internal/ticket"
)

// Limits of a session.
const (
	sessionLasts = 12 * time.Hour
	sessionIdle  = 2 * time.Hour
	touchAfter   = time.Minute // how old the time at which it was last seen may be
)

// visit is a request of somebody who is signed in and may see the pages.
type visit struct {
	Site
	person string
	leave  string // the token of the form to sign out
}

// newSecret is a random id that nobody can guess.
func newSecret() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails, by its contract
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashOf is how the id of a session is stored: who reads the database cannot sign in with it.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// derived is a value that only who has the secret knows, for one purpose.
func derived(secret, purpose string) string {
	sum := sha256.Sum256([]byte(purpose + " " + secret))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// cookie is one that belongs to this host alone, and that no script can read. Lax lets it come
// along when Slack leads somebody back.
// https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie
func (s *Server) cookie(name, value string, lasts time.Duration) *http.Cookie {
	c := &http.Cookie{
		Name: s.cookieName(name), Value: value, Path: "/", Secure: s.secure, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, MaxAge: int(lasts.Seconds()),
	}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// cookieName has the prefix with which browsers take a cookie over https only, from this host only.
func (s *Server) cookieName(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

func (s *Server) cookieOf(r *http.Request, name string) string {
	c, err := r.Cookie(s.cookieName(name))
	if err != nil {
		return ""
	}
	return c.Value
}

const sessionCookie = "supporty"

// begin signs somebody in under a new id, and ends the session that this browser had.
func (s *Server) begin(w http.ResponseWriter, r *http.Request, person string) error {
	if old := s.cookieOf(r, sessionCookie); old != "" {
		if err := s.o.Sessions.EndSession(r.Context(), hashOf(old)); err != nil {
			return err
		}
	}
	secret, now := newSecret(), s.o.Real()
	if err := s.o.Sessions.BeginSession(r.Context(), hashOf(secret), person, now, now.Add(-sessionLasts), now.Add(-sessionIdle)); err != nil {
		return err
	}
	http.SetCookie(w, s.cookie(sessionCookie, secret, sessionLasts))
	return nil
}

// who returns whose session it is; empty if there is none or it is over.
func (s *Server) who(r *http.Request) (person string, err error) {
	secret := s.cookieOf(r, sessionCookie)
	if secret == "" {
		return "", nil
	}
	hash, now := hashOf(secret), s.o.Real()
	person, began, seen, err := s.o.Sessions.Session(r.Context(), hash)
	switch {
	case err != nil || person == "":
		return "", err
	case now.Sub(began) >= sessionLasts || now.Sub(seen) >= sessionIdle:
		return "", s.o.Sessions.EndSession(r.Context(), hash)
	case now.Sub(seen) >= touchAfter:
		return person, s.o.Sessions.TouchSession(r.Context(), hash, now)
	}
	return person, nil
}

// forLeads answers who is signed in and may see the pages; others are asked to sign in, or are
// told why not.
func (s *Server) forLeads(answer func(http.ResponseWriter, *http.Request, visit)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		site, ready := s.o.Site()
		if !ready {
			s.starting(w)
			return
		}
		person, err := s.who(r)
		switch {
		case err != nil:
			s.fail(w, r, err)
			return
		case person == "":
			http.Redirect(w, r, "/sign-in?to="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
			return
		}
		v := visit{Site: site, person: person, leave: derived(s.cookieOf(r, sessionCookie), "sign out")}
		if err := site.Desk.LooksAfter(r.Context(), person); err != nil {
			s.refuse(w, r, v, err)
			return
		}
		s.inTurn(s.looks, func(w http.ResponseWriter, r *http.Request) { answer(w, r, v) })(w, r)
	}
}

// signOut ends a session. It has to be asked for by a form of these pages.
func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	if _, ready := s.o.Site(); !ready {
		s.starting(w)
		return
	}
	if secret := s.cookieOf(r, sessionCookie); secret != "" {
		if !equal(r.PostFormValue("token"), derived(secret, "sign out")) {
			s.explain(w, http.StatusForbidden, "This form is from an earlier visit. Go back, and press Sign out once more.")
			return
		}
		if err := s.o.Sessions.EndSession(r.Context(), hashOf(secret)); err != nil {
			s.fail(w, r, err)
			return
		}
	}
	http.SetCookie(w, s.cookie(sessionCookie, "", 0))
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
}

// starting tells that the program is not ready yet.
func (s *Server) starting(w http.ResponseWriter) {
	s.explain(w, http.StatusServiceUnavailable, "The program is starting. Please try again in a moment.")
}

// fail tells that something did not work, and logs what.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	s.o.Log.Warn("a web page could not be shown", "path", pathOf(r), "error", err)
	sentence := "Our database is not answering. Please try again in a minute."
	if ticket.CodeOf(err) != "" {
		sentence = ticket.SentenceOf(err)
	}
	s.explain(w, http.StatusServiceUnavailable, sentence)
}

// pathOf is a request's path for the log: without what was asked for, which may be words of people.
func pathOf(r *http.Request) string { return fmt.Sprintf("%.60s", r.URL.Path) }

// statuses of errors that a person is told.
var statuses = map[ticket.Code]int{
	ticket.Unknown: http.StatusNotFound, ticket.Forbidden: http.StatusForbidden, ticket.Invalid: http.StatusBadRequest,
}

// refuse tells somebody who is signed in why they do not see something.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, v visit, err error) {
	status, known := statuses[ticket.CodeOf(err)]
	if !known {
		s.fail(w, r, err)
		return
	}
	s.show(w, r, v, status, page{Template: "message", Title: "Not here", Content: ticket.SentenceOf(err)})
}
