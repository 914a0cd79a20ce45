package chart

// Count is how many events one column holds, and how many of them were bad.
type Count struct {
	N, Bad int
}

// Good is the share of good events in [0,1]; false when there were none: an
// empty column is neither good nor bad.
func (c Count) Good() (float64, bool) {
	if c.N <= 0 {
		return 0, false
	}
	return 1 - float64(c.Bad)/float64(c.N), true
}

// Merge adds neighbouring columns together until at most limit are left, and
// returns them with the number of columns that each now stands for (the last
// may stand for fewer). No event is lost: sums are kept.
func Merge(columns []Count, limit int) (merged []Count, factor int) {
	if len(columns) == 0 || limit < 1 {
		return nil, 1
	}
	factor = (len(columns) + limit - 1) / limit
	for i, c := range columns {
		if i%factor == 0 {
			merged = append(merged, Count{})
		}
		last := &merged[len(merged)-1]
		last.N += c.N
		last.Bad += c.Bad
	}
	return merged, factor
}
