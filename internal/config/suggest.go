package config

import "strings"

// suggest returns the candidate that name was most likely meant to be, or "". A name
// without its section ("zone" for "digest.zone") counts as near.
func suggest(name string, candidates []string) string {
	best, nearest := "", 3
	for _, candidate := range candidates {
		d := distance(name, candidate)
		if strings.HasSuffix(candidate, "."+name) {
			d = 1
		}
		if d < nearest && d < len(name) {
			best, nearest = candidate, d
		}
	}
	return best
}

// distance is the number of letters to insert, delete or replace (Levenshtein). For names
// with very different lengths it returns the difference of the lengths, which is cheaper
// and never more than the distance.
func distance(a, b string) int {
	if gap := max(len(a)-len(b), len(b)-len(a)); gap > 2 {
		return gap
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
