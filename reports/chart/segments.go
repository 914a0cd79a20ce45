package chart

// Span is one part of a whole that is drawn as a stacked bar.
type Span struct {
	// Known is false for a part whose length was not observed.
	Known bool
	// Length is >= 0 in any unit; ignored when not Known.
	Length float64
	// Resolution is how far Length may be off, in the same unit.
	Resolution float64
}

// Segment is where a Span lies in the bar.
type Segment struct {
	// First and Last are the indexes of the spans that the segment stands
	// for: neighbours that are not known share one.
	First, Last int
	Known       bool
	X, Width    float64
	// WhiskerFrom and WhiskerTo are the ends of the resolution whisker around
	// the segment's end; equal when there is nothing to show.
	WhiskerFrom, WhiskerTo float64
}

// unknownShare is the least share of the bar that an unknown part gets: it
// must be seen, whatever the known parts leave.
const unknownShare = 0.12

// maxUnknown is the most that all unknown parts may take: the known ones must
// be seen too.
const maxUnknown = 0.95

// Stack lays spans out side by side over [x, x+width]. Known spans are drawn
// to one scale. Unknown ones share what the known ones leave of total, and get
// at least a visible piece; total <= 0 means that the whole is not known
// either. Known spans of length 0 get no width: they are named beside the bar.
func Stack(spans []Span, total, x, width float64) []Segment {
	groups, known := group(spans)
	unknown := 0
	for _, g := range groups {
		if !g.Known {
			unknown++
		}
	}
	rest := max(total-known, 0)
	free := 0.0 // width for all unknown parts together
	if unknown > 0 {
		free = width
		if known > 0 {
			share := rest / (known + rest)
			free = width * min(max(share, unknownShare*float64(unknown)), maxUnknown)
		}
	}
	scale := 0.0
	if known > 0 {
		scale = (width - free) / known
	}
	at := x
	for i := range groups {
		g := &groups[i]
		g.X = at
		if !g.Known {
			g.Width = free / float64(unknown)
			at += g.Width
			g.WhiskerFrom, g.WhiskerTo = at, at
			continue
		}
		s := spans[g.First]
		g.Width = s.Length * scale
		at += g.Width
		g.WhiskerFrom = max(at-s.Resolution*scale, x)
		g.WhiskerTo = min(at+s.Resolution*scale, x+width)
	}
	return groups
}

// group joins neighbouring unknown spans and sums the known lengths.
func group(spans []Span) (groups []Segment, known float64) {
	for i, s := range spans {
		if n := len(groups); !s.Known && n > 0 && !groups[n-1].Known {
			groups[n-1].Last = i
			continue
		}
		groups = append(groups, Segment{First: i, Last: i, Known: s.Known})
		if s.Known {
			known += s.Length
		}
	}
	return groups, known
}
