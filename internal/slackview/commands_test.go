package slackview

import "testing"

func TestCommandNear(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"clai": "claim", "cllaim": "claim", "CLAMI": "claim", "clain": "claim", "lists": "list", "list": "list",
		"": "", "clam it": "", "clammy": "", "printer": "", "li": "", "ä": "",
	} {
		if c, ok := CommandNear(word); ok != (want != "") || c.Word != want {
			t.Errorf("%q is near %q, want %q", word, c.Word, want)
		}
	}
}

// Every command tells of itself beginning with its own word, in a whole sentence.
func TestCommandsTellOfThemselves(t *testing.T) {
	t.Parallel()
	for _, c := range Commands {
		if len(c.Example) < len(c.Word) || c.Example[:len(c.Word)] != c.Word || c.Does[len(c.Does)-1] != '.' {
			t.Errorf("%s: %q", c.Word, c.sentence("/support"))
		}
	}
}
