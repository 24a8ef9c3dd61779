package slacksim

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// A code is for who was chosen, and counts once; what the app has not registered is refused.
func TestSignIn(t *testing.T) {
	t.Parallel()
	const back = "http://127.0.0.1:1/back"
	s := startSignIn(t, SignIn{ClientID: "1.2", ClientSecret: "x", Redirects: []string{back}})
	asked := url.Values{"client_id": {"1.2"}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"openid"}, "state": {"s"}, "nonce": {"n"}}
	if status, page := s.gets(asked); status != http.StatusOK || !strings.Contains(page, "Sign in as Bob") {
		t.Errorf("%d: %s", status, page)
	}
	for name, value := range map[string]string{"client_id": "9", "redirect_uri": "http://127.0.0.1:2/", "scope": "email", "response_type": "token"} {
		wrong := url.Values{}
		for n, v := range asked {
			wrong[n] = v
		}
		wrong.Set(name, value)
		if status, _ := s.gets(wrong); status != http.StatusBadRequest {
			t.Errorf("%s %s: %d", name, value, status)
		}
	}
	asked.Set("as", "bob")
	code := s.agrees(asked)
	exchange := url.Values{"client_id": {"1.2"}, "client_secret": {"x"}, "code": {code}, "redirect_uri": {back}}
	for _, want := range []struct{ name, value, says string }{
		{"client_id", "9", "invalid_client_id"}, {"client_secret", "y", "bad_client_secret"}, {"code", "z", "invalid_code"}, {"redirect_uri", "http://127.0.0.1:2/", "bad_redirect_uri"},
		{"", "", ""}, {"", "", "code_already_used"},
	} {
		wrong := url.Values{}
		for n, v := range exchange {
			wrong[n] = v
		}
		if want.name != "" {
			wrong.Set(want.name, want.value)
		}
		got := s.exchanges(wrong)
		if said, _ := got["error"].(string); said != want.says || (got["id_token"] != nil) != (want.says == "") {
			t.Errorf("%s %s: %v", want.name, want.value, got)
		}
	}
}

type signingIn struct {
	t      *testing.T
	server *Server
	client *http.Client
}

func startSignIn(t *testing.T, app SignIn) *signingIn {
	t.Helper()
	server, err := Start(Config{SignIn: app})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return &signingIn{t, server, &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (s *signingIn) do(method, path string, form url.Values) (*http.Response, string) {
	s.t.Helper()
	request, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := s.client.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, string(body)
}

func (s *signingIn) gets(asked url.Values) (int, string) {
	s.t.Helper()
	response, body := s.do(http.MethodGet, "/openid/connect/authorize?"+asked.Encode(), nil)
	return response.StatusCode, body
}

func (s *signingIn) agrees(asked url.Values) (code string) {
	s.t.Helper()
	response, _ := s.do(http.MethodGet, "/openid/connect/authorize?"+asked.Encode(), nil)
	to, err := url.Parse(response.Header.Get("Location"))
	if err != nil || to.Query().Get("state") != "s" || to.Query().Get("code") == "" {
		s.t.Fatalf("led back to %v, %v", to, err)
	}
	return to.Query().Get("code")
}

func (s *signingIn) exchanges(form url.Values) map[string]any {
	s.t.Helper()
	_, body := s.do(http.MethodPost, "/api/openid.connect.token", form)
	var got map[string]any
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		s.t.Fatal(err, body)
	}
	return got
}
