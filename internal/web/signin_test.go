package web

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// issuer is a Slack that says what a test wants.
type issuer struct {
	url    string
	signs  *rsa.PrivateKey
	claims map[string]any
	status int
	answer map[string]any // in place of a token
}

func newIssuer(t *testing.T, key *rsa.PrivateKey) *issuer {
	t.Helper()
	i := &issuer{signs: key, status: http.StatusOK}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	i.url = server.URL
	reply := func(w http.ResponseWriter, what any) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(i.status)
		_ = json.NewEncoder(w).Encode(what)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, map[string]any{
			"issuer": i.url, "authorization_endpoint": i.url + "/authorize", "token_endpoint": i.url + "/token", "jwks_uri": i.url + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		if i.answer != nil {
			reply(w, i.answer)
			return
		}
		reply(w, map[string]any{"ok": true, "access_token": "xoxp-1", "token_type": "Bearer", "id_token": i.token(t)})
	})
	return i
}

func (i *issuer) token(t *testing.T) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: i.signs, KeyID: "k"}}, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	payload, err := json.Marshal(i.claims)
	if err != nil {
		t.Error(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return text
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Only a token of Slack, for this app, this browser, this workspace and this time says who somebody is.
func TestWhatATokenHasToSay(t *testing.T) {
	t.Parallel()
	const secret, team = "browser-secret", "T0ACME1"
	now := time.Date(2026, 11, 16, 10, 0, 0, 0, time.UTC)
	ours, another := newKey(t), newKey(t)
	for name, test := range map[string]struct {
		claims map[string]any // over the right ones
		key    *rsa.PrivateKey
		answer map[string]any
		status int
		want   error
	}{
		"the right one":              {},
		"another issuer":             {claims: map[string]any{"iss": "https://evil.example"}, want: errRefused},
		"for another app":            {claims: map[string]any{"aud": "9.9"}, want: errRefused},
		"for another browser":        {claims: map[string]any{"nonce": derived("other", "nonce")}, want: errRefused},
		"without a nonce":            {claims: map[string]any{"nonce": ""}, want: errRefused},
		"of another team":            {claims: map[string]any{claimTeam: "T0OTHER1"}, want: errTeam},
		"of no team":                 {claims: map[string]any{claimTeam: nil}, want: errTeam},
		"of nobody":                  {claims: map[string]any{claimUser: ""}, want: errRefused},
		"that is over":               {claims: map[string]any{"exp": now.Add(-time.Second).Unix()}, want: errRefused},
		"by another key":             {key: another, want: errRefused},
		"no token":                   {answer: map[string]any{"ok": true, "access_token": "xoxp-1"}, want: errRefused},
		"no signature":               {answer: map[string]any{"access_token": "x", "id_token": "eyJhbGciOiJub25lIn0.e30."}, want: errRefused},
		"a code that counts no more": {answer: map[string]any{"ok": false, "error": "invalid_code"}, want: errRefused},
		"Slack is away":              {answer: map[string]any{}, status: http.StatusBadGateway, want: errAway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := newIssuer(t, ours)
			s := newSignIn(Options{PublicURL: "https://support.example.com", Issuer: i.url, ClientID: "1.2", ClientSecret: "s", Real: func() time.Time { return now }})
			address, err := s.address(t.Context(), secret, team)
			if err != nil {
				t.Fatal(err)
			}
			asks(t, address, map[string]string{
				"client_id": "1.2", "scope": "openid", "response_type": "code", "team": team, "redirect_uri": "https://support.example.com/sign-in/callback",
				"state": derived(secret, "state"), "nonce": derived(secret, "nonce"),
			})
			i.claims = map[string]any{
				"iss": i.url, "aud": "1.2", "sub": "U0DANA1", "nonce": derived(secret, "nonce"), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
				claimTeam: team, claimUser: "U0DANA1",
			}
			maps.Copy(i.claims, test.claims)
			if i.answer = test.answer; test.status != 0 {
				i.status = test.status
			}
			if test.key != nil {
				i.signs = test.key
			}
			person, err := s.person(t.Context(), "code", secret, team)
			if !errors.Is(err, test.want) || (err == nil) != (person == "U0DANA1") {
				t.Errorf("%q, %v", person, err)
			}
		})
	}
}

func asks(t *testing.T, address string, want map[string]string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		if got := u.Query().Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

// A Slack that does not answer is asked again at the next sign-in.
func TestSlackIsAskedAgain(t *testing.T) {
	t.Parallel()
	i := newIssuer(t, newKey(t))
	s := newSignIn(Options{Issuer: i.url, ClientID: "1.2", Real: time.Now})
	i.status = http.StatusServiceUnavailable
	if _, err := s.address(t.Context(), "x", "T1"); !errors.Is(err, errAway) {
		t.Errorf("%v", err)
	}
	i.status = http.StatusOK
	if _, err := s.address(t.Context(), "x", "T1"); err != nil {
		t.Error(err)
	}
}

// Over https, cookies are of this host alone; over http they cannot be marked so.
func TestCookies(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://support.example.com": "__Host-supporty=x; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Lax",
		"http://127.0.0.1:8081":       "supporty=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
	} {
		s, err := New(Options{PublicURL: address})
		if err != nil {
			t.Fatal(err)
		}
		if got := s.cookie(sessionCookie, "x", time.Minute).String(); got != want {
			t.Errorf("%s: %s", address, got)
		}
		h := http.Header{}
		s.protect(h)
		if got := h.Get("Strict-Transport-Security") != ""; got != (address[:5] == "https") {
			t.Errorf("%s: HSTS %v", address, got)
		}
	}
}
