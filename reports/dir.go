package reports

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fournines/fournines/harness"
)

// Names of the files in a run directory.
const (
	PlanFile     = "plan.json"
	EvidenceFile = "evidence.jsonl"
	VerdictFile  = "verdict.json"
	HTMLFile     = "report.html"
	MarkdownFile = "report.md"
	JUnitFile    = "junit.xml"
	// LogsFile is what the stack's components logged; a run may have none.
	LogsFile = "logs.jsonl"
)

// Dir is the directory of one run. Its methods may be called one at a time;
// the writer from Evidence is independent of them.
type Dir struct {
	path  string
	runID string
}

// Create makes the directory <root>/<runID>, and root with its parents when
// they do not exist. It refuses a run ID that is not one plain path element,
// and one that is already there: a run never writes into another run's files.
func Create(root, runID string) (*Dir, error) {
	if runID == "" || runID == "." || runID == ".." || filepath.Base(runID) != runID {
		return nil, fmt.Errorf("create run directory: want a run ID that is one plain folder name, got %q", runID)
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, explain("create reports folder", root, err)
	}
	path := filepath.Join(root, runID)
	if err := os.Mkdir(path, 0o755); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("create run directory %q: it exists already: choose another run ID: %w", path, err)
		}
		return nil, explain("create run directory", path, err)
	}
	if err := syncDir(root); err != nil {
		return nil, err
	}
	return &Dir{path: path, runID: runID}, nil
}

// OpenDir opens the directory of an earlier run for reading and for writing
// its reports anew. The run ID is the folder's name.
func OpenDir(path string) (*Dir, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open run directory %q: %w", path, err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("open run directory %q: want the folder of a run, got a file", path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open run directory %q: %w", path, err)
	}
	return &Dir{path: path, runID: filepath.Base(absolute)}, nil
}

// Path is the run directory as it was given: root joined with the run ID.
func (d *Dir) Path() string { return d.path }

// RunID is the folder's name.
func (d *Dir) RunID() string { return d.runID }

// File is the path of one file in the directory.
func (d *Dir) File(name string) string { return filepath.Join(d.path, name) }

// Evidence returns the writer of evidence.jsonl. Every Write appends whole
// lines and is on disk (fsync) when it returns; a Write that fails leaves
// nothing of itself behind. The file is made by the first Write. Write and
// Close may be called concurrently. The caller closes it.
func (d *Dir) Evidence() io.WriteCloser {
	return &evidenceWriter{path: d.File(EvidenceFile)}
}

// Write replaces verdict.json, report.html, report.md and junit.xml, each one
// atomically. It is called after every scenario with everything so far, so
// that a killed run leaves the last good files. All files are tried; the error
// joins what went wrong. year is the budget of a year; nil leaves it out.
// report.html shows what LogsFile holds around the moments of the recoveries.
func (d *Dir) Write(verdicts []harness.Verdict, evidence []harness.Evidence, year *harness.YearBudget) error {
	run := newRun(d.runID, verdicts, evidence)
	run.year = year
	run.readLogs(d.File(LogsFile))
	return errors.Join(
		replaceFile(d.File(VerdictFile), func(w io.Writer) error { return writeVerdicts(w, d.runID, verdicts, year) }),
		replaceFile(d.File(HTMLFile), run.html),
		replaceFile(d.File(MarkdownFile), run.markdown),
		replaceFile(d.File(JUnitFile), run.junit),
	)
}
