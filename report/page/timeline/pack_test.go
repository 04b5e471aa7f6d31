package timeline

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/report/series"
)

// unpacked is a timeline read back, as unpack.js reads it.
type unpacked struct {
	head head
	ops  []history.Op
	lane []int
}

// unpack reads what Pack wrote.
func unpack(t testing.TB, packed []byte) unpacked {
	t.Helper()
	zipped, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	size := binary.LittleEndian.Uint32(text)
	var u unpacked
	if err := json.Unmarshal(text[4:4+size], &u.head); err != nil {
		t.Fatal(err)
	}
	rest := text[4+size:]
	var columns [][]byte
	for _, length := range u.head.Columns {
		columns, rest = append(columns, rest[:length]), rest[length:]
	}
	if len(rest) != 0 {
		t.Fatalf("%d bytes are in no column", len(rest))
	}
	next := func(column int) uint64 {
		n, read := binary.Uvarint(columns[column])
		columns[column] = columns[column][read:]
		return n
	}
	var before [2]int64
	value := func(at int, input history.Value) history.Value {
		packed := next(7 + at)
		switch n := packed >> 2; packed & 3 {
		case intValue:
			before[at] += int64(n>>1) ^ -int64(n&1)
			return history.Int(before[at])
		case textValue:
			v, err := history.ParseValue([]byte(u.head.Texts[n]))
			if err != nil {
				t.Fatal(err)
			}
			return v
		default:
			return []history.Value{{}, history.NullValue, history.Bool(false), history.Bool(true), input}[n]
		}
	}
	index, call := 0, int64(0)
	for range u.head.Held {
		index += int(next(0))
		call += int64(next(1))
		op := history.Op{Invoked: index, Call: call, Return: history.Never}
		waited := next(2)
		op.Process = history.Process(next(3))
		u.lane = append(u.lane, int(next(4)))
		kind := next(5)
		op.F, op.Outcome = u.head.Operations[kind>>2], []history.Type{history.OK, history.Fail, history.Info}[kind&3]
		switch {
		case waited == 0:
		case op.Outcome == history.Info:
			op.GaveUp = call + int64(waited) - 1
		default:
			op.Return = call + int64(waited) - 1
		}
		op.Key = u.head.Keys[next(6)]
		op.Input = value(0, history.Value{})
		op.Output = value(1, op.Input)
		if op.Outcome != history.OK {
			op.Error = u.head.Texts[next(9)]
		}
		u.ops = append(u.ops, op)
	}
	return u
}

// histories are arbitrary ones of some clients, in which a process is retired after
// an unknown outcome.
func histories() *rapid.Generator[*history.History] {
	return rapid.Custom(func(t *rapid.T) *history.History {
		now := int64(0)
		tape := history.NewTape(func() int64 { return now })
		clients := rapid.IntRange(1, 4).Draw(t, "clients")
		at := make([]history.Process, clients)
		open := make([]bool, clients)
		for i := range at {
			at[i] = history.Process(i)
		}
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			now += rapid.Int64Range(0, 1<<40).Draw(t, "passes")
			c := rapid.IntRange(0, clients-1).Draw(t, "client")
			if !open[c] {
				_ = tape.Invoke(at[c], rapid.SampledFrom([]string{"read", "write", "ü"}).Draw(t, "f"), rapid.SampledFrom([]string{"", "k1", "</script>"}).Draw(t, "key"), anyValue().Draw(t, "input"), false)
				open[c] = true
				continue
			}
			outcome := rapid.SampledFrom([]history.Type{history.OK, history.Fail, history.Info}).Draw(t, "outcome")
			last := tape.Events()[lastOf(tape.Events(), at[c])]
			reason := ""
			if outcome != history.OK {
				reason = rapid.SampledFrom([]string{"timeout", "", "eof: \u2028"}).Draw(t, "error")
			}
			_ = tape.Complete(at[c], outcome, last.F, last.Key, anyValue().Draw(t, "output"), reason)
			if open[c] = false; outcome == history.Info {
				at[c] += history.Process(clients)
			}
		}
		h, err := history.Pair(tape.Events())
		if err != nil {
			t.Fatal(err)
		}
		return h
	})
}

func lastOf(events []history.Event, p history.Process) int {
	for i := len(events) - 1; ; i-- {
		if events[i].Process == p {
			return i
		}
	}
}

func anyValue() *rapid.Generator[history.Value] {
	return rapid.OneOf(
		rapid.SampledFrom([]history.Value{{}, history.NullValue, history.Bool(true), history.Bool(false), history.List(history.Int(1), history.Str("x"))}),
		rapid.Map(rapid.Int64(), history.Int),
		rapid.Map(rapid.Int64Range(-maxInt-1, maxInt+1), history.Int),
		rapid.Map(rapid.StringN(0, 10, -1), history.Str),
	)
}

func pack(t interface{ Fatal(...any) }, tl *Timeline) []byte {
	var out bytes.Buffer
	if err := tl.Pack(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatIsPackedComesBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		h := histories().Draw(r, "history")
		u := unpack(t, pack(r, New(h, series.Of(h, nil), Options{Clients: rapid.IntRange(0, 4).Draw(r, "told")})))
		if len(u.ops) != len(h.Ops) {
			r.Fatalf("%d operations of %d", len(u.ops), len(h.Ops))
		}
		for i, op := range h.Ops {
			op.Completed, op.Final = 0, false
			if u.ops[i] != op {
				r.Errorf("operation %d: %+v, packed as %+v", i, op, u.ops[i])
			}
		}
	})
}

// What is cut or left out is counted.
func TestTextsAreBounded(t *testing.T) {
	now := int64(0)
	tape := history.NewTape(func() int64 { now++; return now })
	long := string(bytes.Repeat([]byte("ü"), maxTextRunes+1))
	const many = maxTextBytes/(2*maxTextRunes) + 10
	for i := range many {
		v, _ := history.JSON(map[string]any{"n": i, "long": long})
		_ = tape.Invoke(0, "write", long, v, false)
		_ = tape.Complete(0, history.OK, "write", long, v, "")
	}
	h, err := history.Pair(tape.Events())
	if err != nil {
		t.Fatal(err)
	}
	packed := pack(t, New(h, series.Of(h, nil), Options{}))
	// The values differ in what is cut off, so that one text stands for all.
	var u head
	zipped, _ := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, bytes.NewReader(packed)))
	text, _ := io.ReadAll(zipped)
	if err := json.Unmarshal(text[4:4+binary.LittleEndian.Uint32(text)], &u); err != nil {
		t.Fatal(err)
	}
	if u.Shortened == 0 || len(u.Texts) > many || len([]rune(u.Keys[0])) != maxTextRunes+1 {
		t.Errorf("%d texts, %d shortened, a key of %d characters", len(u.Texts), u.Shortened, len([]rune(u.Keys[0])))
	}
}
