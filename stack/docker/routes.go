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
// gateway knows every catalog and orders, and a client's request is answered.
// Without an edge there is nothing to wait for.
func (s *Stack) awaitRoutes(ctx context.Context) error {
	if s.urls[stack.Edge] == "" {
		return nil
	}
	check := func(ctx context.Context) error {
		if err := s.checkBackends(ctx); err != nil {
			return err
		}
		if err := s.checkEndpoints(ctx); err != nil {
			return err
		}
		_, err := s.expectServed(ctx, s.urls[stack.Edge]+"/api/catalog/items/1")
		return err
	}
	never := func(context.Context) error { return nil }
	return poll(ctx, check, never, func(last error) error { return last })
}

// checkBackends returns nil when HAProxy reports every server of its backends
// as up, or nginx knows where every gateway is and leaves none alone.
func (s *Stack) checkBackends(ctx context.Context) error {
	if admin := s.urls[stack.EdgeAdmin]; admin != "" {
		if _, err := expectOK(ctx, admin+"/-/ready"); err != nil { // it is a request to one of them
			return err
		}
		now, err := askNginx(ctx, admin)
		for _, server := range now.Servers {
			if err == nil && (server.Address == "" || server.Resting) {
				err = fmt.Errorf("expected the edge to send requests to %q, saw its address %q, left alone %v", server.Name, server.Address, server.Resting)
			}
		}
		return err
	}
	servers, err := serversOf(ctx, s.urls[stack.EdgeStats])
	if err != nil {
		return err
	}
	for _, server := range servers {
		if name := server["svname"]; server["status"] != "UP" && server["status"] != "no check" {
			return fmt.Errorf("expected the edge to report %q as UP, got %q", name, server["status"])
		}
	}
	return nil
}

// serversOf is what HAProxy's statistics say of every server, by the names of
// their columns.
func serversOf(ctx context.Context, stats string) ([]map[string]string, error) {
	body, err := expectOK(ctx, stats+"/stats;csv")
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, fmt.Errorf("parse HAProxy's statistics: %d rows, %w", len(rows), err)
	}
	var servers []map[string]string
	for _, row := range rows[1:] {
		server := make(map[string]string, len(row))
		for i, name := range rows[0] {
			server[strings.TrimPrefix(name, "# ")] = row[i]
		}
		if name := server["svname"]; name != "FRONTEND" && name != "BACKEND" {
			servers = append(servers, server)
		}
	}
	return servers, nil
}

// checkEndpoints returns nil when every gateway has every replica of
// the services behind it in its rotation.
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
			if (m.Component() == "catalog" || m.Component() == "orders") && !bytes.Contains(metrics, []byte(inRotation)) {
				return fmt.Errorf("expected %q to send requests to %q, it does not", gateway.Name(), m.Name())
			}
		}
	}
	return nil
}
