package main

import "charm.land/lipgloss/v2"

// theme is how meaning is coloured. The zero value of a style changes
// nothing, so a theme without colour needs no second code path.
type theme struct {
	strong, faint, good, bad, warn lipgloss.Style
}

// newTheme uses the sixteen colours that the user's terminal defines, so that
// it fits light and dark backgrounds.
func newTheme(colour bool) theme {
	plain := lipgloss.NewStyle()
	if !colour {
		return theme{plain, plain, plain, plain, plain}
	}
	return theme{
		strong: plain.Bold(true),
		faint:  plain.Faint(true),
		good:   plain.Foreground(lipgloss.Green),
		bad:    plain.Foreground(lipgloss.Red).Bold(true),
		warn:   plain.Foreground(lipgloss.Yellow),
	}
}
