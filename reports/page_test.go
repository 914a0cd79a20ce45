package reports

import (
	"regexp"
	"strings"
	"testing"
)

// TestThePageCanBeReadByEveryone holds the pages to what screen readers,
// keyboards and printers need.
func TestThePageCanBeReadByEveryone(t *testing.T) {
	for name, page := range pages(t) {
		t.Run(name+": headings step down by one level, and there is one h1", func(t *testing.T) {
			last, ones := 0, 0
			for _, m := range regexp.MustCompile(`<h([1-6])[ >]`).FindAllStringSubmatch(page, -1) {
				level := int(m[1][0] - '0')
				if level == 1 {
					ones++
				}
				if level > last+1 {
					t.Errorf("an h%d follows an h%d", level, last)
				}
				last = level
			}
			if ones != 1 {
				t.Errorf("%d h1, want 1", ones)
			}
		})
		t.Run(name+": every header cell says what it heads", func(t *testing.T) {
			for _, cell := range regexp.MustCompile(`<th[^>]*>`).FindAllString(page, -1) {
				if strings.HasPrefix(cell, "<thead") {
					continue
				}
				if !strings.Contains(cell, `scope="col"`) && !strings.Contains(cell, `scope="row"`) {
					t.Errorf("%s has no scope", cell)
				}
			}
		})
		t.Run(name+": every picture has a name and a description", func(t *testing.T) {
			for _, svg := range regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(page, -1) {
				if !strings.Contains(svg, `role="img"`) || !strings.Contains(svg, "aria-labelledby=") || !strings.Contains(svg, "<desc") {
					t.Errorf("a picture without a name: %.120s", svg)
				}
			}
		})
		t.Run(name+": dark screens, little motion, phones and paper are provided for", func(t *testing.T) {
			for _, want := range []string{
				`<html lang="en">`, "prefers-color-scheme:dark", "prefers-reduced-motion:reduce", "@media print", "width=device-width",
			} {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not hold %q", want)
				}
			}
		})
	}
}
