package catalog

import (
	"strings"

	"github.com/fournines/fournines/fixtures/seed"
)

// store is the shop's items in memory. It never changes, and all methods may
// be called concurrently.
type store struct {
	items []seed.Item
	// text is what search looks at: items in lower case, by the same index.
	text []string
}

// newStore loads the seed data.
func newStore() (*store, error) {
	items, err := seed.Items()
	if err != nil {
		return nil, err
	}
	s := &store{items: items}
	for _, item := range items {
		s.text = append(s.text, strings.ToLower(item.Name+"\n"+item.Category+"\n"+item.Description))
	}
	return s, nil
}

// page returns at most limit items from offset on; never nil.
func (s *store) page(limit, offset int) []seed.Item {
	from := min(offset, len(s.items))
	to := min(from+limit, len(s.items))
	return s.items[from:to]
}

// item returns the item with an ID.
func (s *store) item(id int) (seed.Item, bool) {
	if id < 1 || id > len(s.items) {
		return seed.Item{}, false
	}
	return s.items[id-1], true
}

// search returns the first limit items that hold every word of query, and how
// many there are in all.
func (s *store) search(query string, limit int) (found []seed.Item, total int) {
	words := strings.Fields(strings.ToLower(query))
	found = []seed.Item{}
	for i, text := range s.text {
		if !holdsAll(text, words) {
			continue
		}
		if total++; len(found) < limit {
			found = append(found, s.items[i])
		}
	}
	return found, total
}

func holdsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}
