package vault

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestNamesOfSegments(t *testing.T) {
	for _, tt := range []struct {
		name string
		want Segment
		ok   bool
	}{
		{"000000010000000000000001", Segment{1, 1}, true},
		{"0000000A00000001000000FF", Segment{10, 511}, true},
		{"000000010000000000000100", Segment{}, false}, // there are 256 to each 4 GiB
		{"000000010000000000000001.partial", Segment{}, false},
		{"00000002.history", Segment{}, false},
		{"../../../../etc/passwd000", Segment{}, false},
	} {
		got, ok := ParseSegment(tt.name)
		if got != tt.want || ok != tt.ok {
			t.Errorf("ParseSegment(%q) = %v, %v; want %v, %v", tt.name, got, ok, tt.want, tt.ok)
		}
		if ok && got.Name() != tt.name {
			t.Errorf("the name of %v is %q, want %q", got, got.Name(), tt.name)
		}
	}
}

func TestPositions(t *testing.T) {
	l, err := ParseLSN("1/3000028")
	if err != nil || l != 1<<32+0x3000028 || l.String() != "1/3000028" {
		t.Errorf("ParseLSN = %v, %v", l, err)
	}
	if got := At(2, l).Name(); got != "000000020000000100000003" {
		t.Errorf("the segment of %v is %q", l, got)
	}
	for _, bad := range []string{"", "1", "1/", "x/1", "1/2/3", "-1/0"} {
		if l, err := ParseLSN(bad); err == nil {
			t.Errorf("ParseLSN(%q) = %v, want an error", bad, l)
		}
	}
}

func TestWhichFilesAreOfTheLog(t *testing.T) {
	for name, want := range map[string]bool{
		"000000010000000000000001": true, "000000010000000000000001.partial": true, "00000002.history": true,
		"000000010000000000000002.00000028.backup": true, "000000010000000000000001.sha256": false,
		"../000000010000000000000001": false, ".000000010000000000000001.x": false, "": false,
	} {
		if got := IsLogFile(name); got != want {
			t.Errorf("IsLogFile(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestTheFirstPageSaysWhichDatabase(t *testing.T) {
	page := make([]byte, 64)
	if _, err := ReadSystem(bytes.NewReader(page)); err == nil {
		t.Error("a page without the long header is taken for one that has it")
	}
	binary.LittleEndian.PutUint16(page[2:], 2)
	binary.LittleEndian.PutUint64(page[24:], 7713225830264201616)
	if got, err := ReadSystem(bytes.NewReader(page)); err != nil || got != 7713225830264201616 {
		t.Errorf("ReadSystem = %d, %v", got, err)
	}
}
