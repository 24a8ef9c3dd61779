package pgdev

import "log/slog"

// Config says where a server keeps its data and how it runs.
type Config struct {
	// Dir holds the data, in the folder "data", and the server's log, in
	// "server.log". It is created with mode 0700 and never removed. When the
	// process is root, the server runs as another user, and every folder above
	// Dir must let that user through; Start says so if one does not.
	Dir string
	// Log hears what is done and how long it took. Nil is silence.
	Log *slog.Logger
	// Fast gives up durability for speed: fsync, synchronous_commit and
	// full_page_writes are off. For tests only.
	Fast bool
	// Settings are further server settings by name, such as
	// "max_connections": "200". They win over those of this package. An adopted
	// server keeps the settings it was started with.
	Settings map[string]string
}
