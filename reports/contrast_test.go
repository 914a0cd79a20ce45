package reports

import (
	"math"
	"regexp"
	"strconv"
	"testing"
)

// TestContrast holds text to 4.5:1 against what it stands on, in light and in
// dark (WCAG 2.2, success criterion 1.4.3).
func TestContrast(t *testing.T) {
	css, err := templates.ReadFile("templates/style.css")
	if err != nil {
		t.Fatal(err)
	}
	roots := regexp.MustCompile(`:root\{([^}]*)\}`).FindAllSubmatch(css, -1)
	if len(roots) != 2 {
		t.Fatalf("%d sets of colours, want one for light and one for dark", len(roots))
	}
	for i, theme := range []string{"light", "dark"} {
		colour := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z0-9-]+):(#[0-9a-f]{3,6})\b`).FindAllSubmatch(roots[i][1], -1) {
			colour[string(m[1])] = luminance(t, string(m[2]))
		}
		for _, pair := range [][2]string{
			{"text", "page"}, {"text", "card"}, {"soft", "page"}, {"soft", "card"}, {"link", "card"}, {"p99", "card"},
			{"pass", "card"}, {"fail", "card"}, {"inconclusive", "card"}, {"invalid", "card"},
			{"pass", "pass-wash"}, {"fail", "fail-wash"}, {"inconclusive", "inconclusive-wash"}, {"invalid", "invalid-wash"},
			{"text", "inconclusive-wash"},
			{"card", "phase-1"}, {"card", "phase-2"}, {"card", "phase-3"}, {"card", "phase-4"},
		} {
			a, okA := colour[pair[0]]
			b, okB := colour[pair[1]]
			if got := (max(a, b) + .05) / (min(a, b) + .05); !okA || !okB || got < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f, want at least 4.5", theme, pair[0], pair[1], got)
			}
		}
	}
}

// luminance is the relative luminance of an sRGB colour, "#fff" or "#1c2024".
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	digits := hex[1:]
	if len(digits) == 3 {
		digits = digits[:1] + digits[:1] + digits[1:2] + digits[1:2] + digits[2:] + digits[2:]
	}
	sum := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(digits[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
