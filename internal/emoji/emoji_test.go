package emoji_test

import (
	"strings"
	"testing"

	"supporty/internal/emoji"
)

func TestName(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		"eyes":                    "eyes",
		":eyes:":                  "eyes",
		"thumbsup":                "+1",
		"+1":                      "+1",
		"+1::skin-tone-4":         "+1",
		":thumbsup::skin-tone-2:": "+1",
		"raised_hand":             "hand",
		"heavy_check_mark":        "heavy_check_mark",
		"white_check_mark":        "white_check_mark",
		"hourglass":               "hourglass",
		"hourglass_flowing_sand":  "hourglass_flowing_sand",
		"pencil":                  "memo",
		"party-parrot":            "party-parrot",
		"":                        "",
		"::":                      "",
	} {
		t.Run(written, func(t *testing.T) {
			if got := emoji.Name(written); got != want {
				t.Errorf("%q is %q, want %q", written, got, want)
			}
			if again := emoji.Name(emoji.Name(written)); again != want {
				t.Errorf("%q, named twice, is %q", written, again)
			}
		})
	}
}

func FuzzName(f *testing.F) {
	for _, s := range []string{"eyes", ":+1::skin-tone-3:", "::::", ":a:b:"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if name := emoji.Name(s); strings.Contains(name, "::") || emoji.Name(name) != name {
			t.Errorf("%q is %q", s, name)
		}
	})
}
