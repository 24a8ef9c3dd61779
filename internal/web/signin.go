package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"supporty/internal/ticket"
)

// CallbackPath is where Slack leads people back to. The app's manifest has it as well.
const CallbackPath = "/sign-in/callback"

// Sign-in with Slack is OpenID Connect, with claims of its own for the workspace and the person.
// https://docs.slack.dev/authentication/sign-in-with-slack
const (
	claimTeam = "https://slack.com/team_id"
	claimUser = "https://slack.com/user_id"
)

const (
	signInCookie = "supporty-sign-in"
	signInLasts  = 10 * time.Minute // from the press until Slack leads back
	slackWithin  = 5 * time.Second
)

// signIn asks Slack who somebody is.
type signIn struct {
	o      Options
	client *http.Client

	mu       sync.Mutex
	provider *oidc.Provider // nil until Slack has described itself
}

func newSignIn(o Options) *signIn {
	return &signIn{o: o, client: &http.Client{Timeout: slackWithin}}
}

// Errors of a sign-in, which are told to whoever tries.
var (
	errAway    = errors.New("Slack does not answer")
	errRefused = errors.New("Slack refuses the sign-in")
	errTeam    = errors.New("it is another workspace")
)

// ready returns what Slack says of itself. It is asked once it is needed, and again if it did not
// answer, so that the program starts without it.
func (s *signIn) ready(ctx context.Context) (*oidc.Provider, *oauth2.Config, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.provider == nil {
		p, err := oidc.NewProvider(oidc.ClientContext(ctx, s.client), s.o.Issuer)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %w", errAway, err)
		}
		s.provider = p
	}
	endpoint := s.provider.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // else the library tries both, and a code counts once
	return s.provider, &oauth2.Config{
		ClientID: s.o.ClientID, ClientSecret: s.o.ClientSecret, Endpoint: endpoint,
		RedirectURL: s.o.PublicURL + CallbackPath, Scopes: []string{oidc.ScopeOpenID},
	}, nil
}

// address is where Slack asks somebody to agree. secret is known to their browser alone.
func (s *signIn) address(ctx context.Context, secret, team string) (string, error) {
	_, config, err := s.ready(ctx)
	if err != nil {
		return "", err
	}
	return config.AuthCodeURL(derived(secret, "state"), oidc.Nonce(derived(secret, "nonce")), oauth2.SetAuthURLParam("team", team)), nil
}

// person exchanges a code for the id of who agreed. The token must be Slack's, for this app, for
// this browser's secret, and for the workspace.
func (s *signIn) person(ctx context.Context, code, secret, team string) (string, error) {
	provider, config, err := s.ready(ctx)
	if err != nil {
		return "", err
	}
	ctx = oidc.ClientContext(ctx, s.client)
	token, err := config.Exchange(ctx, code)
	if err != nil {
		return "", exchangeFailed(err)
	}
	raw, _ := token.Extra("id_token").(string)
	verifier := provider.Verifier(&oidc.Config{ClientID: s.o.ClientID, Now: s.o.Real, SupportedSigningAlgs: []string{oidc.RS256}})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return "", fmt.Errorf("%w: %w", errRefused, err)
	}
	return claimed(id, secret, team)
}

// claimed returns who an id token names, if it answers this sign-in.
func claimed(id *oidc.IDToken, secret, team string) (string, error) {
	if !equal(id.Nonce, derived(secret, "nonce")) {
		return "", fmt.Errorf("%w: the nonce is another", errRefused)
	}
	claims := map[string]any{}
	if err := id.Claims(&claims); err != nil {
		return "", fmt.Errorf("%w: %w", errRefused, err)
	}
	user, _ := claims[claimUser].(string)
	switch {
	case team == "" || claims[claimTeam] != team:
		return "", errTeam
	case user == "":
		return "", fmt.Errorf("%w: the token names nobody", errRefused)
	}
	return user, nil
}

