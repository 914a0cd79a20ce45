package slo

import "time"

// Delay is how long after the start of a constant error ratio the alert burns
// and has for For, when clean traffic filled all windows before:
// Threshold*Long/ratio + For. The long window is the last to be reached. Up to
// one evaluation and one scrape interval come on top. ok is false, and the
// time Never, when it never burns: the threshold is not below the ratio.
func (a Alert) Delay(target, ratio float64) (delay time.Duration, ok bool) {
	return a.delayAfter(target, ratio, a.Long)
}

// FreshDelay is Delay where there was clean traffic only for warm before,
// as in a stack just started: the window holds nothing else, so it burns as
// soon as ratio*t/(warm+t) exceeds the threshold, at
//
//	t = Threshold*warm / (ratio - Threshold)
//
// It is optimistic: production's windows are full. A warm of Long or more is
// Delay; a negative one is 0.
func (a Alert) FreshDelay(target, ratio float64, warm time.Duration) (delay time.Duration, ok bool) {
	return a.delayAfter(target, ratio, warm)
}

func (a Alert) delayAfter(target, ratio float64, warm time.Duration) (time.Duration, bool) {
	threshold := a.Threshold(target)
	// Not >= for ratios that are no number.
	if !(ratio > threshold) || ratio > 1 {
		return Never, false
	}
	filled := threshold * float64(a.Long) / ratio
	partly := threshold * float64(max(warm, 0)) / (ratio - threshold)
	if float64(max(warm, 0))+partly < float64(a.Long) {
		filled = partly
	}
	return plus(rounded(filled), max(a.For, 0)), true
}
