package spec

// FileKind is what a file is meant to hold, in words.
type FileKind string

// The kinds of files that are read.
const (
	ScenarioFile FileKind = "scenario"
	RisksFile    FileKind = "risk catalogue"
	SLOFile      FileKind = "OpenSLO objective"
)

// KindOfFile says which parser a file is for, from its head; what has no head
// that is known is taken for a scenario, whose parser says what is missing.
func KindOfFile(path string) (FileKind, error) {
	src, err := readFile(path, "file")
	switch {
	case err != nil:
		return "", err
	case IsOpenSLO(src):
		return SLOFile, nil
	case IsRisks(src):
		return RisksFile, nil
	}
	return ScenarioFile, nil
}
