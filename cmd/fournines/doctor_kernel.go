package main

import (
	"bufio"
	"compress/gzip"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// kernelParts are what faults need of the kernel, by the name of its option.
var kernelParts = []struct {
	option, name, without string
}{
	{"CONFIG_NET_SCH_NETEM", "sch_netem", "delay, loss, duplicate, corrupt and reorder go through a queue in user space, which costs more"},
	{"CONFIG_NETFILTER_NETLINK_QUEUE", "NFQUEUE", "without it and sch_netem no packets can be shaped"},
	{"CONFIG_NF_TABLES", "nftables", "no partition, blackhole, reset, DNS or HTTP fault is possible"},
	{"CONFIG_NET_SCH_TBF", "TBF", "no bandwidth can be held"},
	{"CONFIG_IFB", "IFB", "no incoming bandwidth can be held"},
	{"CONFIG_BLK_DEV_THROTTLING", "block throttling", "no disk can be made slow"},
}

// checkKernel says which kernel this is and what it was built with; the engine
// may run on another one, which --faults finds out.
func checkKernel() diagnosis {
	d := diagnosis{Check: "kernel", Health: healthy, Seen: kernelRelease()}
	options, err := kernelOptions(d.Seen)
	if err != nil {
		d.Seen += ": what it was built with is not told"
		d.Do = "`fournines doctor --faults` finds out by trying"
		d.Health = doubtful
		return d
	}
	return judgeKernel(d, options)
}

// judgeKernel holds the options of a kernel against what faults need.
func judgeKernel(d diagnosis, options map[string]string) diagnosis {
	var has, lacks, do []string
	for _, part := range kernelParts {
		switch options[part.option] {
		case "y":
			has = append(has, part.name)
		case "m":
			has = append(has, part.name+" (module)")
		default:
			lacks = append(lacks, part.name)
			do = append(do, part.name+": "+part.without)
		}
	}
	if len(has) > 0 {
		d.Seen += " with " + strings.Join(has, ", ")
	}
	if len(lacks) > 0 {
		d.Health, d.Seen, d.Do = doubtful, d.Seen+"; without "+strings.Join(lacks, ", "), strings.Join(do, "; ")
	}
	return d
}

// kernelRelease is `uname -r`.
func kernelRelease() string {
	var u unix.Utsname
	if err := unix.Uname(&u); err != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Release[:])
}

// kernelOptions reads the options that a kernel was built with, from where
// distributions keep them.
func kernelOptions(release string) (map[string]string, error) {
	if packed, err := os.Open("/proc/config.gz"); err == nil {
		defer packed.Close()
		plain, err := gzip.NewReader(packed)
		if err != nil {
			return nil, err
		}
		return readOptions(plain)
	}
	file, err := os.Open("/boot/config-" + release)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readOptions(file)
}

func readOptions(from io.Reader) (map[string]string, error) {
	options := map[string]string{}
	lines := bufio.NewScanner(from)
	for lines.Scan() {
		if name, value, ok := strings.Cut(lines.Text(), "="); ok && strings.HasPrefix(name, "CONFIG_") {
			options[name] = value
		}
	}
	return options, lines.Err()
}
