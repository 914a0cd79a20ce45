package reports

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"github.com/fournines/fournines/harness"
)

//go:embed templates
var templates embed.FS

// html writes the run as one self-contained page: no script, no network, one
// style block that the page's own policy allows by its hash. Everything that
// comes from outside goes through html/template's escaping.
func (r run) html(w io.Writer) error {
	parsed, err := template.New("page").Funcs(template.FuncMap{"spans": spans}).ParseFS(templates, "templates/*.gohtml")
	if err != nil {
		return fmt.Errorf("parse report templates: %w", err)
	}
	style, err := templates.ReadFile("templates/style.css")
	if err != nil {
		return fmt.Errorf("read report style: %w", err)
	}
	page := r.page()
	page.Style = template.CSS(style) // our own embedded file, nothing foreign
	page.StyleHash = hash(style)
	return parsed.ExecuteTemplate(w, "page.gohtml", page)
}

// hash is a source expression of a content security policy (CSP level 3,
// section 2.3.1).
func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// pageView is what the page template shows.
type pageView struct {
	Title     string
	Style     template.CSS
	StyleHash string
	Facts     []string
	Tool      string
	Empty     bool
	Many      bool
	Outcome   outcomeView
	Tally     string
	Scenarios []scenarioView
	Year      *yearView
}

// outcomeView is an outcome as word and style class, both from a fixed set.
type outcomeView struct{ Word, Class string }

func viewOutcome(o harness.Outcome) outcomeView {
	return outcomeView{Word: strings.ToUpper(o.String()), Class: o.String()}
}

func (r run) page() pageView {
	p := pageView{
		Empty: len(r.scenarios) == 0, Many: len(r.scenarios) > 1,
		Outcome: viewOutcome(r.outcome), Tally: r.tally(), Title: "fournines",
	}
	if r.year != nil {
		p.Year = viewYear(*r.year)
	}
	if r.id != "" {
		p.Facts = append(p.Facts, "run "+line(r.id))
	}
	anchors := anchors{}
	for i, s := range r.scenarios {
		p.Scenarios = append(p.Scenarios, s.view(anchors.of(s.Scenario), i+1))
	}
	if len(r.scenarios) > 0 {
		first := r.scenarios[0]
		if h := first.header(); h != nil {
			p.Facts = append(p.Facts, h.Start.UTC().Format("2 January 2006, 15:04:05 UTC"))
			if first.endpoint() == "" { // nothing is chosen when a URL is observed
				p.Facts = append(p.Facts, fmt.Sprintf("seed %d", h.Plan.Seed))
			}
			p.Tool = strings.TrimSpace(line(h.Tool.Version))
		}
		if first.Stack.Kind != "" {
			p.Facts = append(p.Facts, "stack "+line(first.Stack.Kind))
		}
		p.Title = fmt.Sprintf("%s · %s · fournines", p.Outcome.Word, line(first.Scenario))
		if p.Many {
			p.Title = fmt.Sprintf("%s · %s · fournines", p.Outcome.Word, p.Tally)
		}
	}
	return p
}

// tally is "2 of 3 scenarios passed".
func (r run) tally() string {
	passed := 0
	for _, s := range r.scenarios {
		if s.Outcome == harness.Pass {
			passed++
		}
	}
	return fmt.Sprintf("%d of %s passed", passed, plural(len(r.scenarios), "scenario"))
}

// anchors makes names fit for links within the page, each one once.
type anchors map[string]bool

func (a anchors) of(name string) string {
	keep := func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}
	base := strings.Trim(clip(strings.Map(keep, strings.ToLower(name)), 80), "-…")
	if base == "" {
		base = "scenario"
	}
	anchor := base
	for n := 2; a[anchor]; n++ {
		anchor = fmt.Sprintf("%s-%d", base, n)
	}
	a[anchor] = true
	return anchor
}
