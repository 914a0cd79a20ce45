package spec_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/harness"
	"github.com/fournines/fournines/harness/spec"
	"github.com/google/go-cmp/cmp"
)

const openSLOExamples = "../../fixtures/openslo"

func TestOpenSLOExamples(t *testing.T) {
	want := map[string]harness.SLO{
		"availability.yaml": {Availability: 0.9999},
		"shop.yaml": {
			Availability: 0.9999, LatencyBound: time.Second,
			LatencyQuantiles: map[string]time.Duration{"p50": 50 * time.Millisecond, "p99": 250 * time.Millisecond},
		},
		"timeslices.yaml": {Availability: 0.99, Timeslices: &harness.Timeslices{Target: 0.95, Window: time.Minute}},
	}
	files, err := filepath.Glob(filepath.Join(openSLOExamples, "*.yaml"))
	if err != nil || len(files) != len(want) {
		t.Fatalf("examples %v (%v), want the %d that are listed here", files, err, len(want))
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			got, err := spec.ParseSLOFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want[filepath.Base(file)], got); diff != "" {
				t.Errorf("objective (-want +got):\n%s", diff)
			}
			src, err := os.ReadFile(file)
			if err != nil || !spec.IsOpenSLO(src) {
				t.Errorf("IsOpenSLO = false (%v), want true", err)
			}
		})
	}
}

// example is a file of the examples with one text replaced by another; what is
// replaced has to be there.
func example(t *testing.T, file, old, new string) string {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(openSLOExamples, file))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(src), old) {
		t.Fatalf("%s does not hold %q: the test changes nothing", file, old)
	}
	return strings.Replace(string(src), old, new, 1)
}

