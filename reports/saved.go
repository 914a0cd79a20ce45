package reports

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/fournines/fournines/harness"
)

// fileSchema is the version of the envelopes of plan.json and verdict.json.
const fileSchema = 1

// savedPlans is the form of plan.json.
type savedPlans struct {
	Schema int            `json:"schema"`
	RunID  string         `json:"runId"`
	Plans  []harness.Plan `json:"plans"`
}

// savedVerdicts is the form of verdict.json.
type savedVerdicts struct {
	Schema int    `json:"schema"`
	RunID  string `json:"runId"`
	// Outcome is the worst of all verdicts.
	Outcome  harness.Outcome   `json:"outcome"`
	Verdicts []harness.Verdict `json:"verdicts"`
	// Year is advisory: it changes no outcome. It is missing where nothing was
	// broken on purpose.
	Year *harness.YearBudget `json:"year,omitempty"`
}

// WritePlans replaces plan.json atomically. It is called before anything is
// injected.
func (d *Dir) WritePlans(plans []harness.Plan) error {
	return replaceFile(d.File(PlanFile), func(w io.Writer) error {
		return writeJSON(w, savedPlans{Schema: fileSchema, RunID: d.runID, Plans: plans})
	})
}

// ReadPlans reads the plans of one file, to be run again. Plans of another
// schema than this version's are refused: what they leave out is not known.
func ReadPlans(path string) ([]harness.Plan, error) {
	var saved savedPlans
	if err := readJSON(path, &saved); err != nil {
		return nil, err
	}
	if err := checkSchema(path, saved.Schema); err != nil {
		return nil, err
	}
	for i, p := range saved.Plans {
		if p.Schema != harness.PlanSchema {
			return nil, fmt.Errorf("read %q: plan %d: want schema %d, got %d: replay it with the fournines that wrote it", path, i+1, harness.PlanSchema, p.Schema)
		}
	}
	return saved.Plans, nil
}

// Plans reads plan.json. The error is fs.ErrNotExist when there is none.
func (d *Dir) Plans() ([]harness.Plan, error) {
	var saved savedPlans
	if err := readJSON(d.File(PlanFile), &saved); err != nil {
		return nil, err
	}
	return saved.Plans, checkSchema(d.File(PlanFile), saved.Schema)
}

// Verdicts reads verdict.json. A run that was killed before its first verdict
// has none: then both results are nil.
func (d *Dir) Verdicts() ([]harness.Verdict, error) {
	saved, err := d.savedVerdicts()
	return saved.Verdicts, err
}

// Year reads the budget of a year from verdict.json; nil when there is none.
func (d *Dir) Year() (*harness.YearBudget, error) {
	saved, err := d.savedVerdicts()
	if err != nil || saved.Year == nil {
		return nil, err
	}
	if got := saved.Year.Schema; got < 1 || got > harness.YearSchema {
		return nil, fmt.Errorf("read %q: want a budget of a year of schema 1 to %d, got %d: use the fournines that wrote it, or a newer one",
			d.File(VerdictFile), harness.YearSchema, got)
	}
	return saved.Year, nil
}

func (d *Dir) savedVerdicts() (savedVerdicts, error) {
	var saved savedVerdicts
	err := readJSON(d.File(VerdictFile), &saved)
	if errors.Is(err, fs.ErrNotExist) {
		return savedVerdicts{}, nil
	}
	if err == nil {
		err = checkSchema(d.File(VerdictFile), saved.Schema)
	}
	if err != nil {
		return savedVerdicts{}, err
	}
	return saved, nil
}

// OpenEvidence opens evidence.jsonl for harness.ReadEvidence; the caller
// closes it. The error is fs.ErrNotExist when nothing was recorded.
func (d *Dir) OpenEvidence() (io.ReadCloser, error) {
	file, err := os.Open(d.File(EvidenceFile))
	if err != nil {
		return nil, fmt.Errorf("read evidence: want %s of a run in %q: %w", EvidenceFile, d.path, err)
	}
	return file, nil
}

func writeVerdicts(w io.Writer, runID string, verdicts []harness.Verdict, year *harness.YearBudget) error {
	saved := savedVerdicts{Schema: fileSchema, RunID: runID, Verdicts: verdicts, Outcome: worst(verdicts), Year: year}
	return writeJSON(w, saved)
}

func worst(verdicts []harness.Verdict) harness.Outcome {
	outcomes := make([]harness.Outcome, len(verdicts))
	for i, v := range verdicts {
		outcomes[i] = v.Outcome
	}
	return harness.Worst(outcomes...)
}

func writeJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

func readJSON(path string, into any) error {
	src, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read %q: %w", path, err)
	}
	if err := json.Unmarshal(src, into); err != nil {
		return fmt.Errorf("read %q: want the JSON that a run writes: %w", path, err)
	}
	return nil
}

func checkSchema(path string, got int) error {
	if got < 1 || got > fileSchema {
		return fmt.Errorf("read %q: want schema 1 to %d, got %d: use the fournines that wrote it, or a newer one", path, fileSchema, got)
	}
	return nil
}
