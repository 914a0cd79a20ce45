package harness

// maxExamples bounds the texts that examples remember.
const maxExamples = 256

// examples are the texts of outages, each once: a stack that fails in one way
// ten thousand times needs the words for it once. The zero value is none and
// can be added to.
type examples struct{ known map[string]string }

// shared returns the same text from the same memory. ok is false when there is
// no room for another one; text is returned as it is then.
func (e *examples) shared(text string) (kept string, ok bool) {
	if kept, ok = e.known[text]; ok {
		return kept, true
	}
	if len(e.known) >= maxExamples {
		return text, false
	}
	if e.known == nil {
		e.known = map[string]string{}
	}
	e.known[text] = text
	return text, true
}
