//go:build !linux

package backup

import (
	"errors"
	"os"
)

func canReflink(string) bool { return false }

func cloneFile(string, string, os.FileMode) error { return errors.ErrUnsupported }

func shareFile(string, string) error { return errors.ErrUnsupported }

func filesystem(string) string { return "unknown" }

func space(string) (total, free uint64) { return 0, 0 }
