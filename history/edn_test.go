package history_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

func TestParseEDN(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"nil", "null"}, {"true", "true"}, {"false", "false"},
		{"7", "7"}, {"-7", "-7"}, {"+7", "7"}, {"-0", "0"}, {"7N", "7"}, {"0x1f", "31"},
		{"9223372036854775807", "9223372036854775807"}, {"-9223372036854775808", "-9223372036854775808"},
		{"9223372036854775808N", "9223372036854775808"},
		{"1.5", "1.5"}, {"1.5M", "1.5"}, {"-1.0e10", "-1.0e10"}, {"1/3", `"1/3"`}, {"##Inf", `"Inf"`},
		{`"a\n\"\u00e9\ud83d\ude00"`, `"a\n\"é😀"`}, {`""`, `""`},
		{":a", `":a"`}, {":a/b", `":a/b"`}, {"sym", `"sym"`}, {`\a`, `"a"`}, {`\newline`, `"\n"`}, {`\u0041`, `"A"`}, {`\{`, `"{"`}, {`\\`, `"\\"`},
		{"[1 2]", "[1,2]"}, {"(1, 2)", "[1,2]"}, {"[]", "[]"}, {"[[:r 3 nil] [:w 3 1]]", `[[":r",3,null],[":w",3,1]]`},
		{"#{3 1 2}", "[1,2,3]"}, {"#{}", "[]"}, {"#{:b \"a\" 10 9 nil}", `[null,9,10,":b","a"]`},
		{"{:b 1, \"a\" [2], 3 nil}", `{"3":null,":b":1,"a":[2]}`}, {"{}", "{}"},
		{`#inst "2026-01-01"`, `"2026-01-01"`}, {"#a.b/c [1 #d{:x 1}]", `[1,{":x":1}]`},
		{"[1 #_2 3 #_ [4 5]]", "[1,3]"}, {"#_1 2", "2"}, {"[1 ; two\n 3]", "[1,3]"}, {"#{#_1}", "[]"},
		{`[\( "]" ;]` + "\n]", `["(","]"]`},
	} {
		got, err := history.ParseEDN([]byte(test.text))
		if err != nil || got.String() != test.want {
			t.Errorf("%s: got %s (%v), want %s", test.text, got, err, test.want)
		}
	}
	for _, text := range []string{"", "1 2", "[", "]", "[1", "{:a}", "#", "# 1", ":", `"`, `"\u12"`, `\ab`, "01", "1.", "1a", "#_", "[#_]", "{1 2 1 3}", "1/x", "#a", "\xff"} {
		if got, err := history.ParseEDN([]byte(text)); err == nil {
			t.Errorf("%q: got %s, want an error", text, got)
		}
	}
}

func TestAppendEDN(t *testing.T) {
	value, err := history.ParseValue([]byte(`{"a b":[":kw",":not kw","s",1.5,123456789012345678901,true,null]}`))
	if err != nil {
		t.Fatal(err)
	}
	e := history.Event{
		Index: 3, Time: 17, Process: history.Nemesis, Type: history.Info, F: "kill", Key: "k\t1",
		Value: value, Error: "timeout: after 3 s", Extra: `"node":"n1","took ns":5`,
	}
	want := `{:index 3, :time 17, :process :nemesis, :type :info, :f :kill, :key "k\t1", ` +
		`:value {"a b" [:kw ":not kw" "s" 1.5 123456789012345678901N true nil]}, ` +
		`:error "timeout: after 3 s", :node "n1", "took ns" 5}` + "\n"
	if got := string(history.AppendEDN(nil, &e)); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

func TestEqualMapsAndSetsAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		members := rapid.SliceOfNDistinct(rapid.IntRange(-50, 50), 0, 8, rapid.ID).Draw(t, "members")
		write := func(order []int) (set, object history.Value) {
			s, m := "#{", "{"
			for _, n := range order {
				text := history.Int(int64(n)).String()
				s, m = s+text+" ", m+text+" :v "
			}
			set, err := history.ParseEDN([]byte(s + "}"))
			if err != nil {
				t.Fatal(err)
			}
			object, err = history.ParseEDN([]byte(m + "}"))
			if err != nil {
				t.Fatal(err)
			}
			return set, object
		}
		set, object := write(members)
		set2, object2 := write(rapid.Permutation(members).Draw(t, "order"))
		if set != set2 || object != object2 {
			t.Fatalf("%s and %s, %s and %s", set, set2, object, object2)
		}
	})
}

