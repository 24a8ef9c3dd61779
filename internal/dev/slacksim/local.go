package slacksim

import (
	"fmt"
	"net"
	"net/http"
	"strings"
)

// CheckLocal refuses addresses that other machines can reach: whoever reaches the
// server can be everybody in the workspace. The empty address is this machine's.
func CheckLocal(addr string) error {
	if addr == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("an address is host:port, such as 127.0.0.1:8080, not %q", addr)
	}
	if isLocal(host) {
		return nil
	}
	return fmt.Errorf("whoever reaches the simulated Slack can be everybody in it, so it listens on this machine only: choose 127.0.0.1 rather than %q", host)
}

func isLocal(host string) bool {
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// onlyLocal answers requests that call the server by a name of this machine. A page of
// another site can have its own name lead here (DNS rebinding); it would then count as
// the same site, and could be everybody.
func onlyLocal(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		if !isLocal(host) {
			http.Error(w, "Call it 127.0.0.1 or localhost: other names are refused.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
