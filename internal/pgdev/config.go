package pgdev

import "log/slog"

// Config is the data directory of a server and the way it runs.
type Config struct {
	// Dir has the data, in the directory "data", and the server's log, in "server.log".
	// It is created with mode 0700 and never removed. If the process is root, the server
	// runs as another user, and every directory above Dir must let that user through.
	// Start returns an error that names one that does not.
	Dir string
	// Log receives the steps and how long they took. Nil is silence.
	Log *slog.Logger
	// Fast gives up durability for speed: fsync, synchronous_commit and full_page_writes
	// are off. For tests only.
	Fast bool
	// Settings are further server settings by name, such as "max_connections": "200".
	// They override those of this package. An adopted server keeps the settings of its
	// start.
	Settings map[string]string
}
