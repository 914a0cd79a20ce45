package docker

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/fournines/fournines/stack"
)

// readVersions asks the parts for their versions. One that does not say is
// left out: it is a record for people, not a condition.
func (s *Stack) readVersions(ctx context.Context) map[string]string {
	versions := map[string]string{"engine": s.engine.version, "architecture": s.engine.arch}
	var etcd struct {
		Version string `json:"etcdserver"`
	}
	if body, err := expectOK(ctx, s.urls["etcd-1"]+"/version"); err == nil && json.Unmarshal(body, &etcd) == nil {
		versions["etcd"] = etcd.Version
	}
	if body, err := expectOK(ctx, s.adminOf("zookeeper-1")+zookeeperStatus); err == nil {
		if status, err := parseZooKeeper(body); err == nil {
			versions["zookeeper"] = status.Version
		}
	}
	var prometheus struct{ Data struct{ Version string } }
	if body, err := expectOK(ctx, s.urls[stack.Prometheus]+"/api/v1/status/buildinfo"); err == nil && json.Unmarshal(body, &prometheus) == nil {
		versions["prometheus"] = prometheus.Data.Version
	}
	var alertmanager struct{ VersionInfo struct{ Version string } }
	if body, err := expectOK(ctx, s.urls[stack.Alertmanager]+"/api/v2/status"); err == nil && json.Unmarshal(body, &alertmanager) == nil {
		versions["alertmanager"] = alertmanager.VersionInfo.Version
	}
	if body, err := expectOK(ctx, s.urls[stack.EdgeStats]+"/stats"); err == nil {
		if _, after, ok := bytes.Cut(body, []byte("HAProxy version ")); ok {
			version, _, _ := bytes.Cut(after, []byte(","))
			versions["haproxy"] = strings.TrimSpace(string(version))
		}
	}
	if admin := s.urls[stack.EdgeAdmin]; admin != "" {
		if now, err := askNginx(ctx, admin); err == nil && now.Version != "" {
			versions["nginx"] = now.Version
		}
	}
	var backup struct{ Volume string }
	if body, err := expectOK(ctx, s.urls["backup"]+"/status"); err == nil && json.Unmarshal(body, &backup) == nil {
		versions["backup-volume"] = backup.Volume
	}
	for _, m := range s.members {
		part := "packages-image"
		if m.recipe.own {
			part = "platform-image"
		}
		versions[part] = m.image
	}
	return versions
}
