package httpfault

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
)

// largestBody is the longest body that is changed; longer ones pass.
const largestBody = 16 << 20

// spoil changes the body of an answer; false when it has none that could be.
func (s Spec) spoil(resp *http.Response, own *rand.Rand) (bool, error) {
	if resp.Request.Method == http.MethodHead || resp.StatusCode < 200 || resp.StatusCode == http.StatusNoContent || resp.StatusCode == http.StatusNotModified {
		return false, nil
	}
	was, err := io.ReadAll(io.LimitReader(resp.Body, largestBody+1))
	if err != nil {
		return false, fmt.Errorf("read the service's answer: %w", err)
	}
	if len(was) > largestBody || len(was) == 0 {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(was), resp.Body), resp.Body}
		return false, nil
	}
	now := s.changed(was, own)
	length := len(now)
	if s.WrongLength {
		// More is announced than comes: the client waits for the rest until
		// the connection is closed, instead of taking it for the next answer.
		if length = len(was); length <= len(now) {
			length = len(now) + 1
		}
	}
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(now))
	resp.ContentLength, resp.TransferEncoding = int64(length), nil
	resp.Header.Set("Content-Length", strconv.Itoa(length))
	if s.Change == Replaced {
		resp.Header.Set("Content-Type", "text/plain; charset=utf-8")
		resp.Header.Del("Content-Encoding")
		resp.Header.Del("Etag")
	}
	return true, nil
}

// changed is what becomes of a body that is not empty.
func (s Spec) changed(was []byte, own *rand.Rand) []byte {
	switch s.Change {
	case Truncated:
		return was[:len(was)/2]
	case Emptied:
		return nil
	case Replaced:
		return []byte(s.Text)
	}
	now := bytes.Clone(was)
	for i := 0; i < len(now); i += 1 + own.IntN(8) {
		now[i] ^= byte(1 + own.IntN(255))
	}
	return now
}
