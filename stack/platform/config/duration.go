package config

import (
	"fmt"
	"time"
)

// Duration is a time in a document, as text with its unit: "250ms".
type Duration time.Duration

// MarshalText writes the shortest form with a unit.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalText reads what time.ParseDuration does.
func (d *Duration) UnmarshalText(text []byte) error {
	read, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf(`want a duration such as "250ms", saw %q`, text)
	}
	*d = Duration(read)
	return nil
}

// String is the form in a document.
func (d Duration) String() string { return time.Duration(d).String() }
