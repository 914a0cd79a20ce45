package volume

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
)

// How one file is chosen of those below a folder.
const (
	// Largest is the largest, of several the first by name.
	Largest = "largest"
	// Last is the one whose name comes last.
	Last = "last"
)

// choice names the files below a folder among which one is chosen.
type choice struct {
	how   string
	match *regexp.Regexp
}

// chooseFrom reads the arguments "choose" and "match", a regular expression
// for names; without them it is nil, and the path itself is meant.
func chooseFrom(args map[string]string) (*choice, error) {
	if args["choose"] == "" {
		return nil, nil
	}
	if args["choose"] != Largest && args["choose"] != Last {
		return nil, fmt.Errorf("argument \"choose\": want %s or %s, saw %q", Largest, Last, args["choose"])
	}
	match, err := regexp.Compile("^(?:" + args["match"] + ")$")
	if err != nil {
		return nil, fmt.Errorf("argument \"match\": %w", err)
	}
	return &choice{args["choose"], match}, nil
}

// in returns the path of the chosen file below a folder. What begins with a dot
// is left alone: it is not finished, or was put there by another fault.
func (c *choice) in(folder string) (string, error) {
	best, size := "", int64(-1)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(entry.Name(), ".") && path != folder {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || !c.match.MatchString(entry.Name()) {
			return nil
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		switch {
		case c.how == Largest && info.Size() > size, c.how == Last && (best == "" || entry.Name() > filepath.Base(best)):
			best, size = path, info.Size()
		}
		return nil
	})
	if err == nil && best == "" {
		err = fmt.Errorf("want a file whose name is like %s below %q, saw none", c.match, folder)
	}
	return best, err
}
