// Package openid plays "Sign in with Slack": its discovery, the page on which people agree,
// codes, tokens and keys, as docs.slack.dev/authentication/sign-in-with-slack describes them. In
// place of a password, whoever sees the page chooses who they are.
package openid

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"supporty/internal/dev/slacksim/wire"
	"supporty/internal/dev/slacksim/workspace"
)

// Config is the app's registration.
type Config struct {
	ClientID, ClientSecret string
	Redirects              []string // the redirect addresses of the app; nil means any on this machine
	Now                    func() time.Time
}

// Provider signs people in to other pages.
type Provider struct {
	cfg   Config
	store *workspace.Store
	url   string

	mu    sync.Mutex
	codes map[string]*grant
}

// grant is what a person agreed to.
type grant struct {
	person, team, nonce, redirect string
	at                            time.Time
	used                          bool
}

// codeLife is how long a code can be exchanged.
// docs.slack.dev/authentication/installing-with-oauth
const codeLife = 10 * time.Minute

// New makes the provider of a workspace that is reached at url.
func New(store *workspace.Store, url string, cfg Config) *Provider {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Provider{cfg: cfg, store: store, url: url, codes: map[string]*grant{}}
}

// Routes adds what browsers and the app call.
func (p *Provider) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /.well-known/openid-configuration", p.serveDiscovery)
	mux.HandleFunc("GET /openid/connect/authorize", p.serveAuthorize)
	mux.HandleFunc("GET /openid/connect/keys", p.serveKeys)
	mux.HandleFunc("POST /api/openid.connect.token", p.serveToken)
}

func (p *Provider) serveDiscovery(w http.ResponseWriter, _ *http.Request) {
	answer(w, wire.Object{
		"issuer": p.url, "authorization_endpoint": p.url + "/openid/connect/authorize",
		"token_endpoint": p.url + "/api/openid.connect.token", "userinfo_endpoint": p.url + "/api/openid.connect.userInfo",
		"jwks_uri": p.url + "/openid/connect/keys", "scopes_supported": []string{"openid", "profile", "email"},
		"response_types_supported": []string{"code"}, "response_modes_supported": []string{"form_post"},
		"grant_types_supported": []string{"authorization_code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "claims_supported": []string{"sub", "auth_time", "iss"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
	})
}

// serveAuthorize shows who one can be, or leads back as the person who was chosen.
func (p *Provider) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	if why := p.wrong(asked); why != "" {
		http.Error(w, why, http.StatusBadRequest)
		return
	}
	if asked.Get("as") == "" {
		p.choose(w, asked)
		return
	}
	back, _ := url.Parse(asked.Get("redirect_uri")) // was checked
	query := back.Query()
	query.Set("state", asked.Get("state"))
	if code := p.agree(asked); code != "" {
		query.Set("code", code)
	} else {
		query.Set("error", "access_denied")
	}
	back.RawQuery = query.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

// wrong says what Slack would refuse; "" for nothing.
func (p *Provider) wrong(asked url.Values) string {
	switch {
	case asked.Get("client_id") != p.cfg.ClientID:
		return "invalid_client_id"
	case !p.mayReturn(asked.Get("redirect_uri")):
		return "bad_redirect_uri"
	case asked.Get("response_type") != "code":
		return "invalid_response_type"
	case !slices.Contains(fields(asked.Get("scope")), "openid"):
		return "invalid_scope"
	}
	return ""
}

func (p *Provider) mayReturn(address string) bool {
	if p.cfg.Redirects != nil {
		return slices.Contains(p.cfg.Redirects, address)
	}
	to, err := url.Parse(address)
	return err == nil && slices.Contains([]string{"127.0.0.1", "localhost", "::1"}, to.Hostname())
}

// agree makes a code for a person; "" if there is no such person.
func (p *Provider) agree(asked url.Values) (code string) {
	g := &grant{nonce: asked.Get("nonce"), redirect: asked.Get("redirect_uri"), at: p.cfg.Now()}
	p.store.View(func(tx *workspace.Tx) {
		if person := tx.Person(asked.Get("as")); person != nil && !person.Bot && !person.Deactivated {
			g.person, g.team = person.ID, cmp.Or(person.TeamID, tx.Team.ID)
		}
	})
	if g.person == "" {
		return ""
	}
	code = wire.RandomHex(16)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.codes[code] = g
	return code
}
