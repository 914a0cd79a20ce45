// Command look prints what can be seen of a container from beside it: links,
// routes, firewall rules and queueing disciplines of the network that it
// shares, and the files below the folders that it is given. Two looks at an
// unchanged container print the same, whatever traffic passed between them.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

func main() {
	if err := look(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func look(folders []string) error {
	for _, see := range []func() error{links, routes, legacy, rules, disciplines} {
		if err := see(); err != nil {
			return err
		}
	}
	for _, folder := range folders {
		if err := files(folder); err != nil {
			return err
		}
	}
	return nil
}

// links are the interfaces, without addresses: those may be others after a
// disconnect.
func links() error {
	all, err := net.Interfaces()
	if err != nil {
		return err
	}
	var lines []string
	for _, l := range all {
		addresses, err := l.Addrs()
		if err != nil {
			return err
		}
		lines = append(lines, fmt.Sprintf("link mtu %d %v with %d addresses", l.MTU, l.Flags, len(addresses)))
	}
	slices.Sort(lines)
	fmt.Println(strings.Join(lines, "\n"))
	return nil
}

// routes counts them by whether they lead through a gateway.
func routes() error {
	file, err := os.Open("/proc/net/route")
	if err != nil {
		return err
	}
	defer file.Close()
	counts := map[string]int{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) > 3 && fields[0] != "Iface" {
			counts["flags "+fields[3]]++
		}
	}
	fmt.Println("routes", counts)
	return nil
}

// legacy are the tables of the old iptables.
func legacy() error {
	for _, name := range []string{"/proc/net/ip_tables_names", "/proc/net/ip6_tables_names", "/proc/net/netfilter/nfnetlink_queue"} {
		text, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		fmt.Printf("%s %q\n", filepath.Base(name), strings.Fields(string(text)))
	}
	return nil
}

// rules counts everything that nftables holds in this network.
func rules() error {
	const subsystem = unix.NFNL_SUBSYS_NFTABLES << 8
	for _, kind := range []struct {
		name string
		get  uint16
	}{
		{"tables", unix.NFT_MSG_GETTABLE}, {"chains", unix.NFT_MSG_GETCHAIN}, {"rules", unix.NFT_MSG_GETRULE}, {"objects", unix.NFT_MSG_GETOBJ},
	} {
		found, err := dump(unix.NETLINK_NETFILTER, subsystem|kind.get, []byte{unix.AF_UNSPEC, 0, 0, 0})
		if err != nil {
			return fmt.Errorf("list nft %s: %w", kind.name, err)
		}
		fmt.Println("nft", kind.name, len(found))
	}
	return nil
}

// tcMessage is the length of the kernel's struct tcmsg.
const tcMessage = 20

// tcaKind is the attribute that holds a name.
const tcaKind = 1

// disciplines are the queueing disciplines of all links.
func disciplines() error {
	found, err := dump(unix.NETLINK_ROUTE, unix.RTM_GETQDISC, make([]byte, tcMessage))
	if err != nil {
		return fmt.Errorf("list queueing disciplines: %w", err)
	}
	var lines []string
	for _, body := range found {
		if len(body) < tcMessage {
			return errors.New("a message about a queueing discipline is too short")
		}
		attributes := body[tcMessage:]
		for len(attributes) >= 4 {
			length := int(binary.NativeEndian.Uint16(attributes))
			if length < 4 || length > len(attributes) {
				break
			}
			if binary.NativeEndian.Uint16(attributes[2:]) == tcaKind {
				lines = append(lines, "qdisc "+strings.TrimRight(string(attributes[4:length]), "\x00"))
			}
			attributes = attributes[min(len(attributes), (length+3)&^3):]
		}
	}
	slices.Sort(lines)
	fmt.Println(strings.Join(lines, "\n"))
	return nil
}

// dump asks the kernel for all things of one kind and returns the messages'
// bodies.
func dump(family int, kind uint16, body []byte) ([][]byte, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, family)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	request := binary.NativeEndian.AppendUint32(nil, uint32(unix.NLMSG_HDRLEN+len(body)))
	request = binary.NativeEndian.AppendUint16(request, kind)
	request = binary.NativeEndian.AppendUint16(request, unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	request = append(request, make([]byte, 8)...)
	if err := unix.Sendto(fd, append(request, body...), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, err
	}
	var found [][]byte
	buffer := make([]byte, 1<<16)
	for {
		n, _, err := unix.Recvfrom(fd, buffer, 0)
		if err != nil {
			return nil, err
		}
		for rest := buffer[:n]; len(rest) >= unix.NLMSG_HDRLEN; {
			length := int(binary.NativeEndian.Uint32(rest))
			if length < unix.NLMSG_HDRLEN || length > len(rest) {
				return nil, errors.New("a message is cut off")
			}
			payload := rest[unix.NLMSG_HDRLEN:length]
			switch binary.NativeEndian.Uint16(rest[4:]) {
			case unix.NLMSG_DONE:
				return found, nil
			case unix.NLMSG_ERROR:
				if errno := -int32(binary.NativeEndian.Uint32(payload)); errno != 0 {
					return nil, unix.Errno(errno)
				}
			default:
				found = append(found, slices.Clone(payload))
			}
			rest = rest[min(len(rest), (length+3)&^3):]
		}
	}
}

// files prints each file with its mode, size and content.
func files(folder string) error {
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().IsRegular() {
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			digest := sha256.Sum256(content)
			fmt.Println("file", path, info.Mode(), info.Size(), hex.EncodeToString(digest[:8]))
			return nil
		}
		fmt.Println("file", path, info.Mode())
		return nil
	})
	return err
}
