package fault

import (
	"errors"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/agent/httpfault"
)

func httpBody() Kind {
	return Kind{
		Action:  "http-body",
		Summary: "spoil the bodies of a service's answers",
		Explain: "Answers of the target keep their status; the body is cut in two, emptied, garbled or replaced by a text. " +
			"Content-Length agrees with the new body; when \"wrong\" is asked for it announces more than comes, and the connection is closed then. Answers without a body, and those above 16 MiB, pass." + httpKept,
		Method:  httpMethod,
		Class:   App,
		Proof:   "requests from beside another replica get a body that is spoilt as asked for",
		Undone:  httpUndone,
		Example: "{action: http-body, target: {component: catalog, mode: one}, body: truncated, percent: 50%, at: 0s}",
		Params: httpParams(
			word("body", httpfault.Truncated, "what becomes of the body", httpfault.Truncated, httpfault.Emptied, httpfault.Garbled, httpfault.Replaced),
			free("text", "replaced by a fault of fournines", "down for maintenance", "a text of 1 to 1000 bytes", "what a body is replaced by", func(value string) error {
				if value == "" || len(value) > 1000 {
					return errors.New("out of range")
				}
				return nil
			}),
			word("length", "right", "whether Content-Length agrees with the body", "right", "wrong"),
		),
		bind: func(b Binding) (harness.Fault, error) {
			spec := httpfault.Spec{
				Kind: httpfault.Body, Change: b.Values["body"], Text: b.Values["text"], WrongLength: b.Values["length"] == "wrong",
			}
			return httpHold("http-body", b, spec, func(c map[string]int64) bool { return spoilt(spec, c) })
		},
	}
}

// spoilt reports whether a marked answer is as the one beside it that is not
// hit, but for its body.
func spoilt(s httpfault.Spec, c map[string]int64) bool {
	if c["status"] == 0 || c["status"] != c["control-status"] || c["hash"] == c["control-hash"] {
		return false
	}
	if (c["announced"] > c["bytes"]) != s.WrongLength {
		return false
	}
	switch s.Change {
	case httpfault.Truncated:
		return c["bytes"] < c["control-bytes"]
	case httpfault.Emptied:
		return c["bytes"] == 0
	case httpfault.Replaced:
		return c["bytes"] == int64(len(s.Text))
	}
	return c["bytes"] > 0
}
