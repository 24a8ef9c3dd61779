package demo

import (
	"fmt"
	"net"
	"strconv"

	"supporty/internal/config"
)

// addressBeside is where the web page for leads listens: at the port after that of the workspace
// if it is free, so that it is the same at the next start, or else at any free one.
func addressBeside(workspace string) (string, error) {
	if host, port, err := net.SplitHostPort(workspace); err == nil {
		if n, err := strconv.Atoi(port); err == nil && n > 0 {
			if beside, err := free(net.JoinHostPort(host, strconv.Itoa(n+1))); err == nil {
				return beside, nil
			}
		}
	}
	return free("127.0.0.1:0")
}

// free returns an address at which nobody listens.
func free(address string) (string, error) {
	l, err := net.Listen("tcp", address) //nolint:noctx // listens at once or not at all
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// http is the web page for leads, on this machine.
func (e *environment) http() config.HTTP {
	return config.HTTP{Addr: e.pages, PublicURL: "http://" + e.pages}
}
