package blockkit

import (
	"encoding/json"
	"strings"
	"testing"
)

// Whatever the JSON, there is no panic, each problem points into what was
// sent, and the same input has the same problems.
func FuzzMessage(f *testing.F) {
	seed(f, func(l limit) []byte { return []byte("[" + filled(l) + "]") })
	f.Fuzz(func(t *testing.T, blocks []byte) { checkProblems(t, Message, blocks, "/blocks") })
}

func FuzzView(f *testing.F) {
	seed(f, func(l limit) []byte {
		return []byte(`{"type":"modal",` + title + `,"blocks":[` + filled(l) + `]}`)
	})
	f.Fuzz(func(t *testing.T, view []byte) { checkProblems(t, View, view, "/view") })
}

func seed(f *testing.F, wrap func(limit) []byte) {
	for _, l := range limits {
		f.Add([]byte(filled(l)))
		f.Add(wrap(l))
	}
	for _, odd := range []string{``, `null`, `[null]`, `[[]]`, `{"blocks":[[]]}`, `{"type":"modal","blocks":{}}`, `[{"type":"carousel","elements":[null,{}]}]`, `[{"type":"actions","elements":{"type":"multi_"}}]`} {
		f.Add([]byte(odd))
	}
}

func filled(l limit) string { return strings.ReplaceAll(l.json, "$", l.fill(1)) }

func checkProblems(t *testing.T, validate func(json.RawMessage) []string, input []byte, root string) {
	problems := validate(input)
	for _, p := range problems {
		if p != "only_one_table_allowed" && !strings.Contains(p, " [json-pointer:"+root) {
			t.Errorf("problem %q does not point into %s", p, root)
		}
	}
	if again := validate(input); strings.Join(again, "\n") != strings.Join(problems, "\n") {
		t.Errorf("problems differ the second time: %q, then %q", problems, again)
	}
}
