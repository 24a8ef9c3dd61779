package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"supporty/internal/config"
)

func TestSecretNeverPrints(t *testing.T) {
	t.Parallel()
	const text = "xoxb-sekrit"
	cfg := config.Default()
	cfg.Slack.BotToken = text
	cfg.Database.URL = text
	printed := map[string]string{"JSON": marshal(t, json.Marshal, cfg), "YAML": marshal(t, yaml.Marshal, cfg.Slack), "slog": logged(cfg)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
		printed[verb] = fmt.Sprintf(verb, cfg)
		printed[verb+" of the secret"] = fmt.Sprintf(verb, cfg.Slack.BotToken)
	}
	for how, out := range printed {
		if strings.Contains(out, "sekrit") || strings.Contains(out, fmt.Sprintf("%x", text)) {
			t.Errorf("%s shows the secret: %s", how, out)
		}
		if !strings.Contains(out, "[set]") {
			t.Errorf("%s does not say that the secret is set: %s", how, out)
		}
	}
	if got := cfg.Slack.BotToken.Reveal(); got != text {
		t.Errorf("Reveal() = %q, want %q", got, text)
	}
	if got := config.Secret("").String(); got != "[not set]" {
		t.Errorf("an empty secret prints %q", got)
	}
}

func marshal(t *testing.T, with func(any) ([]byte, error), value any) string {
	t.Helper()
	out, err := with(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func logged(cfg config.Config) string {
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("", "token", cfg.Slack.BotToken, "config", cfg)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("", "token", cfg.Slack.BotToken, "config", cfg)
	return out.String()
}
