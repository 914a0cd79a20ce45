package reports

import (
	"cmp"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"time"

	"github.com/fournines/fournines/reports/logs"
)

const (
	// loggedAround is how far from a moment of a recovery a line may lie to be
	// shown with it, loggedLines how many are.
	loggedAround = time.Second
	loggedLines  = 5
)

// logged is what the logs of a run hold of one trial's recovery.
type logged struct {
	moments []loggedMoment
	// damaged is how many lines of the file could not be read; err is why the
	// rest could not.
	damaged int
	err     error
}

// loggedMoment is a step of the story with the lines that lie around it.
type loggedMoment struct {
	step
	// names are the replicas and components that the step names.
	names map[string]bool
	// lines are the best of them, best first, at most loggedLines.
	lines []loggedLine
}

type loggedLine struct {
	logs.Record
	level logs.Level
	// named is true when the step names the very replica.
	named bool
	away  time.Duration
}

// readLogs joins the trials with what was logged around the moments of their
// recoveries. A run without logs stays as it is; logs that cannot be read are
// said to be so, and change nothing else.
func (r run) readLogs(path string) {
	type key struct {
		scenario string
		trial    int
	}
	of := map[key]*logged{}
	for i := range r.scenarios {
		s := &r.scenarios[i]
		for j := range s.trials {
			if l := s.trials[j].moments(); l != nil {
				s.trials[j].logged = l
				of[key{s.Scenario, s.trials[j].number}] = l
			}
		}
	}
	if len(of) == 0 {
		return
	}
	damaged, err := logs.ReadFile(path, func(rec logs.Record) {
		if l := of[key{rec.Scenario, rec.Trial}]; l != nil {
			l.add(rec)
		}
	})
	gone := errors.Is(err, fs.ErrNotExist)
	for i := range r.scenarios {
		for j := range r.scenarios[i].trials {
			t := &r.scenarios[i].trials[j]
			switch {
			case t.logged == nil:
			case gone:
				t.logged = nil
			default:
				t.logged.damaged, t.logged.err = damaged, err
			}
		}
	}
}

// moments are the steps of the story that somebody saw; nil without any.
func (t trial) moments() *logged {
	l := &logged{}
	for _, s := range t.story() {
		if s.missing || s.start == "" && s.after == "" {
			continue
		}
		text := s.by
		if s.start != "" {
			s.at = t.measured.Recovery.Effective.Hi
			text += " " + t.faultNames()
		}
		l.moments = append(l.moments, loggedMoment{step: s, names: namesIn(text)})
	}
	if len(l.moments) == 0 {
		return nil
	}
	return l
}

// word is what can be the name of a replica, numbered what its number ends.
var (
	word     = regexp.MustCompile(`[A-Za-z0-9][A-Za-z0-9_.-]*[A-Za-z0-9]|[A-Za-z0-9]`)
	numbered = regexp.MustCompile(`-[0-9]+$`)
)

// namesIn are the words of a text that may be the names of replicas, and the
// components that these may belong to: "catalog-2" and "catalog".
func namesIn(text string) map[string]bool {
	names := map[string]bool{}
	for _, w := range word.FindAllString(text, -1) {
		names[w] = true
		names[numbered.ReplaceAllString(w, "")] = true
	}
	return names
}

// add takes a record into the moments that it lies around.
func (l *logged) add(rec logs.Record) {
	for i := range l.moments {
		m := &l.moments[i]
		away := (rec.At - m.at).Abs()
		if away > loggedAround || !m.names[rec.Replica] && !m.names[rec.Component] {
			continue
		}
		m.lines = append(m.lines, loggedLine{Record: rec, level: rec.Level(), named: m.names[rec.Replica], away: away})
		slices.SortStableFunc(m.lines, func(a, b loggedLine) int {
			return cmp.Or(cmp.Compare(min(b.level, logs.Warn), min(a.level, logs.Warn)), -compareBool(a.named, b.named), cmp.Compare(a.away, b.away))
		})
		m.lines = m.lines[:min(len(m.lines), loggedLines)]
	}
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
