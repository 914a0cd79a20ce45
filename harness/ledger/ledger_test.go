package ledger

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var start = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

// digest is that of a write in these tests.
func digest(i int) Digest { return Order{Client: "c", Item: 1 + i%500, Quantity: 1}.Digest() }

// entry is a write that was sent at second i and answered a millisecond later.
func entry(key string, i int, fate Fate) Entry {
	at := start.Add(time.Duration(i) * time.Second)
	return Entry{Key: key, Digest: digest(i), Intended: at, Sent: at, Answered: at.Add(time.Millisecond), Fate: fate}
}

func key(fate Fate, j int) string { return fmt.Sprintf("%v-%d", fate, j) }

// books have three writes of each fate, one a second, and rows is what an
// honest service has of them: the acknowledged ones and one of unknown fate.
func books() (b *Book, rows map[string][]Row) {
	b, rows = NewBook(start), map[string][]Row{}
	for i, fate := range []Fate{Acknowledged, Rejected, Unknown} {
		for j := range 3 {
			e := entry(key(fate, j), 3*i+j, fate)
			b.Enter(e)
			if fate == Acknowledged || fate == Unknown && j == 0 {
				rows[e.Key] = []Row{{e.Key, e.Digest}}
			}
		}
	}
	return b, rows
}

func TestABalanceWhoseTruthIsKnown(t *testing.T) {
	honest := Balance{Acknowledged: 3, Rejected: 3, Unknown: 3, Done: 1, NotDone: 2}
	row := func(fate Fate, j int) Row {
		return Row{key(fate, j), digest(map[Fate]int{Rejected: 3, Unknown: 6}[fate] + j)}
	}
	for rule, c := range map[string]struct {
		change func(map[string][]Row)
		want   func(*Balance)
	}{
		"an honest service got nothing wrong": {func(map[string][]Row) {}, func(*Balance) {}},
		"an acknowledged row that is dropped is lost, and the last kept one before it is the recovery point": {
			func(f map[string][]Row) { delete(f, key(Acknowledged, 1)) },
			func(b *Balance) { b.Lost, b.RPO = 1, time.Second }},
		"without a kept one before it the recovery point is when the first lost one was sent": {
			func(f map[string][]Row) { delete(f, key(Acknowledged, 0)) },
			func(b *Balance) { b.Lost, b.RPO = 1, time.Millisecond }},
		"the recovery point reaches from before the first lost one to the newest": {
			func(f map[string][]Row) { delete(f, key(Acknowledged, 2)); delete(f, key(Acknowledged, 0)) },
			func(b *Balance) { b.Lost, b.RPO = 2, 2*time.Second+time.Millisecond }},
		"a second row of one write is a duplicate": {
			func(f map[string][]Row) { f["more"] = []Row{row(Acknowledged, 0)} },
			func(b *Balance) { b.Duplicated = 1 }},
		"a write of unknown fate that was done twice is a duplicate": {
			func(f map[string][]Row) { f["more"] = []Row{row(Unknown, 1), row(Unknown, 1)} },
			func(b *Balance) { b.Duplicated, b.Done, b.NotDone = 1, 2, 1 }},
		"a row that nobody sent is a phantom": {
			func(f map[string][]Row) { f["more"] = []Row{{Key: "stranger"}} },
			func(b *Balance) { b.Phantom = 1 }},
		"a rejected write that was done is a phantom": {
			func(f map[string][]Row) { f["more"] = []Row{row(Rejected, 2)} },
			func(b *Balance) { b.Phantom = 1 }},
		"a write that holds something else is a phantom, and what was acknowledged is lost": {
			func(f map[string][]Row) { f[key(Acknowledged, 2)] = []Row{{key(Acknowledged, 2), digest(77)}} },
			func(b *Balance) { b.Phantom, b.Lost, b.RPO = 1, 1, time.Second }},
		"a write of unknown fate that is not there is not lost": {
			func(f map[string][]Row) { delete(f, key(Unknown, 0)) },
			func(b *Balance) { b.Done, b.NotDone = 0, 3 }},
	} {
		t.Run(rule, func(t *testing.T) {
			b, rows := books()
			c.change(rows)
			want := honest
			c.want(&want)
			for _, r := range rows {
				for _, r := range r {
					b.Find(r)
					want.Rows++
				}
			}
			got := b.Balance(start)
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Balance{}, "Examples")); diff != "" {
				t.Errorf("balance (-want +got):\n%s", diff)
			}
			if (len(got.Examples) > 0) != (got.Wrong() > 0) {
				t.Errorf("%d are wrong, and the examples are %+v", got.Wrong(), got.Examples)
			}
		})
	}
}

