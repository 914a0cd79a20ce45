package inside

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fournines/fournines/harness/agent/cgroup"
)

// Main is the process of a job: it enters the groups under root, does the job,
// says its word on out, and goes on until in ends.
func Main(root, job string, in io.Reader, out io.Writer) error {
	var j Job
	if err := json.Unmarshal([]byte(job), &j); err != nil {
		return fmt.Errorf("read the job: %w", err)
	}
	said, err := j.run(root)
	if err != nil {
		said.Error = err.Error()
	}
	if err := json.NewEncoder(out).Encode(said); err != nil {
		return fmt.Errorf("say the word: %w", err)
	}
	_, _ = io.Copy(io.Discard, in) // whatever ends it
	return nil
}

func (j Job) run(root string) (Word, error) {
	g, err := cgroup.Open(root)
	if err != nil {
		return Word{}, err
	}
	if err := g.Join(j.Join...); err != nil {
		return Word{}, err
	}
	switch j.Do {
	case "cpu":
		runtime.GOMAXPROCS(j.Workers + 1)
		for range j.Workers {
			go busy(j.Load)
		}
		return Word{}, nil
	case "memory":
		return Word{}, touch(j.Bytes)
	case "fork":
		refused, err := fork()
		return Word{Refused: refused}, err
	case "write":
		took, err := write(j.Path, j.Bytes)
		return Word{Took: took}, err
	}
	return Word{}, fmt.Errorf("unknown job %q: want cpu, memory, fork or write", j.Do)
}

// busy computes for a share of the time and sleeps for the rest.
func busy(load float64) {
	const turn = 50 * time.Millisecond
	runtime.LockOSThread()
	for {
		began := time.Now()
		for time.Since(began) < time.Duration(load*float64(turn)) {
		}
		time.Sleep(turn - time.Since(began))
	}
}

// touch holds bytes of memory for the process's life.
func touch(bytes int64) error {
	memory, err := unix.Mmap(-1, 0, int(bytes), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return fmt.Errorf("take %d bytes of memory: %w", bytes, err)
	}
	for i := 0; i < len(memory); i += os.Getpagesize() {
		memory[i] = 1
	}
	runtime.KeepAlive(memory)
	return nil
}

// fork reports whether the kernel refuses to make a process.
func fork() (refused bool, err error) {
	p, err := os.StartProcess("/proc/self/exe", []string{"fournines", "version"}, &os.ProcAttr{})
	if errors.Is(err, syscall.EAGAIN) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("make a process: %w", err)
	}
	_, err = p.Wait()
	return false, err
}

// write measures how long it takes to write bytes past the page cache, to a
// file without a name.
func write(folder string, bytes int64) (time.Duration, error) {
	fd, err := unix.Open(folder, unix.O_TMPFILE|unix.O_WRONLY|unix.O_DIRECT|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return 0, fmt.Errorf("make a file without a name in %q: %w", folder, err)
	}
	defer unix.Close(fd)
	block, err := unix.Mmap(-1, 0, int(bytes), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return 0, fmt.Errorf("take %d bytes of memory: %w", bytes, err)
	}
	began := time.Now()
	if n, err := unix.Write(fd, block); err != nil || int64(n) != bytes {
		return 0, fmt.Errorf("write %d bytes to %q, wrote %d: %w", bytes, folder, n, err)
	}
	return time.Since(began), nil
}
