package openid

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"supporty/internal/dev/slacksim/wire"
)

// keyID names the key by which tokens are signed.
const keyID = "sim-1"

// key is made at the first use, because that takes a while and few tests sign in.
var key = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func (p *Provider) serveKeys(w http.ResponseWriter, _ *http.Request) {
	k, err := key()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: k.Public(), KeyID: keyID, Algorithm: "RS256", Use: "sig"}}})
}

// serveToken exchanges a code. As all of Slack's methods it answers a refusal with 200.
func (p *Provider) serveToken(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	g, why := p.exchange(r)
	if why != "" {
		answer(w, wire.Object{"ok": false, "error": why})
		return
	}
	token, err := p.sign(g)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, wire.Object{"ok": true, "access_token": "xoxp-" + wire.RandomHex(16), "token_type": "Bearer", "id_token": token})
}

// exchange takes a code, which can be done once.
func (p *Provider) exchange(r *http.Request) (g *grant, refusal string) {
	id, secret := r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	if basicID, basicSecret, ok := r.BasicAuth(); ok {
		id, secret = basicID, basicSecret
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	g = p.codes[r.PostFormValue("code")]
	switch {
	case id != p.cfg.ClientID:
		return nil, "invalid_client_id"
	case secret != p.cfg.ClientSecret:
		return nil, "bad_client_secret"
	case g == nil || p.cfg.Now().Sub(g.at) > codeLife:
		return nil, "invalid_code"
	case g.used:
		return nil, "code_already_used"
	case g.redirect != r.PostFormValue("redirect_uri"):
		return nil, "bad_redirect_uri"
	}
	g.used = true
	return g, ""
}

// sign makes the token that says who somebody is. It holds for five minutes, as in Slack's example.
func (p *Provider) sign(g *grant) (string, error) {
	k, err := key()
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: k, KeyID: keyID}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	now := p.cfg.Now()
	signed, err := signer.Sign(wire.Encode(wire.Object{
		"iss": p.url, "sub": g.person, "aud": p.cfg.ClientID, "nonce": g.nonce,
		"iat": now.Unix(), "auth_time": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"https://slack.com/team_id": g.team, "https://slack.com/user_id": g.person,
	}))
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

func answer(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(what) // an error means that the caller is gone
}

func fields(scopes string) []string {
	return strings.FieldsFunc(scopes, func(r rune) bool { return r == ' ' || r == ',' })
}
