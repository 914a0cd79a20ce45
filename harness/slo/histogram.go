package slo

import (
	"fmt"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Range and precision of a Histogram: 1 µs to 2 min, 3 significant digits
// (relative error of a quantile <= 0.1 %).
const (
	histogramMin    = 1
	histogramMax    = int64(2 * time.Minute / time.Microsecond)
	histogramDigits = 3
)

// Histogram is a distribution of durations, kept as a High Dynamic Range
// histogram in microseconds. Its text form is the HDR V2 compressed encoding
// in base64, as read by every HdrHistogram implementation. The zero value is
// empty and ready to use. A Histogram that was read from text stays in that
// compact form (some hundred bytes) until it is recorded into. Not safe for
// concurrent use while it is recorded into.
type Histogram struct {
	h    *hdr.Histogram
	text string
}

// Record adds one duration; it is clamped to [1 µs, 2 min].
func (g *Histogram) Record(d time.Duration) {
	us := min(max(d.Microseconds(), histogramMin), histogramMax)
	// Cannot fail: the value was clamped to the histogram's range.
	_ = g.own().RecordValue(us)
}

// Merge adds all of other to g. other is not changed.
func (g *Histogram) Merge(other Histogram) {
	if h := other.live(); h != nil {
		g.own().Merge(h)
	}
}

// Count is the number of recorded durations.
func (g Histogram) Count() int64 {
	h := g.live()
	if h == nil {
		return 0
	}
	return h.TotalCount()
}

// Quantile returns the duration at quantile q in [0,1]; 0 when empty.
func (g Histogram) Quantile(q float64) time.Duration {
	h := g.live()
	if h == nil || h.TotalCount() == 0 {
		return 0
	}
	return time.Duration(h.ValueAtQuantile(q*100)) * time.Microsecond
}

// Max returns the largest recorded duration; 0 when empty.
func (g Histogram) Max() time.Duration {
	h := g.live()
	if h == nil || h.TotalCount() == 0 {
		return 0
	}
	return time.Duration(h.Max()) * time.Microsecond
}

// MarshalText implements encoding.TextMarshaler; an empty histogram is "".
func (g Histogram) MarshalText() ([]byte, error) {
	if g.h == nil {
		return []byte(g.text), nil
	}
	if g.h.TotalCount() == 0 {
		return nil, nil
	}
	text, err := g.h.Encode(hdr.V2CompressedEncodingCookieBase)
	if err != nil {
		return nil, fmt.Errorf("encode histogram: %w", err)
	}
	return text, nil
}

// UnmarshalText implements encoding.TextUnmarshaler. It accepts what
// MarshalText writes; a histogram of another range or precision is refused, so
// that text from elsewhere cannot make later calls slow or large.
func (g *Histogram) UnmarshalText(text []byte) error {
	if len(text) > 0 {
		if _, err := decode(string(text)); err != nil {
			return err
		}
	}
	*g = Histogram{text: string(text)}
	return nil
}

// live returns the histogram for reading; nil when empty.
func (g Histogram) live() *hdr.Histogram {
	if g.h != nil || g.text == "" {
		return g.h
	}
	// Cannot fail: UnmarshalText has decoded the same text.
	h, _ := decode(g.text)
	return h
}

// own returns the histogram for writing.
func (g *Histogram) own() *hdr.Histogram {
	if g.h == nil {
		if g.h = g.live(); g.h == nil {
			g.h = hdr.New(histogramMin, histogramMax, histogramDigits)
		}
		g.text = ""
	}
	return g.h
}

func decode(text string) (*hdr.Histogram, error) {
	h, err := hdr.Decode([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("decode histogram: want base64 of an HDR V2 histogram: %w", err)
	}
	low, high, digits := h.LowestTrackableValue(), h.HighestTrackableValue(), h.SignificantFigures()
	if low != histogramMin || high != histogramMax || digits != histogramDigits {
		return nil, fmt.Errorf("decode histogram: range %d to %d µs at %d digits, want %d to %d at %d",
			low, high, digits, histogramMin, histogramMax, histogramDigits)
	}
	return h, nil
}
