package docker

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/fournines/fournines/stack"
)

const (
	// controllerLogEvery is how often the controller's file is looked at.
	controllerLogEvery = 250 * time.Millisecond
	// controllerLogBefore is how much of what it holds already is looked at for
	// lines that are wanted, in bytes.
	controllerLogBefore = mebibyte
)

// followLog passes on the lines of the controller's file, which all processes of
// the controller append to, until ctx is done. There may be no file yet.
func (c *controller) followLog(ctx context.Context, from time.Time, emit func(stack.LogLine)) {
	tick := time.NewTicker(controllerLogEvery)
	defer tick.Stop()
	t := &fileTail{path: filepath.Join(c.dir, "controller.log"), offset: -1}
	defer func() { t.close() }()
	first := true
	t.splitter.emit = func(text []byte, size int) {
		at, ok := writtenAt(text)
		switch {
		case !ok && first, ok && at.Before(from), len(text) == 0:
			return
		case !ok:
			at = time.Now()
		}
		emit(stack.LogLine{
			Time: at, Replica: stack.Controller, Component: stack.Controller, Size: size,
			Text: append([]byte(nil), text[:min(len(text), stack.LogLineBytes)]...),
		})
	}
	for {
		t.read()
		first = false
		select {
		case <-ctx.Done():
			t.read() // what it has said since
			return
		case <-tick.C:
		}
	}
}

// writtenAt is the time that a line of slog's JSON handler says. The controller
// runs on this machine, by the same clock as the harness.
func writtenAt(text []byte) (time.Time, bool) {
	var line struct{ Time time.Time }
	err := json.Unmarshal(text, &line)
	return line.Time, err == nil && !line.Time.IsZero()
}

// fileTail reads what is appended to a file.
type fileTail struct {
	path     string
	file     *os.File
	offset   int64 // -1 before anything was read
	splitter lineSplitter
}

// read passes on all lines that are whole by now. What cannot be read now is
// read later.
func (t *fileTail) read() {
	if t.file == nil {
		file, err := os.Open(t.path)
		if err != nil {
			return
		}
		t.file = file
	}
	if t.offset < 0 {
		t.offset = 0
		if info, err := t.file.Stat(); err == nil && info.Size() > controllerLogBefore {
			t.offset = info.Size() - controllerLogBefore
		}
	}
	n, _ := io.Copy(&t.splitter, io.NewSectionReader(t.file, t.offset, 1<<62))
	t.offset += n
}

func (t *fileTail) close() {
	if t.file != nil {
		_ = t.file.Close()
	}
}
