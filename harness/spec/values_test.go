package spec

import "testing"

func TestParseFractionHasNoFloatDirt(t *testing.T) {
	for text, want := range map[string]float64{
		"99.99%": 0.9999, "99.999%": 0.99999, "0.01%": 0.0001, "0.1%": 0.001, "29%": 0.29, "57%": 0.57, "0%": 0, "100%": 1, "33.3%": 0.333,
	} {
		if got, err := parseFraction(text); err != nil || got != want {
			t.Errorf("parseFraction(%q) = %v, %v; want exactly %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "%", "1", "0.5", "-1%", "+1%", "1e2%", "NaN%", "Inf%", ".5%", "5.%", "100.1%", "1 %", "1%%", "0x1%"} {
		if got, err := parseFraction(text); err == nil {
			t.Errorf("parseFraction(%q) = %v, want an error", text, got)
		}
	}
}

func TestParseRate(t *testing.T) {
	for text, want := range map[string]float64{"300/s": 300, "0.5/s": 0.5, "5/min": 5.0 / 60, "36/h": 0.01} {
		if got, err := parseRate(text); err != nil || got != want {
			t.Errorf("parseRate(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "300", "300/", "/s", "300/d", "-1/s", "1e3/s", "NaN/s", "300 rps"} {
		if got, err := parseRate(text); err == nil {
			t.Errorf("parseRate(%q) = %v, want an error", text, got)
		}
	}
}

func TestParseCount(t *testing.T) {
	if got, err := parseCount("33"); err != nil || got != 33 {
		t.Errorf("parseCount = %d, %v", got, err)
	}
	for _, text := range []string{"", "-1", "1.5", "9999999999", "0x10", "1_000", "many"} {
		if got, err := parseCount(text); err == nil {
			t.Errorf("parseCount(%q) = %v, want an error", text, got)
		}
	}
}