func TestAWriteThatIsSentAgainIsOneWrite(t *testing.T) {
	for rule, c := range map[string]struct {
		fates    []Fate
		want     Fate
		answered time.Duration
	}{
		"one acknowledgement is enough":             {[]Fate{Unknown, Acknowledged}, Acknowledged, time.Second + time.Millisecond},
		"in any order":                              {[]Fate{Acknowledged, Unknown}, Acknowledged, time.Millisecond},
		"the first acknowledgement counts":          {[]Fate{Acknowledged, Acknowledged}, Acknowledged, time.Millisecond},
		"a refusal does not undo it":                {[]Fate{Acknowledged, Rejected}, Acknowledged, time.Millisecond},
		"what may have been done is not rejected":   {[]Fate{Unknown, Rejected}, Unknown, time.Millisecond},
		"what was refused twice is":                 {[]Fate{Rejected, Rejected}, Rejected, time.Millisecond},
		"what nobody answered is known by nobody":   {[]Fate{Unknown, Unknown}, Unknown, time.Millisecond},
		"three sendings are one write all the same": {[]Fate{Unknown, Unknown, Acknowledged}, Acknowledged, 2*time.Second + time.Millisecond},
	} {
		t.Run(rule, func(t *testing.T) {
			b := NewBook(start)
			for i, f := range c.fates {
				e := entry("k", i, f)
				e.Digest = digest(0)
				b.Enter(e)
			}
			w := b.kept["k"]
			if b.Len() != 1 || w.fate != c.want || w.answered != c.answered || w.sent != 0 {
				t.Errorf("got %d writes, %+v; want one that is %v after %v", b.Len(), *w, c.want, c.answered)
			}
		})
	}
}

func TestABookThatIsFullSaysSo(t *testing.T) {
	b := NewBook(start)
	b.most = 2
	for i := range 4 {
		b.Enter(entry(fmt.Sprint(i), i, Acknowledged))
	}
	b.Enter(entry("0", 0, Acknowledged)) // is kept already
	if got := b.Balance(start); got.Acknowledged != 2 || got.Unkept != 2 {
		t.Errorf("got %+v, want two writes and two without room", got)
	}
}

func TestTheNewestIsTheOneAcknowledgedLast(t *testing.T) {
	b := NewBook(start)
	b.Enter(entry("refused", 0, Rejected))
	if row, ok := b.Newest(); ok {
		t.Errorf("Newest = %v, want none: nothing was acknowledged", row)
	}
	b.Enter(entry("a", 1, Acknowledged))
	b.Enter(entry("b", 2, Unknown))
	if row, ok := b.Newest(); !ok || row != (Row{"a", digest(1)}) {
		t.Errorf("Newest = %v, %v; want a", row, ok)
	}
}

func TestExamplesAreTheFirstOfEachKindWithTheirTimes(t *testing.T) {
	b := NewBook(start)
	for i := range 20 {
		b.Enter(entry(fmt.Sprintf("lost-%02d", i), i, Acknowledged))
	}
	b.Enter(entry("twice", 30, Acknowledged))
	b.Find(Row{"twice", digest(30)})
	b.Find(Row{"twice", digest(30)})
	b.Find(Row{Key: "stranger"})
	got := b.Balance(start.Add(-time.Minute)).Examples // the trial began a minute before
	var want []Example
	for i := range mostExamples {
		at := time.Minute + time.Duration(i)*time.Second
		want = append(want, Example{Kind: LostWrite, Key: fmt.Sprintf("lost-%02d", i), Known: true, Intended: at, Sent: at, Answered: at + time.Millisecond})
	}
	at := time.Minute + 30*time.Second
	want = append(want,
		Example{Kind: DuplicatedWrite, Key: "twice", Copies: 2, Known: true, Intended: at, Sent: at, Answered: at + time.Millisecond},
		Example{Kind: PhantomWrite, Key: "stranger", Copies: 1})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("examples (-want +got):\n%s", diff)
	}
	b.Reopen()
	if got := b.Balance(start); got.Rows != 0 || got.Lost != 21 || got.Phantom != 0 || got.Duplicated != 0 {
		t.Errorf("a reading that begins anew knows %+v already", got)
	}
}

func TestEveryDamageIsCountedExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := NewBook(start)
		var want Balance
		lastKept, firstLost := time.Duration(-1), time.Duration(-1)
		for i := range rapid.IntRange(0, 40).Draw(t, "writes") {
			e := entry(fmt.Sprint(i), i, rapid.SampledFrom([]Fate{Unknown, Acknowledged, Rejected}).Draw(t, "fate"))
			b.Enter(e)
			copies := rapid.IntRange(0, 3).Draw(t, "copies")
			for range copies {
				b.Find(Row{e.Key, e.Digest})
				want.Rows++
			}
			want.Duplicated += max(0, copies-1)
			answered := e.Answered.Sub(start)
			switch {
			case e.Fate == Acknowledged:
				want.Acknowledged++
				if copies == 0 {
					want.Lost++
					if firstLost < 0 {
						firstLost = lastKept
						if lastKept < 0 {
							firstLost = e.Sent.Sub(start)
						}
					}
					want.RPO = answered - firstLost
				} else {
					lastKept = answered
				}
			case e.Fate == Rejected:
				want.Rejected++
				want.Phantom += min(1, copies)
			case copies > 0:
				want.Unknown++
				want.Done++
			default:
				want.Unknown++
				want.NotDone++
			}
		}
		strangers := rapid.IntRange(0, 8).Draw(t, "strangers")
		for i := range strangers {
			b.Find(Row{Key: fmt.Sprintf("stranger-%d", i)})
		}
		want.Phantom += strangers
		want.Rows += strangers
		if diff := cmp.Diff(want, b.Balance(start), cmpopts.IgnoreFields(Balance{}, "Examples")); diff != "" {
			t.Fatalf("balance (-want +got):\n%s", diff)
		}
	})
}
