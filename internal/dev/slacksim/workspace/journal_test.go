package workspace

import "testing"

func TestJournalForgetsTheOldest(t *testing.T) {
	t.Parallel()
	j := newJournal()
	for range 2*keepEntries + 5 {
		j.Add(Entry{})
	}
	if j.Last() != 2*keepEntries+5 {
		t.Errorf("the last is %d", j.Last())
	}
	if list := j.After(0); len(list) != keepEntries+5 || list[0].Seq != keepEntries+1 {
		t.Errorf("%d entries are kept, the first is %d", len(list), list[0].Seq)
	}
	if list := j.After(j.Last() - 1); len(list) != 1 || list[0].Seq != j.Last() {
		t.Errorf("after the last but one: %d entries", len(list))
	}
}
