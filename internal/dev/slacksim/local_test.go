package slacksim

import (
	"net/http"
	"testing"
)

func TestOnlyThisMachineIsServed(t *testing.T) {
	t.Parallel()
	for addr, ok := range map[string]bool{
		"": true, "127.0.0.1:0": true, "[::1]:8080": true, "localhost:0": true, "127.0.0.2:1": true,
		":0": false, "0.0.0.0:0": false, "[::]:0": false, "192.168.1.5:8080": false, "example.com:80": false, "8080": false,
	} {
		t.Run(addr, func(t *testing.T) {
			if err := CheckLocal(addr); (err == nil) != ok {
				t.Errorf("%q: %v", addr, err)
			}
		})
	}
	if s, err := Start(Config{Addr: "0.0.0.0:0"}); err == nil {
		_ = s.Close()
		t.Error("it listens to other machines")
	}
}

// A page of another site whose name leads to this machine is refused.
func TestOtherNamesAreRefused(t *testing.T) {
	t.Parallel()
	for _, open := range []bool{false, true} {
		s, err := Start(Config{Open: open})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		port := s.URL()[len("http://127.0.0.1"):]
		for host, ok := range map[string]bool{
			"127.0.0.1" + port: true, "localhost" + port: true, "[::1]" + port: true, "LOCALHOST": true,
			"evil.example" + port: open, "localhost.evil.example" + port: open, "127.0.0.1.evil.example": open, "192.168.1.5": open,
		} {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL()+"/sim/v1/state", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Host = host
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if (res.StatusCode == http.StatusOK) != ok {
				t.Errorf("open: %v, %s: %s", open, host, res.Status)
			}
		}
	}
}
