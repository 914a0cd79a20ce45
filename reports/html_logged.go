package reports

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/fournines/fournines/reports/logs"
)

// loggedView is what the trial template shows of the logs.
type loggedView struct {
	Groups []loggedGroup
	Notes  []string
}

// loggedGroup are the lines around one moment, or around several that have the
// same ones.
type loggedGroup struct {
	Moments string
	Lines   []loggedRow
}

type loggedRow struct {
	Since, Level, Who, Text string
	// Bad is a warning or worse.
	Bad bool
}

// viewLogged is nil for a trial without logs.
func (t trial) viewLogged() *loggedView {
	if t.logged == nil {
		return nil
	}
	v := &loggedView{}
	longest := 300
	if t.of > wholeTrials {
		longest = 120
	}
	zero, _ := t.faultTime()
	before := ""
	var silent []string
	for _, m := range t.logged.moments {
		name := m.what
		if m.moment != "" {
			name = m.moment + ", " + name
		}
		if len(m.lines) == 0 {
			silent = append(silent, cmp.Or(m.moment, m.what))
			continue
		}
		var rows []loggedRow
		for _, l := range m.lines {
			row := loggedRow{Since: since(l.At - zero), Level: l.level.String(), Who: line(l.Replica), Bad: l.level >= logs.Warn}
			row.Text = clip(line(clip(l.Message(), 4*longest)), longest)
			rows = append(rows, row)
		}
		key := fmt.Sprint(rows)
		if n := len(v.Groups); n > 0 && key == before {
			v.Groups[n-1].Moments += "; " + name
			continue
		}
		before = key
		v.Groups = append(v.Groups, loggedGroup{Moments: name, Lines: rows})
	}
	if len(silent) > 0 {
		v.Notes = append(v.Notes, fmt.Sprintf("Within %s of %s nothing was logged by whom they name.", length(loggedAround), strings.Join(silent, ", ")))
	}
	if t.logged.damaged > 0 {
		v.Notes = append(v.Notes, plural(t.logged.damaged, "line")+" of "+LogsFile+" could not be read.")
	}
	if t.logged.err != nil {
		v.Notes = append(v.Notes, line(t.logged.err.Error()))
	}
	return v
}
