package docker

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/fournines/fournines/stack"
)

// awaitRoutes waits until the edge considers every gateway healthy, every
// gateway knows every catalogue, and a client's request is answered.
func (s *Stack) awaitRoutes(ctx context.Context) error {
	check := func(ctx context.Context) error {
		if err := s.checkBackends(ctx); err != nil {
			return err
		}
		if err := s.checkEndpoints(ctx); err != nil {
			return err
		}
		_, err := expectOK(ctx, s.urls[stack.Edge]+"/api/catalog/items/1")
		return err
	}
	never := func(context.Context) error { return nil }
	return poll(ctx, check, never, func(last error) error { return last })
}

// checkBackends returns nil when HAProxy reports every server of its backends
// as up.
func (s *Stack) checkBackends(ctx context.Context) error {
	body, err := expectOK(ctx, s.urls[stack.EdgeStats]+"/stats;csv")
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil || len(rows) == 0 {
		return fmt.Errorf("parse HAProxy's statistics: %d rows, %w", len(rows), err)
	}
	column := make(map[string]int)
	for i, name := range rows[0] {
		column[strings.TrimPrefix(name, "# ")] = i
	}
	server, status := column["svname"], column["status"]
	for _, row := range rows[1:] {
		if name := row[server]; name != "FRONTEND" && name != "BACKEND" && row[status] != "UP" {
			return fmt.Errorf("expected the edge to report %q as UP, got %q", name, row[status])
		}
	}
	return nil
}

// checkEndpoints returns nil when every gateway has every replica of the
// catalogue in its rotation.
func (s *Stack) checkEndpoints(ctx context.Context) error {
	for _, gateway := range s.members {
		if gateway.Component() != "gateway" {
			continue
		}
		metrics, err := expectOK(ctx, gateway.admin+"/metrics")
		if err != nil {
			return err
		}
		for _, m := range s.members {
			inRotation := fmt.Sprintf("fournines_endpoint_ejected{endpoint=%q,service=%q} 0\n", m.Name(), m.Component())
			if m.Component() == "catalog" && !bytes.Contains(metrics, []byte(inRotation)) {
				return fmt.Errorf("expected %q to send requests to %q, it does not", gateway.Name(), m.Name())
			}
		}
	}
	return nil
}
