package probe

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/api"
	promv1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/fournines/fournines/harness"
)

// promProbe is an instant query and what its result must be.
type promProbe struct {
	settings
	name  string
	base  func() (string, bool)
	query string
	op    Op
	want  float64
}

// Prometheus checks that every sample of an instant query's result holds
// `sample op want`, for example `count(up == 1)` AtLeast 11. base is asked at
// every check for the base URL of the Prometheus server. An empty result, a
// query that fails and a result that is neither a vector nor a scalar are
// errors: no data is never healthy.
func Prometheus(name string, base func() (string, bool), query string, op Op, want float64, opts ...Option) harness.Probe {
	return &promProbe{settings: collect(opts), name: name, base: base, query: query, op: op, want: want}
}

func (p *promProbe) String() string { return p.name }

// Check implements harness.Probe.
func (p *promProbe) Check(ctx context.Context) error {
	samples, err := p.ask(ctx)
	if err != nil {
		return fmt.Errorf("check %q: expected %s %s %v, saw %w", p.name, p.query, p.op, p.want, err)
	}
	if len(samples) == 0 {
		return fmt.Errorf("check %q: expected %s %s %v, saw an empty result", p.name, p.query, p.op, p.want)
	}
	for _, s := range samples {
		ok, err := p.op.holds(float64(s.Value), p.want)
		if err != nil {
			return fmt.Errorf("check %q: %w", p.name, err)
		}
		if !ok {
			return fmt.Errorf("check %q: expected %s %s %v, saw %v%s", p.name, p.query, p.op, p.want, s.Value, labels(s))
		}
	}
	return nil
}

// ask returns the result of the query as samples.
func (p *promProbe) ask(ctx context.Context) ([]*model.Sample, error) {
	base, ok := p.base()
	if !ok {
		return nil, fmt.Errorf("no Prometheus in the stack")
	}
	if err := p.guard.Check(base); err != nil {
		return nil, err
	}
	client, err := api.NewClient(api.Config{Address: base, RoundTripper: p.guard.Transport(0)})
	if err != nil {
		return nil, fmt.Errorf("configure client of %q: %w", base, err)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, p.timeout, fmt.Errorf("no answer within %v", p.timeout))
	defer cancel()
	value, _, _, err := promv1.NewAPI(client).Query(ctx, p.query, time.Now())
	if err != nil {
		return nil, explain(ctx, err)
	}
	switch v := value.(type) {
	case model.Vector:
		return v, nil
	case *model.Scalar:
		return []*model.Sample{{Value: v.Value, Timestamp: v.Timestamp}}, nil
	}
	return nil, fmt.Errorf("a result of type %s; want a vector or a scalar", value.Type())
}

// labels is which sample it is, where a result has several.
func labels(s *model.Sample) string {
	if len(s.Metric) == 0 {
		return ""
	}
	return " for " + s.Metric.String()
}
