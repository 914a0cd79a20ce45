package load

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// items is the number of items in the reference platform's catalog; their ids
// are 1 to items.
const items = 500

// pageSize is the length of a page of the item list.
const pageSize = 20

// words are searched for; some find nothing, which is a right answer too.
var words = [...]string{"lamp", "chair", "table", "red", "blue", "oak", "steel", "small", "classic", "nothing-like-this"}

// Browse is what readers of the reference platform do, at the edge's base URL
// (no trailing slash needed): 70 % look at an item, with ids evenly spread over
// 1 to 500, 20 % list a page of items and 10 % search. Answers must be 200
// with JSON; an item must be the one that was asked for.
func Browse(baseURL string, seed uint64) Source {
	api := strings.TrimRight(baseURL, "/") + "/api/catalog/"
	source, err := Mix(seed, []Weighted{
		{Weight: 70, Request: func(r *rand.Rand) Request {
			id := 1 + r.IntN(items)
			return Request{URL: fmt.Sprintf("%sitems/%d", api, id), Want: 200, Check: isItem(id)}
		}},
		{Weight: 20, Request: func(r *rand.Rand) Request {
			offset := pageSize * r.IntN(items/pageSize)
			return Request{URL: fmt.Sprintf("%sitems?limit=%d&offset=%d", api, pageSize, offset), Want: 200, Check: isJSON}
		}},
		{Weight: 10, Request: func(r *rand.Rand) Request {
			q := words[r.IntN(len(words))]
			return Request{URL: api + "search?q=" + url.QueryEscape(q), Want: 200, Check: isJSON}
		}},
	})
	if err != nil {
		// The weights are the constants above.
		panic(err)
	}
	return source
}

// isItem checks that a body is a JSON object whose id is id.
func isItem(id int) func([]byte) error {
	return func(body []byte) error {
		var item struct {
			ID int `json:"id"`
		}
		if err := json.Unmarshal(body, &item); err != nil {
			return fmt.Errorf("expected item %d as JSON, saw %.60q: %w", id, body, err)
		}
		if item.ID != id {
			return fmt.Errorf("expected item %d, saw item %d: %.60q", id, item.ID, body)
		}
		return nil
	}
}

func isJSON(body []byte) error {
	if !json.Valid(body) {
		return fmt.Errorf("expected JSON, saw %.60q", body)
	}
	return nil
}
