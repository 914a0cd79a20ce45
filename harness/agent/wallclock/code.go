package wallclock

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"time"
)

// Functions of the vDSO, by which programs ask for the time without a system
// call.
const (
	clockGettime = "__vdso_clock_gettime"
	gettimeofday = "__vdso_gettimeofday"
	timeFunction = "__vdso_time"
)

// functions are the machine code that takes the place of the vDSO's: each asks
// the kernel and adds the offset to the wall clock.
func functions(by time.Duration) (map[string][]byte, error) {
	if runtime.GOARCH != "amd64" {
		return nil, fmt.Errorf("move a clock on %s: unsupported, want amd64", runtime.GOARCH)
	}
	return amd64(by), nil
}

// amd64 follows the C calling convention: arguments in rdi and rsi, the result
// in rax; rcx and r11 may be lost, which the system call does too.
func amd64(by time.Duration) map[string][]byte {
	// The fraction is from 0 up to a second, so that it carries one way only.
	seconds := by / time.Second
	rest := by % time.Second
	if rest < 0 {
		seconds, rest = seconds-1, rest+time.Second
	}
	sec := binary.LittleEndian.AppendUint64(nil, uint64(seconds))
	nanos := binary.LittleEndian.AppendUint32(nil, uint32(rest))
	micros := binary.LittleEndian.AppendUint32(nil, uint32(rest/time.Microsecond))
	join := func(parts ...[]byte) (out []byte) {
		for _, p := range parts {
			out = append(out, p...)
		}
		return out
	}
	// carry adds the fraction to [base+8], which must stay below one second.
	carry := func(fraction []byte, second uint32, add, increment, store []byte) []byte {
		limit := binary.LittleEndian.AppendUint32(nil, second)
		return join(
			[]byte{0xb9}, fraction, // mov ecx, fraction
			add,                             // add rcx, [base+8]
			[]byte{0x48, 0x81, 0xf9}, limit, // cmp rcx, second
			[]byte{0x7c, 0x0a},              // jl store
			[]byte{0x48, 0x81, 0xe9}, limit, // sub rcx, second
			increment, // inc qword [base]
			store,     // store: mov [base+8], rcx
		)
	}
	rsi := carry(nanos, 1_000_000_000, []byte{0x48, 0x03, 0x4e, 0x08}, []byte{0x48, 0xff, 0x06}, []byte{0x48, 0x89, 0x4e, 0x08})
	rdi := carry(micros, 1_000_000, []byte{0x48, 0x03, 0x4f, 0x08}, []byte{0x48, 0xff, 0x07}, []byte{0x48, 0x89, 0x4f, 0x08})
	addRSI := join([]byte{0x48, 0xb9}, sec, []byte{0x48, 0x01, 0x0e}, rsi) // movabs rcx, sec; add [rsi], rcx
	addRDI := join([]byte{0x48, 0xb9}, sec, []byte{0x48, 0x01, 0x0f}, rdi)
	return map[string][]byte{
		clockGettime: join(
			[]byte{0xb8, 228, 0, 0, 0, 0x0f, 0x05},           // mov eax, clock_gettime; syscall
			[]byte{0x85, 0xc0, 0x75, byte(14 + len(addRSI))}, // test eax, eax; jnz done
			[]byte{0x85, 0xff, 0x74, 10},                     // test edi, edi (CLOCK_REALTIME); jz add
			[]byte{0x83, 0xff, 5, 0x74, 5},                   // cmp edi, CLOCK_REALTIME_COARSE; je add
			[]byte{0x83, 0xff, 11, 0x75, byte(len(addRSI))},  // cmp edi, CLOCK_TAI; jne done
			addRSI,
			[]byte{0xc3}, // done: ret
		),
		gettimeofday: join(
			[]byte{0xb8, 96, 0, 0, 0, 0x0f, 0x05},
			[]byte{0x85, 0xc0, 0x75, byte(5 + len(addRDI))},   // test eax, eax; jnz done
			[]byte{0x48, 0x85, 0xff, 0x74, byte(len(addRDI))}, // test rdi, rdi; jz done
			addRDI,
			[]byte{0xc3},
		),
		timeFunction: join(
			[]byte{0x57, 0x31, 0xff},               // push rdi; xor edi, edi
			[]byte{0xb8, 201, 0, 0, 0, 0x0f, 0x05}, // mov eax, time; syscall
			[]byte{0x5f, 0x48, 0xb9}, sec,          // pop rdi; movabs rcx, sec
			[]byte{0x48, 0x01, 0xc8},                            // add rax, rcx
			[]byte{0x48, 0x85, 0xff, 0x74, 3, 0x48, 0x89, 0x07}, // test rdi, rdi; jz done; mov [rdi], rax
			[]byte{0xc3},
		),
	}
}
