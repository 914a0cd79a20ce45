//go:build !linux

package inside

import (
	"errors"
	"io"
)

// Main is the process of a job, which only Linux has.
func Main(string, string, io.Reader, io.Writer) error {
	return errors.New("enter a control group: only Linux has them")
}
