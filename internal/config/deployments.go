package config

import (
	"errors"
	"strings"

	"supporty/internal/deploy"
)

// leastToken is the shortest token that nobody guesses, in characters.
const leastToken = 20

// ownToken parses a token that an operator has made up; it may be empty.
func ownToken(value string) (string, error) {
	odd := func(r rune) bool { return r < '!' || r > '~' }
	if value != "" && (len(value) < leastToken || strings.ContainsFunc(value, odd)) {
		return "", errors.New("is not a token of at least 20 printable characters; make one with: openssl rand -hex 24")
	}
	return value, nil
}

// DeploymentRules say which deployments incidents are tied to.
func (c Config) DeploymentRules() deploy.Rules {
	rules := deploy.Rules{Services: map[string]string{}, Window: c.Deployments.Window}
	for _, own := range c.Categories {
		if own.Service != "" {
			rules.Services[own.Name] = own.Service
		}
	}
	return rules
}

// IncidentCategories are the categories whose tickets are incidents.
func (c Config) IncidentCategories() (names []string) {
	for _, own := range c.Categories {
		if own.Incident {
			names = append(names, own.Name)
		}
	}
	return names
}
