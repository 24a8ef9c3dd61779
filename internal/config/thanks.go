package config

import (
	"maps"
	"slices"
	"strings"
)

// Thanks are the words of a reply that is mere thanks. A requester who writes nothing
// else after the end is not asked whether the problem goes on.
type Thanks struct {
	// Words are thanks by themselves; in lower case.
	Words []string
	// Beside are words that may stand beside them.
	Beside []string
}

// thanks are these words by language. A word that can also mean that something is wrong
// does not belong here.
var thanks = map[string]struct{ words, beside string }{
	"de": {"danke dankeschön dank merci super perfekt prima klasse läuft", "vielen lieben herzlichen tausend ok okay alles gut jetzt euch dir für die hilfe schnelle"},
	"en": {"thanks thank thx ty tysm cheers great perfect awesome brilliant amazing works ok okay", "you a lot so much very many now all good for the help your quick fast it nice"},
	"es": {"gracias perfecto genial vale funciona ok", "muchas mil ya ahora todo bien por la ayuda"},
	"fr": {"merci parfait génial super marche ok", "beaucoup mille ça maintenant tout est bon bien pour votre ton aide"},
	"it": {"grazie perfetto ottimo funziona ok", "mille tante ora adesso tutto bene per l'aiuto"},
	"nl": {"dank bedankt top super perfect werkt ok", "je jullie wel heel erg nu alles goed hartelijk"},
	"pl": {"dzięki dziękuję super działa ok", "bardzo wielkie już teraz wszystko dobrze"},
	"pt": {"obrigado obrigada perfeito ótimo funciona ok", "muito agora já tudo bem pela ajuda"},
	"sv": {"tack tackar perfekt toppen fungerar ok", "så mycket nu allt bra"},
}

// Thanks returns the words of thanks in the languages of the settings.
func (c Config) Thanks() Thanks {
	var all Thanks
	for _, language := range c.Languages {
		all.Words = append(all.Words, strings.Fields(thanks[language].words)...)
		all.Beside = append(all.Beside, strings.Fields(thanks[language].beside)...)
	}
	return all
}

// languages are those in which the bot understands thanks.
func languages() []named[string] {
	var all []named[string]
	for _, code := range slices.Sorted(maps.Keys(thanks)) {
		all = append(all, choice(code, code))
	}
	return all
}
