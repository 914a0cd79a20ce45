package harness

import (
	"fmt"
	"testing"
	"time"
	"unsafe"
)

func TestTheSameExampleIsKeptOnce(t *testing.T) {
	r := newRecorder(Header{}, time.Now(), nil)
	for i := range 3 * maxExamples {
		for _, text := range []string{"reset", fmt.Sprint("refused ", i)} {
			r.write(record{Outage: &Outage{Bad: 1, Example: text}})
		}
	}
	outages := r.evidence.Outages
	if len(outages) != 6*maxExamples || len(r.examples) > maxExamples {
		t.Fatalf("%d outages and %d texts remembered, want %d and at most %d", len(outages), len(r.examples), 6*maxExamples, maxExamples)
	}
	first := unsafe.StringData(outages[0].Example)
	for i, o := range outages {
		if i%2 == 0 && unsafe.StringData(o.Example) != first {
			t.Fatalf("outage %d has a copy of %q of its own", i, o.Example)
		}
		if want := fmt.Sprint("refused ", i/2); i%2 == 1 && o.Example != want {
			t.Fatalf("outage %d says %q, want %q", i, o.Example, want)
		}
	}
}
