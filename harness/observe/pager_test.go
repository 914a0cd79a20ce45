package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/harness"
)

// pageOf is one notification about catalog-2, as the pager lists it.
func pageOf(number int, at, starts time.Time, status string) string {
	body := fmt.Sprintf(`{"version":"4","status":%q,"alerts":[{"status":%q,"labels":{"alertname":"InstanceDown","replica":"catalog-2"},"startsAt":%q}]}`,
		status, status, starts.UTC().Format(time.RFC3339Nano))
	return fmt.Sprintf(`{"number":%d,"at":%q,"body":%s}`, number, at.UTC().Format(time.RFC3339Nano), body)
}

// pagerLife is what a pager answers in one life.
func pagerLife(began time.Time, last int, pages ...string) string {
	return fmt.Sprintf(`{"began":%q,"last":%d,"pages":[%s]}`, began.UTC().Format(time.RFC3339Nano), last, strings.Join(pages, ","))
}

func TestPagesAreDatedByTheirArrival(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		at := func(d time.Duration) time.Time { return start.Add(d) }
		life, next := at(-time.Minute), at(2*time.Second)
		old, over := pageOf(1, at(-10*time.Second), at(-11*time.Second), "firing"), pageOf(2, at(-9*time.Second), at(-11*time.Second), "resolved")
		down, up := pageOf(3, at(1200*time.Millisecond), at(time.Second), "firing"), pageOf(4, at(1700*time.Millisecond), at(time.Second), "resolved")
		again := pageOf(1, at(2600*time.Millisecond), at(2500*time.Millisecond), "firing")
		answers := map[string][]string{
			"after=0": {pagerLife(life, 2, old, over), pagerLife(next, 1, again)},
			"after=1": {pagerLife(next, 1)},
			"after=2": {pagerLife(life, 2), pagerLife(life, 4, down, up)},
			"after=4": {pagerLife(life, 4), pagerLife(next, 1)},
		}
		p := &pages{source: answering(func(r *http.Request) (int, string, error) {
			list := answers[r.URL.RawQuery]
			if len(list) == 0 {
				return 0, "", fmt.Errorf("unexpected question %s", r.URL)
			}
			if len(list) > 1 {
				answers[r.URL.RawQuery] = list[1:]
			}
			return http.StatusOK, list[0], nil
		}), every: 500 * time.Millisecond}
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		var got []harness.Signal
		if err := p.Observe(ctx, func(s harness.Signal) { got = append(got, s) }); err != nil {
			t.Fatal(err)
		}
		said := func(d time.Duration, k harness.Kind) harness.Signal {
			return harness.Signal{Time: at(d).UTC(), Resolution: arrival, Source: "alertmanager", Subject: "catalog-2", Kind: k, Detail: "InstanceDown"}
		}
		want := []harness.Signal{said(1200*time.Millisecond, harness.AlertFiring), said(1700*time.Millisecond, harness.AlertResolved), said(2600*time.Millisecond, harness.AlertFiring)}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("signals (-want +got):\n%s", diff)
		}
	})
}

func TestAPagerThatSpeaksAnotherLanguageIsAnError(t *testing.T) {
	for what, body := range map[string]string{
		"no list":         `{}`,
		"no notification": pagerLife(time.Time{}, 1, `{"number":1,"at":"2026-11-23T08:00:00Z","body":{"hello":1}}`),
		"something else":  `<html>`,
	} {
		t.Run(what, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &pages{source: answering(func(*http.Request) (int, string, error) { return http.StatusOK, body, nil }), every: time.Second}
				err := p.Observe(t.Context(), func(s harness.Signal) { t.Errorf("signal %+v", s) })
				if err == nil || !strings.Contains(err.Error(), "no useful answer for 10s") {
					t.Errorf("error %v, want that it is of no use", err)
				}
			})
		})
	}
	if !json.Valid([]byte(pagerLife(time.Now(), 1, pageOf(1, time.Now(), time.Now(), "firing")))) {
		t.Error("the test's own documents are no JSON")
	}
}
