package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/moby/moby/api/types/container"
	"github.com/moby/moby/api/types/network"
	"github.com/moby/moby/client"
)

// page is where a container says that it is ready; the zero value is a
// container that has no such page.
type page struct {
	port uint16
	path string
}

// parseReady reads the value of LabelReady.
func parseReady(label string) (page, error) {
	if label == "" {
		return page{}, nil
	}
	digits, path, _ := strings.Cut(label, "/")
	port, err := strconv.ParseUint(digits, 10, 16)
	if err != nil || port == 0 {
		return page{}, fmt.Errorf("label %s: want PORT/path such as 8080/healthz, saw %q", LabelReady, label)
	}
	return page{uint16(port), "/" + path}, nil
}

// greeting is how long a port that accepts a connection must keep it. What
// publishes a container's port accepts for a dead one too, and hangs up.
const greeting = 50 * time.Millisecond

// readyFromOutside asks a container that is not of the reference platform:
// its page, else a published port, else the engine's health check, else
// whether it runs. Ports are asked for every time, because they can change
// with a restart.
func (r *replica) readyFromOutside(ctx context.Context) error {
	result, err := r.engine.api.ContainerInspect(ctx, r.ID(), client.ContainerInspectOptions{})
	if err != nil {
		return err
	}
	c := result.Container
	ports := publishedPorts(c)
	if want := r.published.port; want != 0 {
		address, ok := ports[want]
		if !ok {
			return fmt.Errorf("expected port %d published on a loopback address, as label %s says; the container is %s and publishes %s", want, LabelReady, statusOf(c.State), portList(ports))
		}
		return expectGood(ctx, "http://"+address+r.published.path)
	}
	if status := statusOf(c.State); status != "running" {
		return fmt.Errorf("expected it running, saw %s", status)
	}
	if inside := sortedPorts(ports); len(inside) > 0 {
		return expectOpen(ctx, ports[inside[0]])
	}
	if h := c.State.Health; h != nil && h.Status != "" && h.Status != container.NoHealthcheck && h.Status != container.Healthy {
		return fmt.Errorf("expected health %q, saw %q", container.Healthy, h.Status)
	}
	return nil
}

// statusOf is a container's state in the words of stack.Replica's Status.
func statusOf(state *container.State) string {
	switch {
	case state == nil:
		return "unknown"
	case state.Paused:
		return "paused"
	case state.Running:
		return "running"
	}
	return "exited"
}

// publishedPorts are the TCP ports of a container that can be reached on a
// loopback address now, by the port inside.
func publishedPorts(c container.InspectResponse) map[uint16]string {
	if c.NetworkSettings == nil {
		return nil
	}
	ports := map[uint16]string{}
	for port, bindings := range c.NetworkSettings.Ports {
		if port.Proto() != network.TCP {
			continue
		}
		for _, b := range bindings {
			host, ok := loopbackOf(b.HostIP)
			if _, better := ports[port.Num()]; !ok || better && host.Is6() {
				continue
			}
			ports[port.Num()] = net.JoinHostPort(host.String(), b.HostPort)
		}
	}
	return ports
}

// loopbackOf is the loopback address by which a port that is published on ip
// is reached; false when it is on another address only.
func loopbackOf(ip netip.Addr) (netip.Addr, bool) {
	switch {
	case !ip.IsValid(), ip == netip.IPv4Unspecified():
		return loopback, true
	case ip == netip.IPv6Unspecified():
		return netip.IPv6Loopback(), true
	}
	return ip, ip.IsLoopback()
}

func sortedPorts(ports map[uint16]string) []uint16 {
	var all []uint16
	for p := range ports {
		all = append(all, p)
	}
	slices.Sort(all)
	return all
}

func portList(ports map[uint16]string) string {
	if len(ports) == 0 {
		return "none"
	}
	return strings.Trim(fmt.Sprint(sortedPorts(ports)), "[]")
}

// expectGood fetches a page that must answer 200 to 299.
func expectGood(ctx context.Context, url string) error {
	status, body, err := fetch(ctx, url)
	if err != nil {
		return fmt.Errorf("expected status 200 to 299: %w", err)
	}
	if status < http.StatusOK || status >= http.StatusMultipleChoices {
		return fmt.Errorf("expected status 200 to 299 from %s, got %d: %s", url, status, firstLine(body))
	}
	return nil
}

// expectOpen connects to a port whose protocol is not known: it is open when
// the other side does not hang up at once.
func expectOpen(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("expected an open port: %w", err)
	}
	defer conn.Close()
	if err := conn.SetReadDeadline(time.Now().Add(greeting)); err != nil {
		return err
	}
	var first [1]byte
	if _, err := conn.Read(first[:]); err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("expected %s to keep a connection open, it hung up: %w", address, err)
	}
	return nil
}

// base is the address of a container's own page, or of its lowest published
// port; false when there is none now.
func (r *replica) base(ctx context.Context) (string, bool) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	result, err := r.engine.api.ContainerInspect(ctx, r.ID(), client.ContainerInspectOptions{})
	if err != nil {
		return "", false
	}
	ports := publishedPorts(result.Container)
	if address, ok := ports[r.published.port]; ok {
		return "http://" + address, true
	}
	if inside := sortedPorts(ports); len(inside) > 0 {
		return "http://" + ports[inside[0]], true
	}
	return "", false
}
