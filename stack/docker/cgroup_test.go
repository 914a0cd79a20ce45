package docker

import (
	"maps"
	"strings"
	"testing"
)

const (
	cgroupID = "01cdb3fb0d96199849a70c6e695271084e5d8fbf2411fd1a5398d152f366b064"
	mountsV1 = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`
	mountsV2 = "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
)

func TestFindCgroups(t *testing.T) {
	group := "/docker/" + cgroupID
	scope := "/system.slice/docker-" + cgroupID + ".scope"
	for _, tt := range []struct {
		rule           string
		groups, mounts string
		want           map[string]string
		wantErr        string
	}{
		{"version 1: a folder for each controller, two of which may be one",
			"5:devices:" + group + "\n4:memory:" + group + "\n1:cpu,cpuacct:" + group + "\n0::" + group + "\n", mountsV1,
			map[string]string{"cpu": "/sys/fs/cgroup/cpu,cpuacct" + group, "cpuacct": "/sys/fs/cgroup/cpu,cpuacct" + group, "memory": "/sys/fs/cgroup/memory" + group}, ""},
		{"version 2: one folder", "0::" + scope + "\n", mountsV2, map[string]string{"unified": "/sys/fs/cgroup" + scope}, ""},
		{"somebody else's process", "0::/user.slice\n", mountsV2, nil, `saw "/user.slice"; the engine must run on this machine itself`},
		{"outside of what is mounted", "0::/../../" + cgroupID + "\n", mountsV2, nil, "saw none"},
		{"nothing at all", "", mountsV1, nil, "saw none"},
	} {
		t.Run(tt.rule, func(t *testing.T) {
			got, err := findCgroups(tt.groups, tt.mounts, cgroupID)
			if !maps.Equal(got, tt.want) || (err == nil) != (tt.wantErr == "") || err != nil && !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("findCgroups = %v, %v\nwant %v, %s", got, err, tt.want, tt.wantErr)
			}
		})
	}
}
