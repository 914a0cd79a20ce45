package fault

import (
	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/httpfault"
)

func httpAbort() Kind {
	return Kind{
		Action:  "http-abort",
		Summary: "let a service refuse requests with a status, or reset their connections",
		Explain: "Requests to the target are answered with the status, and the service does not get them; or, with status \"reset\", their connections are reset without an answer." + httpKept,
		Method:  httpMethod,
		Class:   App,
		Proof:   "requests from beside another replica are answered with the status, or reset",
		Undone:  httpUndone,
		Example: "{action: http-abort, target: {component: catalog, mode: one}, status: 503, percent: 50%, at: 0s}",
		Params: httpParams(
			free("status", "503", "503", "a status from 400 to 599, or reset", "what to answer", func(value string) error {
				if value == reset {
					return nil
				}
				return plausible(value)
			}),
		),
		bind: func(b Binding) (harness.Fault, error) {
			if b.Values["status"] == reset {
				return httpHold("http-abort", b, httpfault.Spec{Kind: httpfault.Reset}, func(now map[string]int64) bool {
					return now["reset"] == 1 && now["status"] == 0
				})
			}
			status := b.Values.Count("status")
			return httpHold("http-abort", b, httpfault.Spec{Kind: httpfault.Abort, Status: status}, func(now map[string]int64) bool {
				return now["status"] == int64(status)
			})
		},
	}
}

// reset in place of a status cuts the connection.
const reset = "reset"
