package fault

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/fournines/fournines/harness"
)

func trafficSpike() Kind {
	return Kind{
		Action:  "traffic-spike",
		Summary: "send several times the scenario's requests",
		Explain: fmt.Sprintf("More clients send the same kind of requests as the scenario's, open loop, so that the edge gets factor times the scenario's rate, %d requests/s more at most. Only the scenario's own requests are judged.", mostRate),
		Method:  surgeMethod, Class: Load,
		Proof:      "at least half of the requests that are wanted more were sent, and the edge answered some",
		Undone:     surgeUndone,
		Example:    `{action: traffic-spike, factor: "3", at: 0s, duration: 10s}`,
		Targetless: true,
		Params: []Param{free("factor", "3", "3", "a number above 1 and up to 20", "how many times the scenario's rate the edge gets", func(value string) error {
			f, err := strconv.ParseFloat(value, 64)
			if err == nil && !(f > 1 && f <= 20) {
				err = errors.New("out of range")
			}
			return err
		})},
		bind: func(b Binding) (harness.Fault, error) {
			more := (b.Values.Factor("factor") - 1) * b.Rate
			if more <= 0 || more > mostRate {
				return nil, fmt.Errorf("traffic-spike: want up to %d requests/s more, saw %.0f: choose a smaller factor", mostRate, more)
			}
			return surge{action: "traffic-spike", run: stream(b, more, false), proved: halfOf(more)}.bind(b)
		},
	}
}
