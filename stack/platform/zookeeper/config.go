package zookeeper

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Ports between members.
const (
	peerPort     = 2888
	electionPort = 3888
)

// text is the member's zoo.cfg.
//
// Members are a fraction of a millisecond apart: the default timing, made for
// wide networks, would only make the loss of a leader longer. Sessions end in
// steps of one tick, so a lease of 2 s ends within 2.2 s. The longest session
// is longer than a day, which is what a registration without a lease asks for.
// Writes need not be synced: a member's data must survive its process, not the
// machine.
func (c Config) text() string {
	lines := []string{
		"tickTime=200", // ms
		"initLimit=50", // ticks: 10 s to join
		"syncLimit=10", // ticks: 2 s behind the leader
		"minSessionTimeout=400",
		"maxSessionTimeout=90000000",
		"dataDir=" + c.directory(),
		fmt.Sprintf("clientPort=%d", c.Port),
		"maxClientCnxns=0",
		"preAllocSize=1024", // KiB
		"forceSync=no",
		"autopurge.purgeInterval=1", // h
		"admin.enableServer=false",
		"4lw.commands.whitelist=srvr,mntr,ruok",
		"quorumListenOnAllIPs=true",
		"standaloneEnabled=false",
		"reconfigEnabled=false",
	}
	for i, name := range c.Members {
		lines = append(lines, fmt.Sprintf("server.%d=%s:%d:%d", i+1, name, peerPort, electionPort))
	}
	return strings.Join(lines, "\n") + "\n"
}

func (c Config) directory() string { return filepath.Join(c.Data, "zookeeper") }

func (c Config) file() string { return filepath.Join(c.Data, "zoo.cfg") }

// write puts the configuration where ZooKeeper reads it.
func (c Config) write() error {
	err := os.MkdirAll(c.directory(), 0o700)
	if err == nil {
		err = errors.Join(
			os.WriteFile(c.file(), []byte(c.text()), 0o600),
			os.WriteFile(filepath.Join(c.directory(), "myid"), fmt.Appendf(nil, "%d\n", c.Member), 0o600),
		)
	}
	if err != nil {
		return fmt.Errorf("configure ZooKeeper: %w", err)
	}
	return nil
}

// command is what runs the member: little heap, and neither threads nor
// compilers for machines with many processors.
func (c Config) command() []string {
	return []string{c.Java,
		"-Xms64m", "-Xmx128m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError",
		"-Djava.io.tmpdir=" + c.Data,
		"-Dzookeeper.jmx.log4j.disable=true",
		"-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
		"-cp", filepath.Join(c.Classes, "zookeeper.jar") + ":" + filepath.Join(c.Classes, "slf4j-simple.jar"),
		"org.apache.zookeeper.server.quorum.QuorumPeerMain", c.file(),
	}
}
