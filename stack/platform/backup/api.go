package backup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/fournines/fournines/stack/platform/transition"
	"github.com/fournines/fournines/stack/platform/vault"
)

// Status is what GET /status answers.
type Status struct {
	// Volume is what the backup is on: "xfs with reflinks".
	Volume string `json:"volume"`
	// System is the database that this is the backup of; 0 before one was seen.
	System uint64 `json:"system,string"`
	// Streaming is true while the log is received as a stream, Received how far.
	Streaming bool         `json:"streaming"`
	Received  vault.LSN    `json:"received"`
	Bases     []vault.Base `json:"bases"`
	Target    vault.Target `json:"target"`
	// Drill is the last one, Check the last comparison with the sums.
	Drill Drill   `json:"drill"`
	Check Checked `json:"check"`
}

// routes is the API on the admin port:
//
//	GET  /status          what there is
//	POST /base            make a base backup now
//	POST /drill           try a restore now; the answer says how it went
//	POST /check           compare everything with its sums now
//	POST /target          {"time": …} or {"lsn": …}: where the next restore, and
//	                      only that, stops; {} is the end of the log
//	GET  /restore         what the database is restored from (vault.Plan)
//	POST /restored        how a restore went (vault.Restored)
//	GET  /wal/{name}      a file of the log
//	POST /wal/{name}      take a file that was sent into the archive, ?sha256=
//	GET  /-/transitions   what was backed up and restored lately (transition.List)
func (b *backup) routes() map[string]http.Handler {
	handle := func(do func(r *http.Request) (any, error)) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			out, err := do(r)
			answer(w, out, err)
		})
	}
	return map[string]http.Handler{
		"GET /status": handle(func(*http.Request) (any, error) { return b.status() }),
		"POST /base": handle(func(r *http.Request) (any, error) {
			base, err := b.makeBase(r.Context())
			b.failed("base", err)
			return base, err
		}),
		"POST /drill": handle(func(r *http.Request) (any, error) {
			d, err := b.drill(r.Context())
			b.failed("drill", err)
			if err != nil && d.Problem != "" {
				return d, nil //nolint:nilerr // the result says it
			}
			return d, err
		}),
		"POST /check": handle(func(r *http.Request) (any, error) {
			found, err := b.check(r.Context())
			b.failed("check", err)
			return found, err
		}),
		"POST /target": handle(func(r *http.Request) (any, error) {
			var t vault.Target
			if err := decode(r, &t); err != nil {
				return nil, err
			}
			return t, b.setTarget(t)
		}),
		"GET /restore": handle(func(*http.Request) (any, error) { return b.plan() }),
		"POST /restored": handle(func(r *http.Request) (any, error) {
			var done vault.Restored
			if err := decode(r, &done); err != nil {
				return nil, err
			}
			return done, b.restored(done)
		}),
		"POST /wal/{name}":       handle(func(r *http.Request) (any, error) { return nil, b.receive(r) }),
		"GET /wal/{name}":        http.HandlerFunc(b.give),
		"GET " + transition.Path: b.told,
	}
}

// decode reads a request's body strictly.
func decode(r *http.Request, into any) error {
	in := json.NewDecoder(io.LimitReader(r.Body, 64<<10))
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil {
		return fmt.Errorf("%w: %w", errBadRequest, err)
	}
	return nil
}

var errBadRequest = errors.New("cannot read the request")

// answer writes a result as JSON, or an error with the code for its kind.
func answer(w http.ResponseWriter, out any, err error) {
	code := http.StatusOK
	switch {
	case errors.Is(err, vault.ErrNothing), errors.Is(err, vault.ErrMissing):
		code = http.StatusNotFound
	case errors.Is(err, errDifferent), errors.Is(err, errHole), errors.Is(err, errBusy):
		code = http.StatusConflict
	case errors.Is(err, errBadRequest):
		code = http.StatusBadRequest
	case err != nil:
		code = http.StatusInternalServerError
	}
	w.Header().Set("Cache-Control", "no-store")
	if err != nil {
		http.Error(w, err.Error(), code)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out) // the client went away
}

func (b *backup) status() (Status, error) {
	system, err1 := b.system()
	bases, err2 := b.listBases()
	target, err3 := b.target()
	m := b.state.now()
	return Status{
		Volume: b.volume(), System: system, Streaming: m.stream, Received: m.progress.Received,
		Bases: bases, Target: target, Drill: m.drilled, Check: m.check,
	}, errors.Join(err1, err2, err3)
}

// volume says what the backup is on.
func (b *backup) volume() string {
	if b.reflinks {
		return filesystem(b.Data) + " with reflinks"
	}
	return "plain folder on " + filesystem(b.Data)
}

// receive takes a file that came in through the daemon into the archive.
func (b *backup) receive(r *http.Request) error {
	name, sum := r.PathValue("name"), r.URL.Query().Get("sha256")
	if !vault.IsLogFile(name) || len(sum) != 64 || strings.Trim(sum, "0123456789abcdef") != "" {
		return fmt.Errorf("%w: want the name of a file of the log and its sha256, saw %q and %q", errBadRequest, name, sum)
	}
	b.filing.Lock()
	defer b.filing.Unlock()
	err := b.accept(name, sum)
	b.state.filed(err)
	b.failed("wal", err)
	return err
}

// give sends a file of the log: from the archive if it has the sum that it
// should, else from the stream, of which the end may not be written yet.
func (b *backup) give(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if !vault.IsLogFile(name) {
		answer(w, nil, fmt.Errorf("%w: want the name of a file of the log, saw %q", errBadRequest, name))
		return
	}
	places := append(b.whole(filepath.Join(b.archive(), name)), b.streamed(name)...)
	places = append(places, b.streamed(name+".partial")...)
	for _, place := range places {
		f, err := os.Open(place)
		if err != nil {
			continue
		}
		defer f.Close()
		_, _ = io.Copy(w, f) // the client went away
		return
	}
	answer(w, nil, fmt.Errorf("%w: %q", vault.ErrMissing, name))
}

// whole is the path of a file of the archive that has the sum it should have,
// else nothing.
func (b *backup) whole(path string) []string {
	b.filing.Lock()
	defer b.filing.Unlock()
	want, err := readSum(path)
	if err != nil {
		return nil
	}
	if saw, err := sumOf(path); err != nil || saw != want {
		return nil
	}
	return []string{path}
}
