package observe

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// server is one server line of HAProxy's statistics.
type server struct {
	backend, name string
	// up says whether HAProxy sends it new requests.
	up bool
	// status is HAProxy's word: "UP", "UP 1/2" (about to go down), "DOWN",
	// "MAINT", "DRAIN", "no check".
	status string
	// check is the last health check's result: "L4CON", "L7OK".
	check string
	// downs counts transitions from up to down since HAProxy started.
	downs int
	// changed is how many seconds ago the status changed, as text; HAProxy
	// counts whole seconds.
	changed string
}

func (s server) String() string {
	text := fmt.Sprintf("backend %s: %s", s.backend, s.status)
	if s.check != "" {
		text += ", check " + s.check
	}
	if s.changed != "" {
		text += ", changed " + s.changed + " s ago"
	}
	return text
}

// parseServers reads the servers from a statistics document (HAProxy
// management guide, section 9.1 "CSV format").
func parseServers(doc []byte) ([]server, error) {
	header, found := bytes.CutPrefix(doc, []byte("# "))
	if !found {
		return nil, fmt.Errorf("document begins with %.40q; want HAProxy's CSV header", doc)
	}
	r := csv.NewReader(bytes.NewReader(header))
	r.FieldsPerRecord = -1 // lines end in a comma in some versions
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, name := range []string{"pxname", "svname", "status"} {
		if _, ok := column[name]; !ok {
			return nil, fmt.Errorf("no column %q", name)
		}
	}
	var servers []server
	for _, row := range rows[1:] {
		field := func(name string) string {
			if i, ok := column[name]; ok && i < len(row) {
				return row[i]
			}
			return ""
		}
		s := server{
			backend: field("pxname"), name: field("svname"), status: field("status"),
			check: field("check_status"), changed: field("lastchg"),
		}
		if s.name == "FRONTEND" || s.name == "BACKEND" || s.name == "" {
			continue
		}
		s.up = strings.HasPrefix(s.status, "UP") || s.status == "no check"
		if text := field("chkdown"); text != "" {
			if s.downs, err = strconv.Atoi(text); err != nil {
				return nil, fmt.Errorf("column chkdown of %s/%s: %w", s.backend, s.name, err)
			}
		}
		servers = append(servers, s)
	}
	if len(servers) == 0 {
		return nil, errors.New("no server in any backend")
	}
	return servers, nil
}
