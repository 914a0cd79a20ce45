package inproc_test

import (
	"context"
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/google/go-cmp/cmp"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/inproc"
	"github.com/fournines/fournines/stack/platform/telemetry"
)

// An answer says which gateway and which replica of the service it came from,
// and each has its share.
func TestAnswersNameWhoServedThem(t *testing.T) {
	defer goleak.VerifyNone(t)
	st, err := inproc.Up(t.Context(), inproc.Options{Without: []string{"rate-limit"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Down(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	edge, _ := st.URL(stack.Edge)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	const rounds = 20
	served := map[string]int{}
	for range 3 * rounds {
		answer, err := (&http.Client{Transport: transport}).Get(edge + "/api/catalog/items/1")
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		names := answer.Header.Values(telemetry.ServedByHeader)
		if len(names) != 2 {
			t.Fatalf("served by %q, want a gateway and a catalog", names)
		}
		served[names[0]]++
		if _, ok := stack.Find(st, names[1]); !ok || names[1][:len("catalog-")] != "catalog-" {
			t.Errorf("served by %q, want a catalog of the stack second", names)
		}
	}
	if diff := cmp.Diff(map[string]int{"gateway-1": rounds, "gateway-2": rounds, "gateway-3": rounds}, served); diff != "" {
		t.Errorf("round robin of an edge (-want +got):\n%s", diff)
	}
}
