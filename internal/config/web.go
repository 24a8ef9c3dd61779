package config

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"unicode"
)

// publicURL parses the address of the web page: https, or http on this machine, and nothing
// behind the host.
func publicURL(raw any) (string, error) {
	value, err := text(raw)
	if err != nil || value == "" {
		return "", err
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http":
		return "", errors.New("is not the address of a page; write something like https://support.example.com")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("has something behind the host; the page needs a host of its own, like https://support.example.com")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", errors.New("is not encrypted; write https, because people sign in there (http is for this machine only)")
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func clientSecret(value string) (string, error) {
	if strings.ContainsFunc(value, unicode.IsSpace) {
		return "", errors.New("has a space or a line break in it; copy the secret once more")
	}
	return value, nil
}

// checkWeb finds what the web page lacks.
func (c Config) checkWeb() Problems {
	if c.HTTP.PublicURL == "" {
		return nil
	}
	var problems Problems
	lacks := func(lacking bool, path, want string) {
		if lacking {
			problems = append(problems, Problem{Path: path, Want: want})
		}
	}
	const where = " (api.slack.com/apps, your app, Basic Information); the web page of http.public_url needs it"
	lacks(c.HTTP.Addr == "", "http.addr", "is off; write host:port, because the web page of http.public_url needs it")
	lacks(c.Slack.ClientID == "", "slack.client_id", "is not set; write the app's Client ID"+where)
	lacks(c.Slack.ClientSecret == "", "slack.client_secret", "is not set; write the app's Client Secret, or set "+variable("slack.client_secret")+where)
	return problems
}
