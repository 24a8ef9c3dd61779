package workspace

import (
	"encoding/json"
	"fmt"
	"slices"

	"supporty/internal/dev/slacksim/layout"
	"supporty/internal/dev/slacksim/wire"
)

// References turns the names of people, channels and dates that somebody picked into
// ids.
func (tx *Tx) References(given []string) []string {
	refs := []string{}
	for _, ref := range given {
		if p := tx.Person(ref); p != nil {
			ref = p.ID
		} else if c := tx.Channel(ref); c != nil {
			ref = c.ID
		}
		refs = append(refs, ref)
	}
	return refs
}

// Chosen finds the files that somebody put into a field. It refuses what the field
// does not take: another type, too many.
func (tx *Tx) Chosen(el layout.Element, ids []string) (any, error) {
	files, err := tx.FilesByID(ids)
	if err != nil {
		return nil, err
	}
	if most, ok := el.Raw["max_files"].(json.Number); ok {
		if n, _ := most.Int64(); int64(len(files)) > n {
			return nil, fmt.Errorf("takes at most %d files", n)
		}
	}
	types, _ := el.Raw["filetypes"].([]any)
	for _, f := range files {
		if len(types) > 0 && !slices.Contains(types, any(f.Filetype)) {
			return nil, fmt.Errorf("takes %v, not %s", types, f.Name)
		}
	}
	return files, nil
}

// IsEmpty says whether a value counts as not filled in.
func IsEmpty(value wire.Object) bool {
	for key, v := range value {
		if key == "type" {
			continue
		}
		list, isList := v.([]any)
		ids, isIDs := v.([]string)
		files, isFiles := v.([]File)
		if v == nil || (isList && len(list) == 0) || (isIDs && len(ids) == 0) || (isFiles && len(files) == 0) {
			continue
		}
		return false
	}
	return true
}
