package vault

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// SegmentSize is that of a file of the log, in bytes: PostgreSQL's default.
const SegmentSize = 16 << 20

// LSN is a position in the write-ahead log: bytes since the cluster was made.
// Its text is PostgreSQL's: "0/3000028".
type LSN uint64

// String is PostgreSQL's form.
func (l LSN) String() string { return fmt.Sprintf("%X/%X", uint64(l)>>32, uint32(l)) }

// MarshalText implements encoding.TextMarshaler.
func (l LSN) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (l *LSN) UnmarshalText(text []byte) (err error) {
	*l, err = ParseLSN(string(text))
	return err
}

// ParseLSN reads PostgreSQL's form.
func ParseLSN(text string) (LSN, error) {
	high, low, ok := strings.Cut(text, "/")
	h, err1 := strconv.ParseUint(high, 16, 32)
	l, err2 := strconv.ParseUint(low, 16, 32)
	if !ok || err1 != nil || err2 != nil {
		return 0, fmt.Errorf("want a position in the log such as 0/3000028, saw %q", text)
	}
	return LSN(h<<32 | l), nil
}

// Segment is one file of the log: number Number on a timeline.
type Segment struct {
	Timeline uint32
	Number   uint64
}

// perHigh is how many files there are to each 4 GiB of log.
const perHigh = 1 << 32 / SegmentSize

// At is the segment that holds a position on a timeline.
func At(timeline uint32, l LSN) Segment { return Segment{timeline, uint64(l) / SegmentSize} }

// Name is the segment's file name.
func (s Segment) Name() string {
	return fmt.Sprintf("%08X%08X%08X", s.Timeline, s.Number/perHigh, s.Number%perHigh)
}

// End is the first position behind the segment.
func (s Segment) End() LSN { return LSN((s.Number + 1) * SegmentSize) }

var (
	segmentName = regexp.MustCompile(`^[0-9A-F]{24}$`)
	logFileName = regexp.MustCompile(`^([0-9A-F]{24}(\.partial|\.[0-9A-F]{8}\.backup)?|[0-9A-F]{8}\.history)$`)
)

// IsLogFile reports whether PostgreSQL archives files of such a name: segments,
// the last one of a timeline that was left, histories of timelines, and notes
// of base backups.
func IsLogFile(name string) bool { return logFileName.MatchString(name) }

// ParseSegment reads the name of a complete segment.
func ParseSegment(name string) (Segment, bool) {
	if !segmentName.MatchString(name) {
		return Segment{}, false
	}
	timeline, err1 := strconv.ParseUint(name[:8], 16, 32)
	high, err2 := strconv.ParseUint(name[8:16], 16, 32)
	low, err3 := strconv.ParseUint(name[16:], 16, 32)
	if errors.Join(err1, err2, err3) != nil || low >= perHigh {
		return Segment{}, false
	}
	return Segment{uint32(timeline), high*perHigh + low}, true
}

// ReadSystem reads from a segment's first page which cluster wrote it: the
// fields of XLogLongPageHeaderData in PostgreSQL's access/xlog_internal.h, in
// the byte order of the machine, which is little-endian on all that Debian's
// PostgreSQL is used on here.
func ReadSystem(segment io.ReaderAt) (uint64, error) {
	const long = 0x0002 // XLP_LONG_HEADER
	var page [32]byte
	if _, err := segment.ReadAt(page[:], 0); err != nil {
		return 0, fmt.Errorf("read the first page of a segment: %w", err)
	}
	if info := binary.LittleEndian.Uint16(page[2:]); info&long == 0 {
		return 0, fmt.Errorf("want the first page of a segment of the log, saw one with flags %#x", info)
	}
	return binary.LittleEndian.Uint64(page[24:]), nil
}
