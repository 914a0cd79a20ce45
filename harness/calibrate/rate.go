package calibrate

import (
	"time"

	"github.com/fournines/fournines/harness"
)

// RateResult is what was seen at one rate.
type RateResult struct {
	// Rate is scheduled requests per second.
	Rate   float64 `json:"rate"`
	Bounds Bounds  `json:"bounds"`
	// Script is the arm in which the target broke, Clean the one in which it
	// did not.
	Script Arm `json:"script"`
	Clean  Arm `json:"clean"`
	// Outages, Slices and Recoveries are everything that was compared.
	Outages    []Outage   `json:"outages"`
	Slices     []Slices   `json:"slices"`
	Recoveries []Recovery `json:"recoveries"`
	// Rows sums them up by mode; the last is about all modes.
	Rows []Row `json:"rows"`
}

// Arm is one trial as a whole.
type Arm struct {
	Length time.Duration `json:"lengthNs"`
	Sending
	Bad int `json:"bad"`
	// Invented are outages where there were none.
	Invented []Invented `json:"invented,omitempty"`
	// CPUShare is the processor time of generator, engine and target / wall
	// time; 1 is one core.
	CPUShare float64 `json:"cpuShare"`
}

// armOf sums a trial up; delays count from slack before to slack after what was
// invented.
func armOf(t trial, m harness.Measurement, invented []harness.Outage, slack time.Duration) Arm {
	return Arm{
		Length: m.Judged.Length(), Sending: t.sending(), Bad: m.Bad,
		Invented: t.invented(invented, slack), CPUShare: m.Generator.CPUShare,
	}
}

// Row is a line of the table: the |error| of the outages of one mode.
type Row struct {
	// Mode is empty in the line for all modes.
	Mode    Mode `json:"mode,omitempty"`
	Outages int  `json:"outages"`
	Found   int  `json:"found"`
	// Down, Begin and End are of outages in which every request failed.
	Down  Spread `json:"downtime"`
	Begin Spread `json:"begin"`
	End   Spread `json:"end"`
	// Count is the error of the number of failed requests, as time: 1/rate for
	// each.
	Count Spread `json:"count"`
	// Slices is the error of the downtime by slices.
	Slices Spread `json:"slices"`
}

// rows sums up by mode, in the order of the modes, and over all.
func rows(outages []Outage, slices []Slices, gap time.Duration) []Row {
	var all []Row
	for _, mode := range modes {
		if r := rowOf(mode, outages, slices, gap); r.Outages > 0 {
			all = append(all, r)
		}
	}
	return append(all, rowOf("", outages, slices, gap))
}

func rowOf(mode Mode, outages []Outage, slices []Slices, gap time.Duration) Row {
	r := Row{Mode: mode}
	var down, begin, end, count, sliced []time.Duration
	for _, o := range outages {
		if mode != "" && o.Mode != mode {
			continue
		}
		r.Outages++
		count = append(count, time.Duration(o.count())*gap)
		if !o.found() {
			continue
		}
		r.Found++
		if o.Mode.whole() {
			down, begin, end = append(down, o.down()), append(begin, o.begin()), append(end, o.end())
		}
	}
	for _, s := range slices {
		if mode == s.Mode || mode == "" && s.Mode.whole() && s.Mode != Flapping {
			sliced = append(sliced, s.Measured-s.Truth)
		}
	}
	r.Down, r.Begin, r.End, r.Count, r.Slices = spreadOf(down), spreadOf(begin), spreadOf(end), spreadOf(count), spreadOf(sliced)
	return r
}
