package config

import "strings"

// searchLanguages are the text search configurations that every Postgres from 15 on has.
// https://www.postgresql.org/docs/15/textsearch-psql.html
func searchLanguages() []named[string] {
	var all []named[string]
	for name := range strings.FieldsSeq(`arabic armenian basque catalan danish dutch english finnish french
		german greek hindi hungarian indonesian irish italian lithuanian nepali norwegian portuguese romanian
		russian serbian spanish swedish tamil turkish yiddish simple`) {
		all = append(all, choice(name, name))
	}
	return all
}
