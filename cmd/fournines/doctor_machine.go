package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// What a run of the reference platform at 300 requests/s needs, measured with
// room to spare.
const (
	wantCores     = 2
	wantMemoryMiB = 2048
	wantDiskMiB   = 2048
	leastDiskMiB  = 100
	wantFiles     = 1024
)

func checkCores() diagnosis {
	d := diagnosis{Check: "cores", Health: healthy, Seen: fmt.Sprintf("%d", runtime.NumCPU())}
	if runtime.NumCPU() < wantCores {
		d.Health, d.Do = doubtful, fmt.Sprintf("use a machine with %d cores: load and stack share them, and latency suffers", wantCores)
	}
	return d
}

func checkMemory() diagnosis {
	kib, ok := memoryKiB()
	if !ok {
		return diagnosis{"memory", doubtful, "unknown: this system does not say", fmt.Sprintf("make sure that there are %d MiB", wantMemoryMiB)}
	}
	return judgeAmount("memory", kib/1024, wantMemoryMiB, 0, "use a machine with more memory, or stop what uses it")
}

// checkDisk looks at the file system of path, where the run's files go.
func checkDisk(path string) diagnosis {
	var fs unix.Statfs_t
	if err := unix.Statfs(path, &fs); err != nil {
		return diagnosis{"disk space", doubtful, fmt.Sprintf("unknown: %v", err), "make sure that the folder can be read"}
	}
	free := uint64(fs.Bavail) * uint64(fs.Bsize) / (1 << 20)
	return judgeAmount("disk space", free, wantDiskMiB, leastDiskMiB, "free some space: images and evidence go there")
}

// judgeAmount is healthy from want on, and unfit below least; amounts in MiB.
func judgeAmount(check string, have, want, least uint64, do string) diagnosis {
	d := diagnosis{Check: check, Health: healthy, Seen: fmt.Sprintf("%d MiB", have)}
	switch {
	case have < least:
		d.Health = unfit
	case have < want:
		d.Health = doubtful
	default:
		return d
	}
	d.Seen += fmt.Sprintf(", want %d MiB", want)
	d.Do = do
	return d
}

// checkFiles looks at how many sockets and files this process may open, and how
// many are open in the whole system. Go raises the soft limit to the hard one.
func checkFiles() diagnosis {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return diagnosis{"open files", doubtful, fmt.Sprintf("unknown: %v", err), fmt.Sprintf("make sure that `ulimit -n` is at least %d", wantFiles)}
	}
	var open, unused, most uint64
	if all, err := os.ReadFile("/proc/sys/fs/file-nr"); err == nil {
		_, _ = fmt.Sscan(string(all), &open, &unused, &most) // judged only where it is told
	}
	return judgeFiles(limit.Max, open, most)
}

// judgeFiles holds the limit of a process, and what is open of the most that
// the system can have open (0: not told), against what load needs.
func judgeFiles(limit, open, most uint64) diagnosis {
	d := diagnosis{Check: "open files", Health: healthy, Seen: fmt.Sprintf("up to %d", limit)}
	if most > 0 {
		d.Seen += fmt.Sprintf("; in the whole system %d of %d are open", open, most)
	}
	switch {
	case limit < wantFiles:
		d.Health, d.Do = doubtful, fmt.Sprintf("raise the limit (`ulimit -n %d`): load needs a socket per request that waits", wantFiles)
	case most > 0 && most-open < 10*wantFiles:
		d.Health, d.Do = doubtful, "raise fs.file-max, or stop what holds so many files open"
	}
	return d
}

// checkLoopback opens a port on the loopback address and connects to it.
func checkLoopback(ctx context.Context) diagnosis {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		defer listener.Close()
		var conn net.Conn
		if conn, err = new(net.Dialer).DialContext(ctx, "tcp", listener.Addr().String()); err == nil {
			conn.Close()
			return diagnosis{Check: "loopback", Health: healthy, Seen: "127.0.0.1 can be listened on and reached"}
		}
	}
	return diagnosis{"loopback", unfit, err.Error(), "allow this user to open ports on 127.0.0.1: the platform is published there and nowhere else"}
}

// checkGo looks for the Go toolchain, which only `go run` needs and a
// fournines that cannot be copied into an image.
func checkGo() diagnosis {
	path, err := exec.LookPath("go")
	if err != nil {
		return diagnosis{"go toolchain", doubtful, "not found", "install Go if you run fournines from its source; a built static executable does not need it"}
	}
	return diagnosis{Check: "go toolchain", Health: healthy, Seen: path}
}
