package main

import (
	"strings"
	"testing"

	"supporty/internal/build"
)

func TestVersion(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"version", "--version"} {
		var said strings.Builder
		c := rootCommand()
		c.SetArgs([]string{typed})
		c.SetOut(&said)
		if err := c.Execute(); err != nil || said.String() != build.Read().String()+"\n" {
			t.Errorf("%s says %q, %v", typed, said.String(), err)
		}
	}
}
