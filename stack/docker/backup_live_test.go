package docker_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/fournines/fournines/stack"
	"github.com/fournines/fournines/stack/docker"
	"github.com/fournines/fournines/stack/platform/backup"
)

// backupAPI asks the backup's API.
func backupAPI(t *testing.T, st *docker.Stack, method, path string, into any) error {
	t.Helper()
	base, _ := st.URL(stack.Backup)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, base+path, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s: %s", method, path, resp.Status, body)
	}
	return json.Unmarshal(body, into)
}

// order places an order through the edge.
func order(ctx context.Context, t *testing.T, st *docker.Stack, key string) error {
	t.Helper()
	edge, _ := st.URL(stack.Edge)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, edge+"/api/orders", strings.NewReader(`{"client":"drill","item":1,"quantity":1}`))
	if err != nil {
		return err
	}
	authorization, err := st.Token("drill")
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", authorization)
	r.Header.Set("Idempotency-Key", key)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusCreated {
		return fmt.Errorf("order %s: %s: %s", key, resp.Status, body)
	}
	return nil
}

// What was ordered a moment ago is in what a drill restores, with every row,
// and everything that is kept has the sums that it should.
func TestTheBackupIsRestoredAndCompared(t *testing.T) {
	st := sharedStack.up(t)
	const orders = 20
	for i := range orders {
		eventually(t, "an order is taken", func(ctx context.Context) error {
			return order(ctx, t, st, fmt.Sprintf("drill-%d", i))
		})
	}
	var before backup.Status
	eventually(t, "the log is received as a stream", func(context.Context) error {
		if err := backupAPI(t, st, http.MethodGet, "/status", &before); err != nil {
			return err
		}
		if !before.Streaming || len(before.Bases) == 0 {
			return fmt.Errorf("streaming %v, %d base backups", before.Streaming, len(before.Bases))
		}
		return nil
	})
	var drill backup.Drill
	if err := backupAPI(t, st, http.MethodPost, "/drill", &drill); err != nil {
		t.Fatal(err)
	}
	t.Logf("on %s: %d tables and %d rows restored and compared in %.1f s from %s", before.Volume, drill.Tables, drill.Rows, drill.RestoreSeconds, drill.Base)
	if !drill.Verified || drill.Rows < orders || drill.Tables == 0 {
		t.Errorf("drill = %+v, want it verified, with %d orders at least", drill, orders)
	}
	if control, err := os.OpenFile("/dev/loop-control", os.O_RDWR, 0); err == nil {
		control.Close()
		if !strings.HasPrefix(before.Volume, "xfs with reflinks") {
			t.Errorf("the backup is on a %s, want an XFS where there are loop devices", before.Volume)
		}
	}
	var checked backup.Checked
	if err := backupAPI(t, st, http.MethodPost, "/check", &checked); err != nil {
		t.Fatal(err)
	}
	if checked.Bases == 0 || len(checked.Damaged) != 0 || checked.Gap != "" {
		t.Errorf("check = %+v, want base backups, nothing damaged and no gap", checked)
	}
}
