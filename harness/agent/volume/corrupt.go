package volume

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/fournines/fournines/harness/agent"
)

// mostBytes is how many bytes are damaged at most: they are kept in the state
// before.
const mostBytes = 4096

// corrupt flips bytes of one file.
type corrupt struct {
	path  string
	bytes int
	seed  uint64
	// choice, if any, is of the file below path.
	choice *choice
	at     func(string) (place, error)
	kept   damage
}

// damage is what is known of a file, and which of its bytes become others.
type damage struct {
	Inode uint64    `json:"inode"`
	Size  int64     `json:"size"`
	MTime time.Time `json:"mtime"`
	// At are the positions, Was and Is the bytes there.
	At  []int64 `json:"at"`
	Was []byte  `json:"was"`
	Is  []byte  `json:"is"`
}

// Corrupt changes argument "bytes" bytes of the file "path", at positions that
// follow from "seed"; with argument "choose" of the file that is chosen below
// the folder "path".
func Corrupt(args map[string]string) (agent.Effect, error) {
	n, err := strconv.Atoi(args["bytes"])
	if err != nil || n < 1 || n > mostBytes {
		return nil, fmt.Errorf("argument \"bytes\": want a whole number from 1 to %d, saw %q", mostBytes, args["bytes"])
	}
	seed, err := strconv.ParseUint(args["seed"], 10, 64)
	if err != nil {
		return nil, fmt.Errorf("argument \"seed\": want a whole number, saw %q", args["seed"])
	}
	choice, err := chooseFrom(args)
	return &corrupt{path: args["path"], bytes: n, seed: seed, choice: choice, at: mounted}, err
}

func (c *corrupt) open(flag int) (*os.File, state, error) {
	p, err := c.at(c.path)
	if err != nil {
		return nil, state{}, err
	}
	f, err := p.open(flag)
	if err != nil {
		return nil, state{}, err
	}
	s, err := stateOf(f)
	if err != nil {
		f.Close()
	}
	return f, s, err
}

// Before implements agent.Effect.
func (c *corrupt) Before(context.Context) (map[string]string, error) {
	if c.choice != nil {
		path, err := c.choice.in(c.path)
		if err != nil {
			return nil, err
		}
		c.path, c.choice = path, nil
	}
	f, s, err := c.open(os.O_RDWR)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if s.size < int64(c.bytes) {
		return nil, fmt.Errorf("expected a file of at least %d bytes at %q, saw %d", c.bytes, c.path, s.size)
	}
	c.kept = damage{Inode: s.inode, Size: s.size, MTime: s.mtime}
	random := rand.New(rand.NewPCG(c.seed, 0))
	for taken := map[int64]bool{}; len(taken) < c.bytes; {
		at := random.Int64N(s.size)
		if taken[at] {
			continue
		}
		taken[at] = true
		var was [1]byte
		if _, err := f.ReadAt(was[:], at); err != nil {
			return nil, fmt.Errorf("read %q at %d: %w", c.path, at, err)
		}
		c.kept.At = append(c.kept.At, at)
		c.kept.Was = append(c.kept.Was, was[0])
		c.kept.Is = append(c.kept.Is, was[0]^byte(1+random.IntN(255)))
	}
	raw, err := json.Marshal(c.kept)
	return map[string]string{"damage": string(raw), "path": c.path}, err
}

// Apply implements agent.Effect.
func (c *corrupt) Apply(context.Context) error {
	f, s, err := c.open(os.O_RDWR)
	if err != nil {
		return err
	}
	defer f.Close()
	if s.inode != c.kept.Inode || s.size < c.kept.Size {
		return fmt.Errorf("expected %q as it was found, saw another file or a shorter one", c.path)
	}
	for i, at := range c.kept.At {
		if _, err := f.WriteAt(c.kept.Is[i:i+1], at); err != nil {
			return fmt.Errorf("damage %q at %d: %w", c.path, at, err)
		}
	}
	return setTime(f, c.kept.MTime)
}

// Seen implements agent.Effect: it reads the file anew.
func (c *corrupt) Seen(context.Context) (agent.Seen, error) {
	f, _, err := c.open(os.O_RDONLY)
	if err != nil {
		return agent.Seen{}, err
	}
	defer f.Close()
	damaged := 0
	for i, at := range c.kept.At {
		var now [1]byte
		if _, err := f.ReadAt(now[:], at); err == nil && now[0] == c.kept.Is[i] {
			damaged++
		}
	}
	return agent.Seen{
		Active: damaged > 0 && damaged == len(c.kept.At), Counters: map[string]int64{"damaged": int64(damaged)},
		Detail: fmt.Sprintf("%d of %d bytes damaged", damaged, len(c.kept.At)),
	}, nil
}

// Undo implements agent.Effect. Bytes that the target has written since stay,
// and with them the file's time; a file that it has replaced is left alone.
func (c *corrupt) Undo(_ context.Context, before map[string]string) error {
	var kept damage
	if err := json.Unmarshal([]byte(before["damage"]), &kept); err != nil {
		return fmt.Errorf("read what was damaged in %q: %w", c.path, err)
	}
	if path := before["path"]; path != "" {
		c.path, c.choice = path, nil
	}
	f, s, err := c.open(os.O_RDWR)
	if missing(err) {
		return nil // the target has removed it
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if s.inode != kept.Inode {
		return nil
	}
	for i, at := range kept.At {
		var now [1]byte
		if _, err := f.ReadAt(now[:], at); err != nil || now[0] != kept.Is[i] {
			continue // undone already, or the target's own by now
		}
		if _, err := f.WriteAt(kept.Was[i:i+1], at); err != nil {
			return fmt.Errorf("restore %q at %d: %w", c.path, at, err)
		}
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("restore %q: %w", c.path, err)
	}
	if !s.mtime.Equal(kept.MTime) {
		return nil // the target has written since
	}
	return setTime(f, kept.MTime)
}
