package calibrate

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
)

// sound is a result at 500/s that passes: twenty outages, each a request early
// or late.
func sound() RateResult {
	r := RateResult{Rate: 500, Bounds: boundsAt(500)}
	r.Script.Sending = Sending{Scheduled: 10_000, Lag: Spread{P99: 9 * ms}}
	r.Clean.Sending = r.Script.Sending
	for i := range 20 {
		o := Outage{Case: i, Mode: modes[i%len(modes)], Truth: from(1000*i, 1000*i+20), Failed: 10}
		o.Measured = []harness.Outage{{Window: from(1000*i+1, 1000*i+21+i%2), Bad: 10}}
		r.Outages = append(r.Outages, o)
	}
	seen := harness.Stamp{State: harness.Seen, Lo: 99 * ms, Hi: 101 * ms}
	r.Recoveries = []Recovery{{Mode: Hung, Stamps: []Stamp{{"t0 effective", 100 * ms, seen}}, Sending: r.Clean.Sending}}
	return r
}

func TestOutcome(t *testing.T) {
	// late moves the end of the last outage that has edges, with a lag there.
	late := func(by, lag time.Duration) func(*RateResult) {
		return func(r *RateResult) {
			o := &r.Outages[18]
			o.Measured, o.Lag = slices.Clone(o.Measured), lag
			o.Measured[0].To += by
		}
	}
	for _, test := range []struct {
		rule  string
		spoil func(*RateResult)
		want  harness.Outcome
		why   string
	}{
		{"everything within its bounds passes", func(*RateResult) {}, harness.Pass, ""},
		{"one end 9 ms late passes", late(9*ms, 0), harness.Pass, ""},
		{"one end beyond 1/rate + 10 ms fails", late(12*ms, 0), harness.Fail, "500/s: end is off by 2ms in the median and 13ms at p99; want at most 4ms and 12ms"},
		{"the same where the generator was late is invalid", late(12*ms, 11*ms), harness.Invalid, "the machine was 11ms late there"},
		{"all ends 5 ms late fail by the median, wherever the generator was late", func(r *RateResult) {
			for i := range r.Outages {
				r.Outages[i].Measured[0].To += 5 * ms
			}
			r.Outages[0].Lag = time.Second
		}, harness.Fail, "end is off by 6ms in the median"},
		{"a missed outage fails", func(r *RateResult) { r.Outages[3].Measured = nil }, harness.Fail, "slow of 20ms was missed"},
		{"a missed outage where the generator was late is invalid", func(r *RateResult) { r.Outages[3].Measured, r.Outages[3].Lag = nil, time.Second }, harness.Invalid, "slow of 20ms was missed; the machine was 1s late there"},
		{"a missed outage of less than 20 ms passes", func(r *RateResult) {
			r.Outages[5] = Outage{Case: 5, Mode: Partial, Truth: from(5000, 5019)}
		}, harness.Pass, ""},
		{"an outage invented in clean traffic fails", func(r *RateResult) {
			r.Clean.Invented = []Invented{{Outage: harness.Outage{Window: from(10, 12), Example: "slow"}}}
		}, harness.Fail, "an outage of 2ms was invented in clean traffic (slow)"},
		{"an outage invented between the scripted ones fails", func(r *RateResult) {
			r.Script.Invented = []Invented{{Outage: harness.Outage{Window: from(10, 12)}}}
		}, harness.Fail, "invented between the scripted ones"},
		{"an invented outage where the generator was late is invalid", func(r *RateResult) {
			r.Clean.Invented = []Invented{{harness.Outage{Window: from(10, 12)}, time.Second}}
		}, harness.Invalid, "the machine was 1s late there"},
		{"a count of failed requests that is far off fails", func(r *RateResult) { r.Outages[5].Failed = 17 }, harness.Fail, "count of failed requests is off by 0s in the median and 14ms at p99"},
		{"a stamp that was not seen fails", func(r *RateResult) {
			r.Recoveries[0].Stamps[0].Measured = harness.Stamp{State: harness.Censored, Lo: 100 * ms, Hi: 100 * ms}
		}, harness.Fail, "t0 effective was at 100ms, measured as censored"},
		{"a stamp whose interval lies beside the truth fails", func(r *RateResult) { r.Recoveries[0].Stamps[0].Truth = 80 * ms }, harness.Fail, "t0 effective was at 80ms"},
		{"requests that were not sent are invalid", func(r *RateResult) { r.Clean.NotSent = 101 }, harness.Invalid, "500/s, clean traffic: 101 of 10000 requests were not sent"},
		{"a late generator is invalid, whatever was measured", func(r *RateResult) {
			r.Script.Lag.P99 = 11 * ms
			r.Outages[3].Measured = nil
		}, harness.Invalid, "500/s, script: 1 % of the requests were sent more than 11ms late"},
		{"an arm without requests is invalid", func(r *RateResult) { r.Script.Sending = Sending{} }, harness.Invalid, "no request was scheduled"},
	} {
		t.Run(test.rule, func(t *testing.T) {
			rate := sound()
			test.spoil(&rate)
			result := Result{Rates: []RateResult{rate}}
			result.judge()
			if result.Outcome != test.want {
				t.Errorf("outcome %v, want %v: %q", result.Outcome, test.want, result.Problems)
			}
			if why := strings.Join(result.Problems, "\n"); !strings.Contains(why, test.why) || (test.why == "") != (why == "") {
				t.Errorf("problems %q, want %q", why, test.why)
			}
		})
	}
	t.Run("nothing compared is invalid", func(t *testing.T) {
		var result Result
		if result.judge(); result.Outcome != harness.Invalid {
			t.Errorf("outcome %v, want invalid", result.Outcome)
		}
	})
}

func TestRowsSumUpByModeAndOverAll(t *testing.T) {
	r := sound()
	r.Outages[3].Measured = nil // slow
	table := rows(r.Outages, []Slices{{Refused, 20 * ms, 100 * ms}, {Flapping, 20 * ms, 900 * ms}, {Partial, 20 * ms, 700 * ms}}, r.Bounds.Gap)
	if len(table) != len(modes)+1 {
		t.Fatalf("%d rows, want one for each mode and one for all", len(table))
	}
	slow, partial, all := table[3], table[5], table[len(table)-1]
	if slow.Mode != Slow || slow.Outages != 3 || slow.Found != 2 || slow.Down.N != 2 || slow.Count.N != 3 || slow.Count.Max != 20*ms {
		t.Errorf("slow: %+v; want 2 of 3 found and the missed one in the count", slow)
	}
	if partial.Mode != Partial || partial.Down.N != 0 || partial.Count.N != 3 || partial.Slices.Max != 680*ms {
		t.Errorf("partial: %+v; want counts and slices only", partial)
	}
	if all.Outages != 20 || all.Found != 19 || all.Down.N != 19-5 || all.Count.N != 20 {
		t.Errorf("all: %+v; want 19 of 20 found and the edges of 14", all)
	}
	if all.Slices.N != 1 || all.Slices.Max != 80*ms {
		t.Errorf("all by slices: %+v; want the one case that was down throughout", all.Slices)
	}
}
