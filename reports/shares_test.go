package reports

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func TestThePageShowsHowRequestsWereSpread(t *testing.T) {
	s := sharesSample()
	page := string(render(t, newRun(sampleRun, s.verdicts, s.evidence).html))
	for _, want := range []string{"share of gateway-2", "before 25" + nbsp + "%, under 0" + nbsp + "%, after 25.5" + nbsp + "%", "wanted 25" + nbsp + "%", "under 25" + nbsp + "points (gateway-2)"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(page, "catalog-1<b>") {
		t.Error("a replica's name is markup")
	}
}

func TestReplicasThatAreTooManyAreNotToldOneByOne(t *testing.T) {
	s := harness.StageShares{Stage: harness.Baseline, Answered: 100, Deviation: .02, Farthest: "web-7"}
	for i := range sharesOfMany + 1 {
		s.Replicas = append(s.Replicas, harness.ReplicaShare{Replica: fmt.Sprintf("web-%d", i)})
	}
	shown := trial{measured: &harness.Measurement{Shares: []harness.Shares{{Component: "web", Stages: []harness.StageShares{s}}}}}
	if got := shown.shareFacts(); len(got) != 1 || got[0].Value != "before 2"+nbsp+"points (web-7)" {
		t.Errorf("facts %+v, want the deviation alone", got)
	}
	if got := shown.shareProperties(); len(got) != 1 || got[0].Name != "deviation.web.before" || got[0].Value != "0.0200" {
		t.Errorf("properties %+v, want the deviation alone", got)
	}
	var out terminal
	out.width = 80
	out.shares(shown)
	if got := out.out.String(); !bytes.Contains(out.out.Bytes(), []byte("before off by 2"+nbsp+"points (web-7)")) {
		t.Errorf("terminal: %q", got)
	}
}
