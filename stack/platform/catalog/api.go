package catalog

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/fournines/fournines/fixtures/seed"
)

const (
	// defaultLimit and largestLimit are items per page.
	defaultLimit = 20
	largestLimit = 100
	// longestQuery is in bytes.
	longestQuery = 100
)

// page is the answer of a list.
type page struct {
	Items []seed.Item `json:"items"`
	// Total is how many items there are in all.
	Total int `json:"total"`
	Limit int `json:"limit"`
	// Offset is absent from search results, which have one page.
	Offset int    `json:"offset,omitempty"`
	Query  string `json:"query,omitempty"`
}

// newAPI serves GET /items, /items/{id} and /search.
func newAPI(s *store) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items", func(w http.ResponseWriter, r *http.Request) {
		limit, err := number(r, "limit", defaultLimit, 1, largestLimit)
		if err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		offset, err := number(r, "offset", 0, 0, 1<<31-1)
		if err != nil {
			refuse(w, http.StatusBadRequest, err.Error())
			return
		}
		answer(w, http.StatusOK, page{Items: s.page(limit, offset), Total: len(s.items), Limit: limit, Offset: offset})
	})
	mux.HandleFunc("GET /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			refuse(w, http.StatusBadRequest, fmt.Sprintf("item ID is %q, want a number", r.PathValue("id")))
			return
		}
		item, ok := s.item(id)
		if !ok {
			refuse(w, http.StatusNotFound, fmt.Sprintf("there is no item %d, want 1 to %d", id, len(s.items)))
			return
		}
		answer(w, http.StatusOK, item)
	})
	mux.HandleFunc("GET /search", func(w http.ResponseWriter, r *http.Request) {
		query := strings.TrimSpace(r.URL.Query().Get("q"))
		if query == "" || len(query) > longestQuery {
			refuse(w, http.StatusBadRequest, fmt.Sprintf("q has %d bytes, want 1 to %d", len(query), longestQuery))
			return
		}
		found, total := s.search(query, defaultLimit)
		answer(w, http.StatusOK, page{Items: found, Total: total, Limit: defaultLimit, Query: query})
	})
	return mux
}

// number reads an optional query parameter.
func number(r *http.Request, name string, otherwise, least, most int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s is %q, want a number from %d to %d", name, text, least, most)
	}
	return n, nil
}

// answer sends v as JSON with its length, so that a reader notices when the
// answer was cut off.
func answer(w http.ResponseWriter, code int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "encode the answer: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+1))
	w.WriteHeader(code)
	_, _ = w.Write(append(body, '\n'))
}

// refuse sends a reason as JSON.
func refuse(w http.ResponseWriter, code int, reason string) {
	answer(w, code, map[string]string{"error": reason})
}
