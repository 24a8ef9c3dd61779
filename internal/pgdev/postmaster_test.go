//go:build unix

package pgdev

import (
	"strings"
	"testing"
)

const wholePIDFile = "4711\n/srv/pg/data\n1700000000\n5432\n/tmp/supporty-pg-0\n\n   123    45\nready   \n"

func TestParsePIDFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want pidFile
		ok   bool
	}{
		"ready":      {wholePIDFile, pidFile{4711, endpoint{"/tmp/supporty-pg-0", "5432"}, true}, true},
		"starting":   {strings.Replace(wholePIDFile, "ready   ", "starting", 1), pidFile{4711, endpoint{"/tmp/supporty-pg-0", "5432"}, false}, true},
		"half":       {wholePIDFile[:30], pidFile{}, false},
		"empty":      {"", pidFile{}, false},
		"no process": {strings.Replace(wholePIDFile, "4711", "-1", 1), pidFile{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := parsePIDFile(c.text)
			if got != c.want || (err == nil) != c.ok {
				t.Errorf("got %+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

func FuzzParsePIDFile(f *testing.F) {
	f.Add(wholePIDFile)
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := parsePIDFile(text); err == nil && p.pid <= 0 {
			t.Errorf("process id %d", p.pid)
		}
	})
}
