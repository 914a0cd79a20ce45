package matchers

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/fournines/fournines/harness"
)

// percent writes a fraction as a percentage, as short as it is exact to four
// digits.
func percent(fraction float64) string {
	return strconv.FormatFloat(fraction*100, 'g', 4, 64) + " %"
}

// classList is "30 timeout, 7 refused", the most frequent first.
func classList(classes map[harness.Class]int) string {
	order := slices.SortedFunc(maps.Keys(classes), func(a, b harness.Class) int {
		return cmp.Or(cmp.Compare(classes[b], classes[a]), cmp.Compare(a, b))
	})
	words := make([]string, len(order))
	for i, c := range order {
		words[i] = fmt.Sprintf("%d %s", classes[c], c)
	}
	return strings.Join(words, ", ")
}
