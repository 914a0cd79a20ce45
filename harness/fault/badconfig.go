package fault

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fournines/fournines/harness"
)

const (
	rolloutMethod = "the config centre gets another document, as from a person who rolls one out"
	rolloutUndone = "the recorded document is the newest again, unless somebody has published another meanwhile, and every replica of the component uses it"
)

// spoil are the documents of bad-config-rollout, each made out of a good one.
func spoil() map[string]func(string) (string, error) {
	return map[string]func(string) (string, error){
		"not-json": func(good string) (string, error) { return good[:len(good)/2], nil },
		"unknown-field": edit(func(root map[string]any) error {
			root["no-such-setting"] = true
			return nil
		}),
		"out-of-range":  edit(func(root map[string]any) error { return set(root, "-1s", "timeouts", "try") }),
		"short-timeout": edit(func(root map[string]any) error { return set(root, "1ms", "timeouts", "try") }),
		"wrong-service": edit(func(root map[string]any) error {
			routes, _ := root["routes"].([]any)
			for _, r := range routes {
				if route, ok := r.(map[string]any); ok {
					route["service"] = "nobody"
				}
			}
			if len(routes) == 0 {
				return errors.New("want routes in the document, saw none")
			}
			return nil
		}),
	}
}

func badConfigRollout() Kind {
	return Kind{
		Action:  "bad-config-rollout",
		Summary: "roll out a bad document to all replicas of a component",
		Explain: "The program's document in the config centre is replaced by one that is not JSON, has a setting that does not exist (unknown-field) or a value that cannot be (out-of-range): " +
			"a good program refuses these, says so, and goes on with the last good one. Or by one that is valid and does harm: every try is given 1 ms (short-timeout), or every route leads to a service that nobody provides (wrong-service). " +
			"All replicas of the component get it; the target is the one that names it.",
		Method:  rolloutMethod,
		Class:   App,
		Proof:   "every replica of the component that runs says on its admin port that it uses the bad document or refuses it",
		Undone:  rolloutUndone,
		Example: "{action: bad-config-rollout, target: {component: gateway, mode: one}, at: 0s, duration: 10s, document: unknown-field}",
		Params: []Param{word("document", "unknown-field", "what is wrong with the document",
			"not-json", "unknown-field", "out-of-range", "short-timeout", "wrong-service")},
		bind: func(b Binding) (harness.Fault, error) {
			return rollout{action: "bad-config-rollout", change: spoil()[b.Values["document"]]}.bind(b)
		},
	}
}

func rateLimitTooLow() Kind {
	return Kind{
		Action:  "rate-limit-too-low",
		Summary: "roll out a rate limit that good clients exceed",
		Explain: "The gateways' document in the config centre gets a limit for each client that is far below what clients need, and is valid otherwise. " +
			"Who sends more is answered 429 by healthy gateways; nothing is down, and no health check sees it.",
		Method:  rolloutMethod,
		Class:   App,
		Proof:   "every gateway that runs says on its admin port that it uses the document with the low limit",
		Undone:  rolloutUndone,
		Example: "{action: rate-limit-too-low, target: {component: gateway, mode: one}, at: 0s, duration: 10s, per-second: \"10\"}",
		Params:  []Param{number("per-second", 10, 1, 100_000, "how many requests per second each client may send, over all gateways")},
		bind: func(b Binding) (harness.Fault, error) {
			limit := b.Values.Count("per-second")
			return rollout{
				action: "rate-limit-too-low",
				change: edit(func(root map[string]any) error {
					return set(root, map[string]any{"perSecond": limit, "burst": limit}, "rateLimit", "client")
				}),
				want: func(f following, version string) bool { return f.using == version },
			}.bind(b)
		},
	}
}

// edit makes a document out of another by changing its members.
func edit(change func(root map[string]any) error) func(string) (string, error) {
	return func(document string) (string, error) {
		var root map[string]any
		if err := json.Unmarshal([]byte(document), &root); err != nil {
			return "", fmt.Errorf("want a JSON object: %w", err)
		}
		if err := change(root); err != nil {
			return "", err
		}
		text, err := json.MarshalIndent(root, "", "  ")
		return string(text) + "\n", err
	}
}

// set replaces a member that exists, found by its path.
func set(root map[string]any, value any, path ...string) error {
	for _, name := range path[:len(path)-1] {
		inside, ok := root[name].(map[string]any)
		if !ok {
			return fmt.Errorf("want an object %q in the document, saw none", name)
		}
		root = inside
	}
	last := path[len(path)-1]
	if _, ok := root[last]; !ok {
		return fmt.Errorf("want %q in the document, saw none", last)
	}
	root[last] = value
	return nil
}
