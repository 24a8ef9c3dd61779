package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed index.html js css vendor kit
var files embed.FS

// types are the content types of what is embedded. They do not come from the
// machine's own table, which may lack them or know them by other names.
var types = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".json": "application/json; charset=utf-8", ".svg": "image/svg+xml",
	".md": "text/plain; charset=utf-8", ".html": "text/html; charset=utf-8",
}

// Sample is a message, modal or Home tab that /kit shows.
type Sample struct {
	Name    string          `json:"name"`    // file name without .json
	Source  string          `json:"source"`  // kit for the page's own, else bot
	Payload json.RawMessage `json:"payload"` // with blocks, or with type modal or home
}

// Handler serves the page at / and /kit, and its parts under /assets/.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", serveIndex)
	mux.HandleFunc("GET /kit", serveIndex)
	mux.HandleFunc("GET /assets/{file...}", serveAsset)
	return mux
}

// Samples returns the page's own samples and those in bot, both by name. Bot
// may be nil; its files that are no JSON object are left out.
func Samples(bot fs.FS) ([]Sample, error) {
	own, err := fs.Sub(files, "kit")
	if err != nil {
		return nil, fmt.Errorf("opening the samples: %w", err)
	}
	samples, err := samplesIn(own, "kit")
	if err != nil || bot == nil {
		return samples, err
	}
	theirs, err := samplesIn(bot, "bot")
	return append(samples, theirs...), err
}

func samplesIn(folder fs.FS, source string) ([]Sample, error) {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, fmt.Errorf("listing the samples: %w", err)
	}
	var samples []Sample
	for _, name := range names {
		content, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("reading the sample %s: %w", name, err)
		}
		if content = bytes.TrimSpace(content); json.Valid(content) && content[0] == '{' {
			samples = append(samples, Sample{Name: strings.TrimSuffix(name, ".json"), Source: source, Payload: content})
		}
	}
	return samples, nil
}

func serveIndex(w http.ResponseWriter, r *http.Request) {
	index, err := files.ReadFile("index.html")
	if err != nil {
		http.Error(w, "the page is missing", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Security-Policy", policy(index))
	serve(w, r, "index.html", index)
}

func serveAsset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	content, err := files.ReadFile(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	serve(w, r, name, content)
}

func serve(w http.ResponseWriter, r *http.Request, name string, content []byte) {
	w.Header().Set("Content-Type", types[path.Ext(name)])
	w.Header().Set("Cache-Control", "no-cache") // a new binary brings a new page
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// policy allows the page its own files and the one inline script, the import
// map, which browsers take inline only.
func policy(index []byte) string {
	_, rest, _ := bytes.Cut(index, []byte(`<script type="importmap">`))
	importMap, _, _ := bytes.Cut(rest, []byte(`</script>`))
	sum := sha256.Sum256(importMap)
	return "default-src 'none'; connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
		"script-src 'self' 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
