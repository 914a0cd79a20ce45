package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tellLimit bounds one command.
const tellLimit = 10 * time.Second

// listenTell makes the socket on which an operator inside the container tells
// the edge what to do: nobody else reaches it.
func (e *edge) listenTell() (net.Listener, error) {
	path := e.file(socketFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove the socket of an edge that was killed: %w", err)
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for commands: %w", err)
	}
	return listener, nil
}

// serveTell carries out commands until ctx is done.
func (e *edge) serveTell(ctx context.Context, listener net.Listener) {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /reload", func(w http.ResponseWriter, r *http.Request) { answer(w, e.reload(r.Context())) })
	mux.HandleFunc("POST /weight", func(w http.ResponseWriter, r *http.Request) {
		weight, err := strconv.Atoi(r.FormValue("weight"))
		if err == nil {
			err = e.targets.weigh(r.FormValue("server"), weight)
		}
		if err == nil {
			err = e.reload(r.Context())
		}
		answer(w, err)
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: tellLimit}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		e.Log.Error("the edge takes no more commands", "error", err.Error())
	}
}

// answer says how a command went: nothing when it was carried out.
func answer(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// Tell carries out a command at the edge with the given scratch directory, and
// returns when it is done: "reload", or "weight GATEWAY NUMBER".
func Tell(ctx context.Context, scratch string, command ...string) error {
	var path string
	values := url.Values{}
	switch {
	case len(command) == 1 && command[0] == "reload":
		path = "/reload"
	case len(command) == 3 && command[0] == "weight":
		path = "/weight"
		values.Set("server", command[1])
		values.Set("weight", command[2])
	default:
		return fmt.Errorf("tell the edge %q: want \"reload\" or \"weight GATEWAY NUMBER\"", strings.Join(command, " "))
	}
	client := http.Client{Timeout: tellLimit, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(scratch, socketFile))
		},
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://edge"+path, strings.NewReader(values.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	said, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("tell the edge %q: %w", strings.Join(command, " "), err)
	}
	defer said.Body.Close()
	if said.StatusCode == http.StatusOK {
		return nil
	}
	why, _ := io.ReadAll(io.LimitReader(said.Body, longestLine))
	return fmt.Errorf("tell the edge %q: %s", strings.Join(command, " "), strings.TrimSpace(string(why)))
}

// TellMain is the program "fournines platform edge-tell COMMAND".
func TellMain(ctx context.Context, args []string, _ io.Writer) error {
	return Tell(ctx, scratchDirectory, args...)
}