func TestOpenSLORefusals(t *testing.T) {
	const small, large, slices = "availability.yaml", "shop.yaml", "timeslices.yaml"
	for _, tt := range []struct {
		name, file, old, new string
		// want are the starts of all problems, in order, without the file.
		want []string
	}{
		{"a later version is named", small, "openslo/v1", "openslo.com/v2alpha", []string{
			`3:13: apiVersion: expected the API version (openslo/v1), saw "openslo.com/v2alpha"`}},
		{"a kind that fournines has no use for says so", large, "kind: Service", "kind: AlertPolicy", []string{
			`5:7: kind: expected the kind (Service, SLI, SLO), saw "AlertPolicy"; fournines does not read this kind`}},
		{"an unknown field is refused with the nearest one", small, "budgetingMethod:", "budgettingMethod:", []string{
			`9:3: spec: expected field "budgetingMethod", which is missing`,
			`32:3: spec: unknown field "budgettingMethod"; expected description, service,`}},
		{"names follow RFC 1123", small, "name: catalog-availability", "name: Catalog_1", []string{
			`6:9: metadata.name: expected a name of lower-case letters`}},
		{"a service that the file does not describe is a slip", large, "service: shop\n", "service: shpo\n", []string{
			`49:12: spec.service: expected a Service of this file, saw "shpo"; there are shop; did you mean "shop"?`}},
		{"a service whose name is wrong is none that can be meant", large, "name: shop\n", "name: Shop\n", []string{
			`7:9: metadata.name: expected a name of lower-case letters`,
			`49:12: spec.service: expected a Service of this file, saw "shop"; there is none in this file`,
			`66:12: spec.service: expected a Service of this file`,
			`79:12: spec.service: expected a Service of this file`}},
		{"a time zone has the form of one", large, "timeZone: Europe/Berlin", "timeZone: two hours east", []string{
			`55:19: spec.timeWindow[0].calendar.timeZone: expected an IANA time zone`}},
		{"an indicator that the file does not hold is a slip", large, "indicatorRef: shop-requests", "indicatorRef: shop-request", []string{
			`12:1: SLI "shop-requests": no SLO`,
			`50:17: spec.indicatorRef: expected an SLI of this file, saw "shop-request"; there are shop-requests, shop-latency; did you mean "shop-requests"?`}},
		{"nobody guesses what an indicator stands for", small, "fournines.io/measures: requests", "example.com/x: y", []string{
			`18:9: ratioMetric: fournines runs no queries`}},
		{"an annotation of ours that does not exist is a slip", small, "fournines.io/measures", "fournines.io/measure", []string{
			`15:31: spec.indicator.metadata.annotations.fournines.io/measure: unknown annotation; expected`}},
		{"an annotation of ours has its place at the SLI", small, "displayName: Readers get the catalogue", "annotations: {fournines.io/measures: requests}", []string{
			`7:40: metadata.annotations.fournines.io/measures: expected annotation "fournines.io/measures" at the SLI`}},
		{"latency is no ratio", small, "measures: requests", "measures: latency", []string{
			`15:32: metadata.annotations.fournines.io/measures: expected requests with a ratioMetric, saw "latency"`}},
		{"a precomputed ratio is not supported", small, "        good:\n", "        raw:\n", []string{
			`20:11: spec.indicator.spec.ratioMetric.raw: precomputed ratios are not supported`}},
		{"good and bad exclude each other", large, "    total:", "    good: {metricSource: {}}\n    total:", []string{
			`25:5: spec.ratioMetric: expected either good or bad, saw both`}},
		{"a ratio has a total", slices, "        total:\n          metricSource: {type: Prometheus}\n", "", []string{
			`17:9: spec.indicator.spec.ratioMetric: expected field "total", which is missing`}},
		{"there is exactly one time window", small, "isRolling: true", "isRolling: true\n    - {duration: 1d, isRolling: true}", []string{
			`30:5: spec.timeWindow: expected a list of exactly one time window, saw 2 of them`}},
		{"a window rolls or follows a calendar", small, "isRolling: true", "isRolling: false", []string{
			`30:7: spec.timeWindow[0]: expected isRolling: true or a calendar, saw neither`}},
		{"durations have no seconds", small, "duration: 28d", "duration: 90s", []string{
			`30:17: spec.timeWindow[0].duration: expected a whole number of minutes, hours, days, weeks, months, quarters or years such as 5m, 28d, 1M, saw "90s"; OpenSLO knows no seconds`}},
		{"slices have no seconds", slices, "timeSliceWindow: 1m", "timeSliceWindow: 1s", []string{
			`28:24: spec.objectives[0].timeSliceWindow: expected a whole number of minutes, hours or days such as 1m or 2h, saw "1s"; OpenSLO knows no seconds`}},
		{"slices need their target", slices, "      timeSliceTarget: 0.95\n", "", []string{
			`26:7: expected field "timeSliceTarget" with budgeting method Timeslices, which is missing`}},
		{"slices belong to their method", slices, "Timeslices", "Occurrences", []string{
			`27:24: timeSliceTarget: expected no such field with budgeting method Occurrences`,
			`28:24: timeSliceWindow: expected no such field with budgeting method Occurrences`}},
		{"a method that cannot be measured is refused", slices, "Timeslices", "RatioTimeslices", []string{
			`24:20: spec.budgetingMethod: expected a budgeting method (Occurrences, Timeslices), saw "RatioTimeslices"; fournines measures no mean`}},
		{"target and targetPercent exclude each other", small, "target: 0.9999", "target: 0.9999\n      targetPercent: 99.99", []string{
			`34:7: spec.objectives[0]: expected either target or targetPercent, saw both`}},
		{"a percentage is no target", small, "target: 0.9999", "target: 99.99", []string{
			`34:15: spec.objectives[0].target: expected a number above 0 and below 1, such as 0.9999, saw "99.99"; a percentage goes into targetPercent`}},
		{"nobody promises 100 %", small, "target: 0.9999", "targetPercent: 100", []string{
			`34:22: spec.objectives[0].targetPercent: expected a number above 0 and below 100`}},
		{"one run is held to one objective", small, "target: 0.9999", "target: 0.9999\n    - target: 0.999", []string{
			`34:5: spec.objectives: expected a list of exactly one objective, saw 2 of them`}},
		{"composite SLOs are not supported", small, "target: 0.9999", "target: 0.9999\n      compositeWeight: 2", []string{
			`35:24: spec.objectives[0].compositeWeight: composite SLOs are not supported`}},
		{"alerts are not raised", small, "  budgetingMethod", "  alertPolicies: [fast-burn]\n  budgetingMethod", []string{
			`32:18: spec.alertPolicies: alert policies are not supported`}},
		{"latency has an upper limit only", large, "op: lte", "op: gt", []string{
			`70:11: op: expected lte, saw "gt"`}},
		{"the unit of a latency is said", large, "    fournines.io/unit: ms\n", "", []string{
			`40:5: thresholdMetric: expected the unit of the objective's value`}},
		{"a quantile that is not measured is refused", large, "targetPercent: 50", "targetPercent: 95", []string{
			`70:7: objectives[0]: expected the target 0.5, 0.9, 0.99 or 0.999 of a quantile that fournines measures, saw 0.95`}},
		{"a quantile has one limit", large, "targetPercent: 50", "targetPercent: 99", []string{
			`74:1: SLO "shop-latency-p99": expected one limit for p99, saw another`}},
		{"aliases are refused as everywhere", small, "service: catalog", "service: &a catalog", []string{
			`10:12: expected a value, saw anchor "&a"; anchors are not supported`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := spec.ParseSLO("f.yaml", []byte(example(t, tt.file, tt.old, tt.new)))
			var got []string
			if err != nil {
				got = strings.Split(err.Error(), "\n")
			}
			if len(got) != len(tt.want) {
				t.Fatalf("%d problems, want %d:\n%v", len(got), len(tt.want), err)
			}
			for i, want := range tt.want {
				if !strings.HasPrefix(got[i], "f.yaml:"+want) {
					t.Errorf("problem %d is\n%s\nwant it to begin with\nf.yaml:%s", i+1, got[i], want)
				}
			}
		})
	}
}

