package main

import (
	"fmt"
	"time"
)

// short writes a duration for a progress line: "850ms", "3.2s", "1m12s".
func short(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < time.Second:
		return fmt.Sprintf("%dms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	return d.Round(time.Second).String()
}

// clock writes what is left in whole seconds, so that it counts down calmly.
func clock(d time.Duration) string {
	return max(0, d).Round(time.Second).String()
}
