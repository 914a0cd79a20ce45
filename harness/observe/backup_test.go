package observe

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/fournines/fournines/harness"
)

func TestBackupEmitsWhatItBackedUpAndRestored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		p := &process{started: began.Add(-time.Hour)}
		p.at(time.Minute, "restore-verified") // before anybody looked
		p.at(time.Hour+time.Second, "backed-up").at(time.Hour+2*time.Second, "restore-failed")
		p.at(time.Hour+3*time.Second, "restore-verified").at(time.Hour+4*time.Second, "something else")
		got := signals(t, backup(answering(p.answer), 200*time.Millisecond), 5*time.Second)
		var want []harness.Signal
		for i, kind := range []harness.Kind{harness.BackedUp, harness.RestoreFailed, harness.RestoreVerified} {
			want = append(want, harness.Signal{
				Time: began.Add(time.Duration(i+1) * time.Second).UTC(), Resolution: time.Millisecond, Source: "backup",
				Subject: "catalog-2", Kind: kind, Detail: "3 consecutive failures", // as the process of a gateway in these tests
			})
		}
		for i := range got {
			got[i].Time = got[i].Time.UTC()
		}
		same(t, want, got)
	})
	if got := Backup(nil, time.Second).String(); got != "backup" {
		t.Errorf("it is called %q, want backup, which the judge looks for", got)
	}
}
