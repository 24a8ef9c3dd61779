package desk

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// emojiCode is an emoji as Slack writes it into a text.
var emojiCode = regexp.MustCompile(`:[a-z0-9_+'-]+(::skin-tone-[2-6])?:`)

// Thanks are the words of a reply that is mere thanks, in lower case. The zero Thanks
// knows only emoji.
type Thanks struct {
	Words  []string // thanks by themselves
	Beside []string // what may stand beside them
}

// only reports whether a text says nothing but thanks. Emoji alone are thanks as well.
func (t Thanks) only(text string) bool {
	words := strings.FieldsFunc(emojiCode.ReplaceAllString(strings.ToLower(text), " "), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\''
	})
	thanks := false
	for _, w := range words {
		switch {
		case slices.Contains(t.Words, w):
			thanks = true
		case !slices.Contains(t.Beside, w):
			return false
		}
	}
	return thanks || len(words) == 0 && emojiCode.MatchString(text)
}