// exchangeFailed tells a code that Slack does not take from a Slack that does not answer. What
// Slack says may have the code in it, so only its error code goes on.
func exchangeFailed(err error) error {
	if refusal, ok := errors.AsType[*oauth2.RetrieveError](err); ok && (refusal.ErrorCode != "" || refusal.Response.StatusCode < http.StatusInternalServerError) {
		return fmt.Errorf("%w: %.40q", errRefused, refusal.ErrorCode)
	}
	return errAway
}

// offerSignIn is the page with the button.
func (s *Server) offerSignIn(w http.ResponseWriter, r *http.Request) {
	s.offer(w, http.StatusOK, r.URL.Query().Get("to"), "")
}

// offer shows the button, with a sentence on what happened before, if anything.
func (s *Server) offer(w http.ResponseWriter, status int, to, sentence string) {
	address := "/sign-in/slack"
	if local(to) {
		address += "?to=" + url.QueryEscape(to)
	}
	s.render(w, status, page{Template: "signin", Title: "Sign in", Content: map[string]string{"Address": address, "Sentence": sentence}})
}

// toSlack leads to Slack. The cookie has the secret of which state and nonce are made, and where to
// go afterwards; so nothing is stored for people who never come back.
func (s *Server) toSlack(w http.ResponseWriter, r *http.Request) {
	site, ready := s.o.Site()
	if !ready {
		s.starting(w)
		return
	}
	secret, to := newSecret(), r.URL.Query().Get("to")
	if !local(to) {
		to = "/"
	}
	address, err := s.signIn.address(r.Context(), secret, site.Team)
	if err != nil {
		s.refuseSignIn(w, to, err)
		return
	}
	http.SetCookie(w, s.cookie(signInCookie, secret+"."+url.QueryEscape(to), signInLasts))
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// fromSlack is where Slack leads back to. The cookie counts once.
func (s *Server) fromSlack(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	secret, escaped, _ := strings.Cut(s.cookieOf(r, signInCookie), ".")
	http.SetCookie(w, s.cookie(signInCookie, "", 0))
	to, _ := url.QueryUnescape(escaped)
	if !local(to) {
		to = "/"
	}
	site, ready := s.o.Site()
	switch {
	case secret == "" || !equal(asked.Get("state"), derived(secret, "state")):
		s.offer(w, http.StatusBadRequest, to, "This sign-in did not begin in this browser, or more than ten minutes ago. Please begin again.")
		return
	case asked.Get("code") == "":
		s.offer(w, http.StatusForbidden, to, "You have not signed in.")
		return
	case !ready:
		s.starting(w)
		return
	}
	person, err := s.signIn.person(r.Context(), asked.Get("code"), secret, site.Team)
	if err != nil {
		s.refuseSignIn(w, to, err)
		return
	}
	s.admit(w, r, site, person, to)
}

// admit begins a session for who may see the pages.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, site Site, person, to string) {
	err := site.Desk.LooksAfter(r.Context(), person)
	switch {
	case ticket.CodeOf(err) == ticket.Forbidden:
		s.offer(w, http.StatusForbidden, to, ticket.SentenceOf(err))
		return
	case err == nil:
		err = s.begin(w, r, person)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.o.Log.Info("somebody signed in to the web page", "person", person)
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// refuseSignIn tells why a sign-in failed.
func (s *Server) refuseSignIn(w http.ResponseWriter, to string, err error) {
	s.o.Log.Warn("a sign-in to the web page failed", "error", err)
	switch {
	case errors.Is(err, errTeam):
		s.offer(w, http.StatusForbidden, to, "You signed in to another workspace. Choose the one of this support desk.")
	case errors.Is(err, errRefused):
		s.offer(w, http.StatusBadRequest, to, "Slack did not confirm this sign-in: it was used before, or took too long. Please begin again.")
	default:
		s.offer(w, http.StatusBadGateway, to, "Slack is not answering. Please try again in a minute.")
	}
}
