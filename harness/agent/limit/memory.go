package limit

import (
	"errors"
	"fmt"
	"strconv"
	"syscall"

	"github.com/fournines/fournines/harness/agent"
	"github.com/fournines/fournines/harness/agent/cgroup"
)

const (
	page = 4096
	// memoryStep is by how much a limit is lowered towards what is in use, and
	// memorySteps how often.
	memoryStep  = 256 << 10
	memorySteps = 64
)

// memoryRaised are the files in which what memory and swap may be together
// comes first.
func memoryRaised() []string {
	return []string{"memory.max", "memory.memsw.limit_in_bytes", "memory.limit_in_bytes"}
}

// Memory lowers the target's memory limit to what it uses plus argument
// "headroom" in bytes. With argument "oom" = "yes" it is lowered as far as the
// kernel lets it, so that the target has to free memory or is killed.
func Memory(args map[string]string) (agent.Effect, error) { return memory(cgroup.Root, args) }

func memory(root string, args map[string]string) (agent.Effect, error) {
	headroom, err := number(args, "headroom")
	if err != nil {
		return nil, err
	}
	g, err := cgroup.Open(root)
	if err != nil {
		return nil, err
	}
	m := memoryFiles{limit: "memory.limit_in_bytes", swap: "memory.memsw.limit_in_bytes", use: "memory.usage_in_bytes"}
	if g.V2() {
		m = memoryFiles{limit: "memory.max", use: "memory.current"}
	}
	l := &limit{
		group: g,
		files: memoryRaised(),
		want:  func(g cgroup.Group) ([]setting, error) { return m.aboveUse(g, headroom) },
		lower: m.set,
		counters: func(g cgroup.Group) map[string]int64 {
			if g.V2() {
				return count(g, "memory.events", "max", "oom_kill")
			}
			out := count(g, "memory.oom_control", "oom_kill")
			if n, err := g.Number("memory.failcnt"); err == nil && out != nil {
				out["failcnt"] = n
			}
			return out
		},
	}
	if args["oom"] == "yes" {
		l.ends = true
		l.lower = m.squeeze
	}
	return l, nil
}

// memoryFiles are the names of files; swap is empty where there is none that
// has to be set together with limit.
type memoryFiles struct{ limit, swap, use string }

func (m memoryFiles) aboveUse(g cgroup.Group, headroom int64) ([]setting, error) {
	use, err := g.Number(m.use)
	if err != nil {
		return nil, err
	}
	had, err := g.Number(m.limit)
	if err != nil {
		return nil, err
	}
	want := (use + headroom + page - 1) / page * page
	if want >= had {
		return nil, fmt.Errorf("expected a memory limit above %d bytes, which are %d in use and %d of headroom, saw %d; a smaller headroom would take effect", want, use, headroom, had)
	}
	return m.settings(g, want), nil
}

// settings are in the order in which limits are lowered.
func (m memoryFiles) settings(g cgroup.Group, bytes int64) []setting {
	out := []setting{{m.limit, strconv.FormatInt(bytes, 10)}}
	if m.swap != "" && g.Has(m.swap) {
		out = append(out, setting{m.swap, strconv.FormatInt(bytes, 10)})
	}
	return out
}

// set writes the limits.
func (m memoryFiles) set(g cgroup.Group, settings []setting) ([]setting, error) {
	for _, s := range settings {
		if err := g.Write(s.file, s.value); err != nil {
			if errors.Is(err, syscall.EBUSY) {
				err = fmt.Errorf("%w: the target uses more than that by now; more headroom would do", err)
			}
			return nil, err
		}
	}
	return settings, nil
}

// squeeze lowers the limits step by step until the kernel finds nothing more
// to free. Version 2 lets a limit be below use, and kills.
func (m memoryFiles) squeeze(g cgroup.Group, settings []setting) ([]setting, error) {
	written, err := m.set(g, settings)
	if err != nil {
		return nil, err
	}
	if g.V2() {
		use, err := g.Number(m.use)
		if err != nil {
			return nil, err
		}
		return m.set(g, m.settings(g, use/2/page*page))
	}
	bytes, err := g.Number(m.limit)
	for range memorySteps {
		if err != nil || bytes <= memoryStep {
			break
		}
		bytes -= memoryStep
		_, err = m.set(g, m.settings(g, bytes))
	}
	if err != nil && !errors.Is(err, syscall.EBUSY) && !cgroup.Gone(err) {
		return nil, err
	}
	for i, s := range written { // the kernel may have taken one of the two
		if now, err := g.Read(s.file); err == nil {
			written[i].value = now
		}
	}
	return written, nil
}
