package bulk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// answerBytes is the most of an answer that is read.
const answerBytes = 8 << 20

// answer is what the bulk API says: one item for each document, in their order.
type answer struct {
	Errors bool `json:"errors"`
	Items  []map[string]struct {
		Status int `json:"status"`
		Error  struct {
			Type   string `json:"type"`
			Reason string `json:"reason"`
		} `json:"error"`
	} `json:"items"`
}

// send offers a batch until all of it was taken, refused or offered often enough.
// It returns what it could not finish because ctx was done.
func (s *Shipper) send(ctx context.Context, batch []document) []document {
	pause := s.pause
	for try := 1; ; try++ {
		left, wait, why := s.offer(ctx, batch)
		batch = left
		if len(batch) == 0 {
			return nil
		}
		if ctx.Err() != nil {
			return batch
		}
		if try == attempts || wait < 0 {
			s.count(func(t *tally) { t.lost += len(batch); t.note(why) })
			return nil
		}
		select {
		case <-ctx.Done():
			return batch
		case <-time.After(min(max(pause, wait), longestPause)):
		}
		pause *= 2
	}
}

// offer sends a batch once and counts what was taken and refused. left is worth
// another try after wait, or none where wait is negative; why says so.
func (s *Shipper) offer(ctx context.Context, batch []document) (left []document, wait time.Duration, why string) {
	ctx, cancel := context.WithTimeout(ctx, requestPatience)
	defer cancel()
	var body bytes.Buffer
	for _, d := range batch {
		body.Write(d.raw)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.endpoint.String(), &body)
	if err != nil {
		return batch, -1, err.Error()
	}
	request.Header.Set("Content-Type", "application/x-ndjson")
	if s.authorization != "" {
		request.Header.Set("Authorization", s.authorization)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return batch, 0, err.Error()
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, answerBytes))
	switch {
	case err != nil:
		return batch, 0, err.Error()
	case passing(response.StatusCode):
		return batch, retryAfter(response.Header), fmt.Sprintf("it answers %s", response.Status)
	case response.StatusCode != http.StatusOK:
		return batch, -1, fmt.Sprintf("it answers %s: %.200q", response.Status, raw)
	}
	var said answer
	if err := json.Unmarshal(raw, &said); err != nil || len(said.Items) != len(batch) {
		return batch, 0, fmt.Sprintf("want the answer of a bulk API with %d items, got %.200q", len(batch), raw)
	}
	return s.sort(batch, said)
}

// sort counts the documents by what the answer says of each, and returns those
// that are worth another try.
func (s *Shipper) sort(batch []document, said answer) (left []document, wait time.Duration, why string) {
	var taken, refused int
	var refusal string
	for i, item := range said.Items {
		if len(item) != 1 {
			refused++
			refusal = "an item of the answer does not say what became of the line"
			continue
		}
		for _, result := range item {
			text := fmt.Sprintf("status %d, %.200q", result.Status, result.Error.Type+": "+result.Error.Reason)
			switch {
			case result.Status >= 200 && result.Status < 300:
				taken++
			case passing(result.Status):
				left, why = append(left, batch[i]), text
			default:
				refused++
				if refusal == "" {
					refusal = text
				}
			}
		}
	}
	s.count(func(t *tally) {
		t.taken += taken
		t.refused += refused
		if refused > 0 {
			t.note(refusal)
		}
	})
	return left, 0, why
}

// passing reports whether a status is one that may be another later.
func passing(status int) bool {
	return status == http.StatusTooManyRequests || status >= 500
}

// retryAfter is what the endpoint asks for, in whole seconds; 0 for nothing.
func retryAfter(header http.Header) time.Duration {
	seconds, err := strconv.Atoi(header.Get("Retry-After"))
	if err != nil || seconds < 0 || seconds > 3600 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
