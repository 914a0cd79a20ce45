package reports

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/fournines/fournines/harness"
)

func pages(t *testing.T) map[string]string {
	t.Helper()
	all := maps.Clone(samples())
	all["hostile"] = hostileSample()
	pages := map[string]string{}
	for name, s := range all {
		pages[name] = string(render(t, newRun(sampleRun, s.verdicts, s.evidence).html))
	}
	return pages
}

func TestHTML(t *testing.T) {
	for name, page := range pages(t) {
		t.Run(name+": the policy allows exactly the page's own style", func(t *testing.T) {
			style := page[strings.Index(page, "<style>")+len("<style>") : strings.Index(page, "</style>")]
			want := "default-src 'none'; style-src '" + hash([]byte(style)) + "'; base-uri 'none'; form-action 'none'"
			if !strings.Contains(html.UnescapeString(page), want) {
				t.Errorf("no policy %q", want)
			}
		})
		t.Run(name+": nothing is loaded and nothing is executed", func(t *testing.T) {
			for _, bad := range []string{"<script", "<link", "<iframe", "<object", " src=\"", " onload", "url(http", "@import", " style=\"", "ZgotmplZ"} {
				if strings.Contains(page, bad) {
					t.Errorf("the page holds %q", bad)
				}
			}
		})
		t.Run(name+": ids are unique and references lead somewhere", func(t *testing.T) {
			ids := map[string]bool{}
			for _, m := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
				if ids[m[1]] {
					t.Errorf("id %q twice", m[1])
				}
				ids[m[1]] = true
			}
			for _, m := range regexp.MustCompile(`(?:aria-labelledby="|href="#|url\(#)([^")]*)`).FindAllStringSubmatch(page, -1) {
				for _, id := range strings.Fields(m[1]) {
					if !ids[id] {
						t.Errorf("reference to %q, which is not there", id)
					}
				}
			}
		})
		t.Run(name+": the body is well-formed", func(t *testing.T) {
			body := page[strings.Index(page, "<body>"):]
			body = strings.TrimSuffix(strings.TrimSpace(body), "</html>")
			body = regexp.MustCompile(`<details([^>]*) open>`).ReplaceAllString(body, `<details$1 open="">`)
			decoder := xml.NewDecoder(strings.NewReader(body))
			decoder.Entity = xml.HTMLEntity
			for {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestHTMLSays(t *testing.T) {
	all := pages(t)
	tests := map[string]struct {
		page string
		want []string
	}{
		"a pass is said with its word":                    {"pass", []string{`<strong class="pill pass">PASS</strong>`}},
		"a failure is said with its word":                 {"fail", []string{`<strong class="pill fail">FAIL</strong>`}},
		"what was not observed is named and hatched":      {"fail", []string{"diagnosis not within 10.6\u00a0s", "not observed", "url(#s1t1rw-h)"}},
		"an invalid run says what went wrong":             {"invalid", []string{"What went wrong in this trial", "GENERATOR_SATURATED", "interrupted"}},
		"a phase that did not end says by when":           {"invalid", []string{"not within 18.9\u00a0s"}},
		"the banner of the stack is shown":                {"inconclusive", []string{"No container engine answers"}},
		"an inconclusive run says what is missing":        {"inconclusive", []string{"What would make it conclusive", "20,956 more requests"}},
		"the command to run it again has the seed":        {"pass", []string{"fournines run catalog-replica-kill --stack docker --for 20s --seed 42"}},
		"several trials are folded and the worst is open": {"trials", []string{"<details class=\"card fold\" open><summary><strong class=\"word fail\">FAIL</strong> <span class=\"name\">Trial 4", "trial 4: 0.29\u00a0%, fail"}},
		"several scenarios have an overview":              {"suite", []string{"1 of 3\u00a0scenarios passed", `<a href="#gateway-kill">`}},
		"a run of nothing is not green":                   {"empty", []string{"INCONCLUSIVE", "nothing is known"}},
		"both downtimes stand side by side":               {"pass", []string{"downtime by outages", "downtime by slices", "availability by outages", "availability by slices"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for _, want := range tt.want {
				if !strings.Contains(strings.ReplaceAll(all[tt.page], "&#43;", "+"), want) {
					t.Errorf("page %s does not hold %q", tt.page, want)
				}
			}
		})
	}
}

func TestManySignals(t *testing.T) {
	s := passSample()
	for range 1000 {
		s.evidence[0].Signals = append(s.evidence[0].Signals, killSignals()...)
	}
	page := string(render(t, newRun(sampleRun, s.verdicts, s.evidence).html))
	if !strings.Contains(page, "later signals are in evidence.jsonl") {
		t.Error("the page does not say that it left signals out")
	}
	if len(page) > 200<<10 {
		t.Errorf("the page has %d bytes", len(page))
	}
}

func TestSparseEvidence(t *testing.T) {
	tests := map[string]func(*sample){
		"a verdict without evidence":              func(s *sample) { s.evidence = nil },
		"a verdict without trials":                func(s *sample) { s.evidence, s.verdicts[0].Trials = nil, nil },
		"evidence without a measurement":          func(s *sample) { s.verdicts[0].Trials = nil },
		"evidence that was killed at once":        func(s *sample) { s.evidence[0] = harness.Evidence{Header: s.evidence[0].Header} },
		"a verdict without findings":              func(s *sample) { s.verdicts[0].Findings = nil },
		"a fault that was never removed":          func(s *sample) { s.evidence[0].Injections[0].Removed = false },
		"a recovery of no length and no phases":   func(s *sample) { s.verdicts[0].Trials[0].Recovery = harness.RecoveryTime{Applies: true} },
		"seconds without a single answered event": func(s *sample) { s.evidence[0].Seconds = []harness.Second{{At: ms(1000)}} },
	}
	for name, change := range tests {
		t.Run(name+" is still reported", func(t *testing.T) {
			s := passSample()
			change(&s)
			r := newRun(sampleRun, s.verdicts, s.evidence)
			for format, write := range map[string]func(io.Writer) error{
				"html": r.html, "markdown": r.markdown, "junit": r.junit,
				"terminal": func(w io.Writer) error { return Terminal(w, s.verdicts, TerminalOptions{Evidence: s.evidence}) },
			} {
				if got := string(render(t, write)); !strings.Contains(got, "catalog-replica-kill") || strings.Contains(got, "NaN") {
					t.Errorf("%s: %s", format, got)
				}
			}
		})
	}
}
