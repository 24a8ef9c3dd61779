package slackview

import (
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestEveryActionIsComplete(t *testing.T) {
	t.Parallel()
	names, forms := map[string]bool{}, map[string]bool{}
	for _, d := range ActionKinds {
		switch {
		case d.Name == "" || names[d.Name]:
			t.Errorf("%q: no name of its own", d.Name)
		case (d.Calls != nil) == (d.Opens != nil):
			t.Errorf("%s: does something at once, or opens a form", d.Name)
		case (d.Opens != nil) != (d.Form != "") || forms[d.Form]:
			t.Errorf("%s: no form of its own, %q", d.Name, d.Form)
		case (d.Sends != nil) != (d.First != ""):
			t.Errorf("%s: what is sent has a field at the top", d.Name)
		case d.Opens != nil && (d.Says != nil || d.Quiet):
			t.Errorf("%s: nothing is done yet when its form stands", d.Name)
		case d.Label == "" && d.Name != ActionHow && d.Name != ActionStars:
			t.Errorf("%s: nothing to stand on its button", d.Name)
		case d.Offered != nil && d.Meaning == "" && d.Name != ActionMore:
			t.Errorf("%s: nothing to say of it in the list", d.Name)
		}
		names[d.Name] = true
		forms[d.Form] = d.Form != ""
	}
}

// Every element that this package renders has a row in the table, and every row is
// rendered somewhere.
func TestEveryActionIsOffered(t *testing.T) {
	t.Parallel()
	samples, err := Samples()
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Glob(samples, "*.json")
	if err != nil {
		t.Fatal(err)
	}
	offered := map[string]bool{}
	for _, file := range files {
		for _, e := range pressable(t, samples, file) {
			name, _, _ := strings.Cut(e[0], suggestionMark)
			if _, _, ours := ParseBelongs(e[0]); ours || e[0] == OfferID || isDutyButton(e[0]) || strings.HasPrefix(e[0], "home_") || e[0] == FoundBackID || e[0] == FoundNextID || e[0] == SolvedBeforeID || strings.HasSuffix(name, inputID("")) {
				continue
			}
			a, err := ParseAction(e[0], e[1])
			if err != nil {
				t.Errorf("%s: %q, %v", file, e, err)
			}
			offered[a.Name] = true
		}
	}
	for _, d := range ActionKinds {
		if !offered[d.Name] {
			t.Errorf("nothing offers %s", d.Name)
		}
	}
}

// pressable lists action_id and value of the elements of a golden file that can be
// pressed or chosen.
func pressable(t *testing.T, samples fs.FS, file string) [][2]string {
	t.Helper()
	raw, err := fs.ReadFile(samples, file)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		t.Fatal(err)
	}
	return pressableIn(decoded)
}

var (
	guideRow   = regexp.MustCompile(`(?m)^\| (\*[^|]*\*) \|`)
	guideLabel = regexp.MustCompile(`\*([^*]+)\*`)
)

// The guide lists the labels of the card's menu, and no label that is not on a button or
// in the menu.
func TestGuideHasTheMenu(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/guide.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, row := range guideRow.FindAllStringSubmatch(string(guide), -1) {
		for _, label := range guideLabel.FindAllStringSubmatch(row[1], -1) {
			told[label[1]] = true
			if actionKindWith(func(d ActionKind) bool { return d.Label == label[1] }).Name == "" {
				t.Errorf("docs/guide.md tells of %s, which is nowhere", label[1])
			}
		}
	}
	for _, d := range ActionKinds {
		if d.Offered != nil && d.Name != ActionMore && !told[d.Label] {
			t.Errorf("docs/guide.md has no line about %s", d.Label)
		}
	}
}

func isDutyButton(id string) bool {
	_, ours := ReadDutyPress(id)
	return ours
}
