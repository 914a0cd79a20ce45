// Package suggest finds the word that somebody probably meant.
package suggest

// Nearest returns the candidate that is the fewest edits (insert, delete,
// replace, swap of neighbours) away from word, the first of several. It
// reports false when nothing is near enough to be a likely slip: more than a
// third of the word, rounded up, would have to change, or word is longer than
// 64 bytes.
func Nearest(word string, candidates []string) (string, bool) {
	if word == "" || len(word) > longest {
		return "", false
	}
	best, bestAway := "", (len(word)+2)/3+1
	for _, c := range candidates {
		if len(c) > longest {
			continue
		}
		if away := distance(word, c); away < bestAway {
			best, bestAway = c, away
		}
	}
	return best, best != ""
}

// DidYouMean is Nearest as the end of an error message: `; did you mean
// "rate"?`, or empty when nothing is near.
func DidYouMean(word string, candidates []string) string {
	if near, ok := Nearest(word, candidates); ok {
		return `; did you mean "` + near + `"?`
	}
	return ""
}

// longest bounds the work that one comparison can cost.
const longest = 64

// distance is the Damerau-Levenshtein distance in its restricted form
// (optimal string alignment), over bytes.
func distance(a, b string) int {
	before, above := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above = above, row
	}
	return above[len(b)]
}