// FuzzParseEDN: what is read is JSON, and is the same after it was written.
func FuzzParseEDN(f *testing.F) {
	for _, seed := range []string{"nil", "-1.5e3M", "1/2", `"a\u0041"`, `\newline`, "#{1 :a}", "{:a {1 2}}", "#_ 1 #t [2 ;c\n 3]", "##NaN", "(((", "[1 2)", `"\ud800"`, "9223372036854775808N", "-0.0"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := history.ParseEDN(text)
		if err != nil {
			return
		}
		if !json.Valid(v.AppendJSON(nil)) {
			t.Fatalf("%q was read as %s, which is not JSON", text, v)
		}
		again, err := history.ParseValue(v.AppendJSON(nil))
		if err != nil || again != v {
			t.Fatalf("%q was read as %s, and that as %s, %v", text, v, again, err)
		}
		e := history.Event{Type: history.OK, F: "write", Value: v}
		h, err := history.Read(bytes.NewReader(append([]byte(`{:process 0, :type :invoke, :f :write}`), history.AppendEDN(nil, &e)...)), history.ReadOptions{})
		if err != nil || h.Ops[0].Output != v && v.String() != "-0" {
			t.Fatalf("%q was read as %s, and came back as %+v, %v", text, v, h, err)
		}
	})
}

// FuzzRead must neither panic nor accept a history that contradicts itself, in
// any format.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		head, invoke + ok, "[" + invoke + ok + "]", "(" + invoke + ")", "#jepsen.history.Op" + invoke,
		"{:process 0, :type :invoke, :f :read, :value #jepsen.independent.Tuple [1 nil]}",
		"INFO  jepsen.util - 4\t:invoke\t:read\tnil\nINFO  jepsen.util - 4\t:ok\t:read\t[1 3]\n", ":nemesis\t:info\t:start\t{:a 1}\tbad\n",
		`[{"process":0,"type":"invoke","f":"read","value":[1,2]}]`, `{"a":[1],"history":[{"process":0,"type":"invoke","f":"read"}],"b":2}`,
		"{:process 0, :type :info, :f :x, :error [:a nil], :time -1, :index 7}", zipped(invoke),
	} {
		f.Add([]byte(seed), uint8(0))
	}
	f.Fuzz(func(t *testing.T, text []byte, how uint8) {
		o := history.ReadOptions{Keyed: how&1 != 0, NilIsInitial: how&2 != 0, Unpaired: how&4 != 0}
		if n := int(how >> 3); n > 0 {
			o.Format = history.Formats()[n%len(history.Formats())]
		}
		h, err := history.Read(bytes.NewReader(text), o)
		if err != nil {
			return
		}
		last := map[history.Process]int{}
		for i, op := range h.Ops {
			if op.Call > op.Return || op.Outcome == history.Invoke || op.Outcome == history.Info != (op.Return == history.Never) {
				t.Fatalf("contradictory operation %+v", op)
			}
			if before, ok := last[op.Process]; ok && h.Ops[before].Completed > op.Invoked {
				t.Fatalf("%+v and %+v are of one process", h.Ops[before], op)
			}
			last[op.Process] = i
		}
		place := -1
		for e := range h.Events() {
			if e.Index <= place {
				t.Fatalf("event %d comes after event %d", e.Index, place)
			}
			place = e.Index
		}
	})
}

// FuzzConvert: what was read from any format and written to another reads as the
// same history.
func FuzzConvert(f *testing.F) {
	f.Add(invoke+ok, uint8(0))
	f.Add("[{\"process\":0,\"type\":\"invoke\",\"f\":\"a b\",\"x\":1}]", uint8(1))
	f.Add("0\t:ok\t:read\t#{1 2}\t:timeout\n", uint8(0))
	f.Fuzz(func(t *testing.T, text string, to uint8) {
		format := history.WritableFormats()[int(to)%3]
		ours, _, err := convert(text, history.ReadOptions{NilIsInitial: true}, history.FormatJSONL)
		if err != nil || ours == "" || strings.Contains(ours, "-0") {
			return // minus zero is written in two ways
		}
		theirs, _, err := convert(ours, history.ReadOptions{Format: history.FormatJSONL, NilIsInitial: true}, format)
		if err != nil {
			t.Fatalf("%q reads as %s, which does not convert: %v", text, ours, err)
		}
		back, _, err := convert(theirs, history.ReadOptions{Format: format, NilIsInitial: true}, history.FormatJSONL)
		if err != nil && strings.HasSuffix(err.Error(), " twice") {
			return // our own format lets an object have a field twice
		}
		if err != nil {
			t.Fatalf("%q reads as %s and %s, which does not read: %v", text, ours, theirs, err)
		}
		again, _, err := convert(back, history.ReadOptions{Format: history.FormatJSONL}, format)
		if err != nil || again != theirs {
			t.Fatalf("%q reads as %s, is %s and comes back as %s, %v", text, ours, theirs, again, err)
		}
	})
}
