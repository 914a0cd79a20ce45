package wallclock

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// process is a process by its number. Its memory is reached with the
// capability SYS_PTRACE.
type process int

// vdso is where the kernel's functions are in a process.
type vdso struct {
	begin, end uint64
	at         map[string]uint64
}

func (p process) find() (vdso, error) {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", p))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ESRCH) {
		return vdso{}, errNoProcess
	}
	if err != nil {
		return vdso{}, fmt.Errorf("read the target's memory map: %w", err)
	}
	for line := range strings.Lines(string(maps)) {
		var v vdso
		if !strings.HasSuffix(strings.TrimSpace(line), "[vdso]") {
			continue
		}
		if _, err := fmt.Sscanf(line, "%x-%x", &v.begin, &v.end); err != nil {
			return v, fmt.Errorf("read where the target's vDSO is from %q: %w", line, err)
		}
		image, err := p.peek(v.begin, int(v.end-v.begin))
		if err != nil {
			return v, err
		}
		file, err := elf.NewFile(bytes.NewReader(image))
		if err != nil {
			return v, fmt.Errorf("read the target's vDSO: %w", err)
		}
		symbols, err := file.DynamicSymbols()
		if err != nil {
			return v, fmt.Errorf("read the symbols of the target's vDSO: %w", err)
		}
		v.at = map[string]uint64{}
		for _, s := range symbols {
			v.at[s.Name] = v.begin + s.Value
		}
		for name, size := range sizes(symbols) {
			if code := amd64(time.Second)[name]; uint64(len(code)) > size {
				delete(v.at, name) // no room: its neighbour would be overwritten
			}
		}
		return v, nil
	}
	return vdso{}, errors.New("expected a vDSO in the target's main process, saw none; its clock cannot be moved")
}

func sizes(symbols []elf.Symbol) map[string]uint64 {
	out := map[string]uint64{}
	for _, s := range symbols {
		out[s.Name] = s.Size
	}
	return out
}

// peek reads memory without stopping the process.
func (p process) peek(at uint64, length int) ([]byte, error) {
	buf := make([]byte, length)
	local := []unix.Iovec{{Base: &buf[0]}}
	local[0].SetLen(length)
	n, err := unix.ProcessVMReadv(int(p), local, []unix.RemoteIovec{{Base: uintptr(at), Len: length}}, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil, errNoProcess
	}
	if err != nil || n != length {
		return nil, fmt.Errorf("read %d bytes of the target's memory, saw %d: %w; the agent needs the capability SYS_PTRACE", length, n, err)
	}
	return buf, nil
}

func (p process) read(want map[string][]byte) (map[string][]byte, error) {
	v, err := p.find()
	if err != nil {
		return nil, err
	}
	found := map[string][]byte{}
	for name, code := range want {
		at, ok := v.at[name]
		if !ok {
			continue
		}
		if found[name], err = p.peek(at, len(code)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// mostSteps is how many instructions a thread may need to leave the vDSO.
const mostSteps = 100_000

func (p process) write(code map[string][]byte) error {
	runtime.LockOSThread() // one thread traces
	defer runtime.UnlockOSThread()
	v, err := p.find()
	if err != nil {
		return err
	}
	stopped, err := p.stop()
	for tid := range stopped {
		if err == nil {
			err = leave(tid, v, stopped)
		}
	}
	if err == nil {
		err = p.poke(v, code)
	}
	return errors.Join(err, resume(stopped))
}

// leave lets a stopped thread go on until it is out of the vDSO, so that
// nothing is replaced under its feet. A signal that it meets is kept for later.
func leave(tid int, v vdso, stopped map[int]int) error {
	for range mostSteps {
		var regs unix.PtraceRegs
		if err := unix.PtraceGetRegs(tid, &regs); err != nil {
			return fmt.Errorf("look where thread %d of the target is: %w", tid, err)
		}
		if regs.Rip < v.begin || regs.Rip >= v.end {
			return nil
		}
		if err := unix.PtraceSingleStep(tid); err != nil {
			return fmt.Errorf("step thread %d of the target: %w", tid, err)
		}
		status, err := wait(tid)
		if err != nil {
			return fmt.Errorf("step thread %d of the target: %w", tid, err)
		}
		if s := status.StopSignal(); s != unix.SIGTRAP && int(status)>>16 == 0 {
			stopped[tid] = int(s)
		}
	}
	return fmt.Errorf("expected thread %d of the target to leave the vDSO, saw it there after %d steps", tid, mostSteps)
}

func (p process) poke(v vdso, code map[string][]byte) error {
	for name, bytes := range code {
		if _, err := unix.PtracePokeText(int(p), uintptr(v.at[name]), bytes); err != nil {
			return fmt.Errorf("replace the target's %s: %w", name, err)
		}
	}
	return nil
}

// stop holds every thread of the process, also those that start meanwhile. It
// returns them with the signal that each was about to get.
func (p process) stop() (map[int]int, error) {
	stopped := map[int]int{}
	for {
		tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", p))
		if err != nil {
			return stopped, fmt.Errorf("list the target's threads: %w", err)
		}
		fresh := false
		for _, t := range tasks {
			tid, err := strconv.Atoi(t.Name())
			if _, has := stopped[tid]; has || err != nil {
				continue
			}
			signal, err := hold(tid)
			if errors.Is(err, unix.ESRCH) {
				continue // it ended
			}
			if err != nil {
				return stopped, fmt.Errorf("stop thread %d of the target: %w; the agent needs the capability SYS_PTRACE, and no debugger may be attached", tid, err)
			}
			stopped[tid], fresh = signal, true
		}
		if !fresh {
			return stopped, nil
		}
	}
}

// hold stops one thread.
func hold(tid int) (signal int, err error) {
	if err := unix.PtraceSeize(tid); err != nil {
		return 0, err
	}
	if err := unix.PtraceInterrupt(tid); err != nil {
		return 0, err
	}
	status, err := wait(tid)
	if err != nil {
		return 0, err
	}
	if int(status)>>16 == 0 { // stopped on the way to a signal, which it shall get
		return int(status.StopSignal()), nil
	}
	return 0, nil
}

// wait returns how a traced thread stopped; ESRCH when it ended.
func wait(tid int) (status unix.WaitStatus, err error) {
	for {
		_, err = unix.Wait4(tid, &status, unix.WALL, nil)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err == nil && !status.Stopped() {
		err = unix.ESRCH
	}
	return status, err
}

// resume lets the threads go on.
func resume(stopped map[int]int) error {
	var errs []error
	for tid, signal := range stopped {
		_, _, errno := unix.RawSyscall6(unix.SYS_PTRACE, unix.PTRACE_DETACH, uintptr(tid), 0, uintptr(signal), 0, 0)
		if errno != 0 && errno != unix.ESRCH {
			errs = append(errs, fmt.Errorf("let thread %d of the target go on: %w", tid, errno))
		}
	}
	return errors.Join(errs...)
}
