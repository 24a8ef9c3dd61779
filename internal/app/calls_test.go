package app_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"supporty/internal/dev/slacksim"
)

// keepsCalls writes the bot's calls to Slack during a test into the directory that
// SUPPORTY_CALLS names. .ci/typecheck checks them against Slack's own types. There is one
// file for each test, and one line for each call.
func (h *harness) keepsCalls() {
	folder := os.Getenv("SUPPORTY_CALLS")
	if folder == "" {
		return
	}
	h.t.Cleanup(func() {
		file, err := os.Create(filepath.Join(folder, strings.ReplaceAll(h.t.Name(), "/", "_")+".jsonl")) //nolint:gosec // the developer chooses the directory
		if err != nil {
			h.t.Error(err)
			return
		}
		defer func() { _ = file.Close() }()
		entries, err := h.slack.Journal(context.WithoutCancel(h.ctx), 0)
		if err != nil {
			h.t.Error(err)
			return
		}
		calls := json.NewEncoder(file)
		for _, e := range entries {
			if e.Kind == slacksim.KindCall {
				_ = calls.Encode(map[string]any{"method": e.Method, "args": e.Args})
			}
		}
	})
}
