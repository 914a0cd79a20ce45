package spec

import (
	"strings"
	"testing"
)

func TestParametersThatDoNotFitTogetherAreShownWhereTheyAre(t *testing.T) {
	const head = "apiVersion: fournines/v1\nkind: Scenario\nmetadata: {name: x}\nhypothesis: x\nload: {rate: 10/s, mix: browse}\nsteady: {for: 10s}\ndisruption: {for: 20s}\nrecovery: {for: 15s}\nfaults:\n"
	const tail = "slo: {availability: 99.99%}\n"
	_, err := Parse("f.yaml", []byte(head+"  - {action: delay, target: {component: catalog}, latency: 5ms, jitter: 6ms, at: 0s}\n"+tail))
	if err == nil || !strings.Contains(err.Error(), "f.yaml:10:5:") || !strings.Contains(err.Error(), `parameter "jitter": want at most the latency of 5ms, saw 6ms`) {
		t.Errorf("Parse = %v", err)
	}
	if _, err := Parse("f.yaml", []byte(head+"  - {action: delay, target: {component: catalog}, latency: 5ms, jitter: 5ms, at: 0s}\n"+tail)); err != nil {
		t.Errorf("Parse = %v", err)
	}
}
