package history_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

func values() *rapid.Generator[history.Value] {
	flat := rapid.OneOf(
		rapid.Just(history.NullValue),
		rapid.Map(rapid.Bool(), history.Bool),
		rapid.Map(rapid.Int64(), history.Int),
		rapid.Map(rapid.String(), history.Str),
		rapid.Map(rapid.Float64Range(-1e9, 1e9), func(f float64) history.Value {
			v, err := history.JSON(f)
			if err != nil {
				panic(err)
			}
			return v
		}),
	)
	return rapid.OneOf(flat,
		rapid.Map(rapid.SliceOfN(flat, 0, 4), func(vs []history.Value) history.Value { return history.List(vs...) }),
		rapid.Map(flat, func(v history.Value) history.Value { return history.Object("held_by", v) }),
		rapid.Just(history.Value{}),
	)
}

func events() *rapid.Generator[history.Event] {
	return rapid.Custom(func(t *rapid.T) history.Event {
		return history.Event{
			Index:   rapid.IntRange(0, 1<<40).Draw(t, "index"),
			Time:    rapid.Int64Min(0).Draw(t, "time"),
			Process: history.Process(rapid.IntRange(-1, 1000).Draw(t, "process")),
			Type:    rapid.SampledFrom([]history.Type{history.Invoke, history.OK, history.Fail, history.Info}).Draw(t, "type"),
			F:       rapid.String().Draw(t, "f"),
			Key:     rapid.String().Draw(t, "key"),
			Value:   values().Draw(t, "value"),
			Error:   rapid.String().Draw(t, "error"),
			Extra:   rapid.SampledFrom([]string{"", `"node":"n1"`, `"a":[1,{"b":null}],"c":"\""`}).Draw(t, "extra"),
		}
	})
}

func TestEventRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := events().Draw(t, "event")
		line := history.AppendEvent(nil, &want)
		if !json.Valid(line) {
			t.Fatalf("not JSON: %s", line)
		}
		got, err := history.ParseEvent(bytes.TrimSuffix(line, []byte("\n")))
		if err != nil {
			t.Fatalf("parse %s: %v", line, err)
		}
		if got != want {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	})
}

func TestValueRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := values().Filter(func(v history.Value) bool { return !v.IsAbsent() }).Draw(t, "value")
		got, err := history.ParseValue(want.AppendJSON(nil))
		if err != nil || got != want || got.Hash() != want.Hash() {
			t.Fatalf("got %v (%v), want %v", got, err, want)
		}
	})
}

func TestValueElements(t *testing.T) {
	for _, test := range []struct {
		text string
		want []history.Value
		list bool
	}{
		{`[]`, []history.Value{}, true},
		{`[ 1, "a,b" , [2,3], null ]`, []history.Value{history.Int(1), history.Str("a,b"), history.List(history.Int(2), history.Int(3)), history.NullValue}, true},
		{`{"a":1}`, nil, false},
		{`"[1]"`, nil, false},
		{`1.5`, nil, false},
	} {
		v, err := history.ParseValue([]byte(test.text))
		if err != nil {
			t.Fatal(err)
		}
		got, list := v.Elements()
		if list != test.list || len(got) != len(test.want) {
			t.Fatalf("%s: got %v, %v", test.text, got, list)
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%s: element %d is %v, want %v", test.text, i, got[i], test.want[i])
			}
		}
	}
}

func TestValueField(t *testing.T) {
	v, err := history.ParseValue([]byte(`{ "x": [1], "held_by": "t7" }`))
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := v.Field("held_by"); !ok || got != history.Str("t7") {
		t.Fatalf("got %v, %v", got, ok)
	}
	if _, ok := v.Field("seen"); ok {
		t.Fatal("found a field that is not there")
	}
}

// FuzzParseValue holds our scanner to encoding/json: the same texts are JSON,
// and they mean the same.
func FuzzParseValue(f *testing.F) {
	for _, seed := range []string{`1`, `-0`, `01`, `1e5`, `-9223372036854775808`, `9223372036854775807`, `9223372036854775808`,
		`"a\u0041\n"`, `"\ud800"`, `[1, [2], {"a": "]"}]`, `{"a":1,"a":2}`, `tru`, `"`, `[`, "\"\xff\"", `1 2`, ` null `, `{} {}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := history.ParseValue(text)
		if err == nil != json.Valid(text) {
			if err != nil && !bytes.Equal(text, bytes.ToValidUTF8(text, nil)) {
				return // stricter: we refuse text that is not UTF-8
			}
			t.Fatalf("%q: our error %v, encoding/json says valid=%v", text, err, json.Valid(text))
		}
		if err != nil {
			return
		}
		var ours, theirs any
		if err := json.Unmarshal(v.AppendJSON(nil), &ours); err != nil {
			return // a number beyond float64
		}
		if err := json.Unmarshal(text, &theirs); err != nil {
			t.Fatalf("%q: encoding/json reads only our form of it: %v", text, err)
		}
		a, _ := json.Marshal(ours)
		b, _ := json.Marshal(theirs)
		if !bytes.Equal(a, b) {
			t.Fatalf("%q: we read %s, encoding/json %s", text, a, b)
		}
	})
}

// FuzzLoad must neither panic nor accept a history whose operations contradict
// the format.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(head))
	f.Add([]byte(head + `{"index":1,"time":12,"process":0,"type":"ok","f":"write","key":"r1","value":[7]}`))
	f.Add([]byte(`{"process":0,"type":"invoke","f":"read"}` + "\n" + `{"process":0,"type":"info","f":"read","error":"timeout"}` + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := history.Load(bytes.NewReader(text))
		if err != nil {
			return
		}
		for _, op := range h.Ops {
			if op.Call > op.Return || op.Outcome == history.Invoke || op.Outcome == history.Info != (op.Return == history.Never) {
				t.Fatalf("contradictory operation %+v", op)
			}
		}
	})
}
