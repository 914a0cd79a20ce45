package registry_test

import (
	"strings"
	"testing"

	"github.com/fournines/fournines/stack/platform/registry"
)

func TestOpenRefusesAnAddressItCannotUse(t *testing.T) {
	for _, tt := range []struct{ rule, url, want string }{
		{"another scheme", "zk://a:1", "want etcd://"},
		{"no scheme", "a:1", "want etcd://"},
		{"no member", "etcd://", `member ""`},
		{"a member without a port", "etcd://a:1,b", `member "b"`},
		{"a trailing comma", "etcd://a:1,", `member ""`},
		{"no member of ZooKeeper", "zookeeper://", `member ""`},
		{"a member of ZooKeeper without a port", "zookeeper://a:1,b/chroot", `member "b"`},
		{"a root that is none", "zookeeper://a:1/chroot/", `root "/chroot/"`},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			if _, err := registry.Open(tt.url); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Open(%q) = %v, want an error with %q", tt.url, err, tt.want)
			}
		})
	}
}
