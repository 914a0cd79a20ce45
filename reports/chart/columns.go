package chart

// Columns draws one column per count over the width of x, which maps column
// index 0..len(columns) to coordinates, between y(0) and y(1). good holds the
// good share from the bottom up; bad holds the bad share from the top down,
// at least minBad high and wide, so that a single bad event among thousands
// is still seen. Empty columns are left out of both.
func Columns(columns []Count, x, y Linear, minBad float64) (good, bad string) {
	var g, b Path
	for i := 0; i < len(columns); {
		share, any := columns[i].Good()
		if !any {
			i++
			continue
		}
		// Neighbours of one height are one rectangle: smaller, and no seams.
		j := i + 1
		for j < len(columns) {
			if s, ok := columns[j].Good(); !ok || s != share {
				break
			}
			j++
		}
		x0, x1 := x.At(float64(i)), x.At(float64(j))
		g.Rect(x0, y.At(share), x1-x0, y.At(0)-y.At(share))
		if share < 1 {
			h := max(y.At(share)-y.At(1), minBad)
			b.Rect(x0, y.At(1), max(x1-x0, minBad), h)
		}
		i = j
	}
	return g.String(), b.String()
}
