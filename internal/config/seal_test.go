package config_test

import (
	"bytes"
	"strings"
	"testing"

	"supporty/internal/config"
)

func TestSealedTextIsForTheSecretAlone(t *testing.T) {
	t.Parallel()
	s := config.Secret("xoxb-1")
	for _, text := range []string{"", "hunter2", strings.Repeat("é", 5000)} {
		sealed := s.Seal(text)
		if got, err := s.Open(sealed); got != text || err != nil {
			t.Errorf("opened: %q, %v", got, err)
		}
		if text != "" && bytes.Contains(sealed, []byte(text)) || bytes.Equal(sealed, s.Seal(text)) {
			t.Errorf("%q can be recognised", text)
		}
		sealed[len(sealed)-1]++
		for _, wrong := range [][]byte{sealed, config.Secret("xoxb-2").Seal(text), nil, {1, 2}} {
			if got, err := s.Open(wrong); got != "" || err == nil {
				t.Errorf("opened what is not its own: %q", got)
			}
		}
	}
}
