//go:build !linux

package process

import "time"

func threadTime() time.Duration { return time.Duration(time.Now().UnixNano()) }
