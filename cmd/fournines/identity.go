package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// newRunID names a run so that a listing sorts by time: 20261123-081502-9f3ab2.
func newRunID(now time.Time) string {
	var tail [3]byte
	_, _ = rand.Read(tail[:]) // never fails
	return now.UTC().Format("20060102-150405-") + hex.EncodeToString(tail[:])
}

// newSeed draws the seed of a run that was not given one. It is printed and
// kept in the plan. It is short enough to be typed and exact in any JSON
// reader.
func newSeed() uint64 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // never fails
	return uint64(binary.BigEndian.Uint32(b[:]))
}

// fingerprint describes the machine as far as it bears on what is measured;
// baselines are compared only where it is equal.
func fingerprint(stackKind string) map[string]string {
	env := map[string]string{
		"os": runtime.GOOS, "arch": runtime.GOARCH, "cores": strconv.Itoa(runtime.NumCPU()), "stack": stackKind,
	}
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		env["kernel"] = strings.TrimSpace(string(release))
	}
	if kib, ok := memoryKiB(); ok {
		env["memoryMiB"] = strconv.FormatUint(kib/1024, 10)
	}
	return env
}

// memoryKiB is the machine's memory; false where the system does not say.
func memoryKiB() (uint64, bool) {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(info)) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			kib, err := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib, err == nil
		}
	}
	return 0, false
}
