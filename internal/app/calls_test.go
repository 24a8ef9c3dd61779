package app_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"supporty/internal/dev/slacksim"
)

// keepsCalls writes what the bot has called in Slack during a test into the folder that
// SUPPORTY_CALLS names, for Slack's own types to judge (.ci/typecheck): one file a test,
// a call a line.
func (h *harness) keepsCalls() {
	folder := os.Getenv("SUPPORTY_CALLS")
	if folder == "" {
		return
	}
	h.t.Cleanup(func() {
		file, err := os.Create(filepath.Join(folder, strings.ReplaceAll(h.t.Name(), "/", "_")+".jsonl")) //nolint:gosec // a folder of the developer's
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
