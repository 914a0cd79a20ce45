package harness

import (
	"fmt"
	"testing"
	"time"
	"unsafe"
)

func TestTheSameExampleIsKeptOnce(t *testing.T) {
	r := newRecorder(Header{Schema: EvidenceSchema}, time.Now(), nil, t.TempDir())
	for i := range 3 * maxExamples {
		for _, text := range []string{"reset", fmt.Sprint("refused ", i)} {
			r.write(record{Outage: &Outage{Bad: 1, Example: text}})
		}
	}
	ofALook := r.look().Evidence.Outages
	ev, err := r.close(End{Reason: Completed})
	if err != nil {
		t.Fatal(err)
	}
	for name, outages := range map[string][]Outage{"of a look": ofALook, "of the trial": ev.Outages} {
		if len(outages) != 6*maxExamples || len(r.examples.known) > maxExamples {
			t.Fatalf("%d outages %s and %d texts remembered, want %d and at most %d", len(outages), name, len(r.examples.known), 6*maxExamples, maxExamples)
		}
		first := unsafe.StringData(outages[0].Example)
		for i, o := range outages {
			want := fmt.Sprint("refused ", i/2)
			if name == "of a look" && i/2 >= maxExamples-1 { // "reset" is one of them
				want = ""
			}
			if i%2 == 0 && unsafe.StringData(o.Example) != first {
				t.Fatalf("outage %d %s has a copy of %q of its own", i, name, o.Example)
			}
			if i%2 == 1 && o.Example != want {
				t.Fatalf("outage %d %s says %q, want %q", i, name, o.Example, want)
			}
		}
	}
}