func TestOpenSLOAllProblemsAtOnce(t *testing.T) {
	src := example(t, "shop.yaml", "value: 50", "value: fast")
	src = strings.Replace(src, "timeZone: Europe/Berlin", "timeZon: Europe/Berlin", 1)
	src = strings.Replace(src, "name: shop-latency\n", "name: shop-requests\n", 1)
	_, err := spec.ParseSLO("f.yaml", []byte(src))
	var problems spec.Errors
	if !errors.As(err, &problems) {
		t.Fatalf("ParseSLO = %v, want Errors", err)
	}
	for _, want := range []string{"given twice", "timeZon", "value: expected a number", "indicatorRef"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no problem mentions %q:\n%v", want, err)
		}
	}
}

func TestOpenSLOWithoutAnObjectiveForRequests(t *testing.T) {
	src := example(t, "availability.yaml", "ratioMetric:", "thresholdMetric:")
	for _, tt := range []struct{ name, src, want string }{
		{"no document", "", "1:1: expected OpenSLO documents, saw an empty file"},
		{"only separators", "---\n---\n", "1:1: expected OpenSLO documents, saw an empty file"},
		{"no SLO", "apiVersion: openslo/v1\nkind: Service\nmetadata: {name: a}\nspec: {}\n", `1:1: Service "a": no SLO in this file is about it`},
		{"a text", "hello\n", "1:1: expected a mapping with apiVersion, kind"},
		{"a metric of the wrong shape", src, "18:9: spec.indicator.spec.thresholdMetric: expected field"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := spec.ParseSLO("f.yaml", []byte(tt.src))
			if err == nil || !strings.Contains(err.Error(), "f.yaml:"+tt.want) {
				t.Errorf("ParseSLO = %v, want %q", err, tt.want)
			}
		})
	}
}

func TestOpenSLOOnlyLatency(t *testing.T) {
	src := example(t, "availability.yaml", "ratioMetric:\n        counter: true\n        good:\n", "thresholdMetric:\n")
	cut := strings.Index(src, "        total:")
	end := strings.Index(src, "  timeWindow:")
	src = src[:cut] + src[end:]
	src = strings.Replace(src, "measures: requests", "measures: latency\n        fournines.io/unit: s", 1)
	src = strings.Replace(src, "target: 0.9999", "target: 0.99\n      op: lte\n      value: 0.25", 1)
	src = strings.Replace(src, "          metricSource:\n            type: Prometheus\n            spec:\n              query: sum(fournines_http_requests_total{service=\"catalog\", code=~\"2..\"})\n", "        metricSource: {}\n", 1)
	_, err := spec.ParseSLO("f.yaml", []byte(src))
	if err == nil || !strings.Contains(err.Error(), "expected an SLO over requests (a ratioMetric), saw only latency") {
		t.Errorf("ParseSLO = %v, want that an objective for requests is missing", err)
	}
}
