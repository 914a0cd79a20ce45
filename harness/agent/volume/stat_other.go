//go:build !linux

package volume

import (
	"errors"
	"os"
	"time"
)

const noFollow = 0

var errLinux = errors.New("spoil a volume: unsupported, want linux")

type space struct{ total, free int64 }

type state struct {
	inode uint64
	size  int64
	mtime time.Time
}

func spaceOf(string) (space, error)        { return space{}, errLinux }
func stateOf(*os.File) (state, error)      { return state{}, errLinux }
func setTime(*os.File, time.Time) error    { return errLinux }
func reserve(*os.File, int64, int64) error { return errLinux }
func probe(string) error                   { return errLinux }
