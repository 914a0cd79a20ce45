package fault

import "github.com/fournines/fournines/harness"

func connectionChurn() Kind {
	return Kind{
		Action:  "connection-churn",
		Summary: "open a connection for every request",
		Explain: "More clients send the same kind of requests as the scenario's, open loop, each over a fresh connection that is closed after the answer. Only the scenario's own requests are judged.",
		Method:  surgeMethod, Class: Load,
		Proof:      "at least half of the requests that are wanted were sent, each over its own connection, and the edge answered some",
		Undone:     surgeUndone,
		Example:    "{action: connection-churn, connections: 500, at: 0s, duration: 10s}",
		Targetless: true,
		Params:     []Param{number("connections", 200, 1, mostRate, "connections in a second")},
		bind: func(b Binding) (harness.Fault, error) {
			rate := b.Values.Factor("connections")
			return surge{action: "connection-churn", run: stream(b, rate, true), proved: halfOf(rate)}.bind(b)
		},
	}
}
