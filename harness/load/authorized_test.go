package load

import (
	"net/http"
	"testing"
)

func TestAuthorizedAddsAHeaderAndChangesNothingElse(t *testing.T) {
	header := http.Header{"Idempotency-Key": {"k-1"}}
	source := func(uint64) Request { return Request{URL: "http://127.0.0.1/", Header: header} }
	r := Authorized(source, "Bearer x")(1)
	if got := r.Header.Get("Authorization"); got != "Bearer x" || r.Header.Get("Idempotency-Key") != "k-1" || r.URL == "" {
		t.Errorf("request %+v, want the token beside what was there", r)
	}
	if header.Get("Authorization") != "" {
		t.Error("the header of the source was changed")
	}
	if got := Authorized(source, "")(1); got.Header.Get("Authorization") != "" {
		t.Errorf("without a token: %+v", got)
	}
}
