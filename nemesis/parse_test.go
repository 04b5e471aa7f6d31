package nemesis

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		text string
		want []Item
	}{
		{"none", nil},
		{"kill,pause", plain("kill", "pause")},
		{" kill ,\n\tpause ", plain("kill", "pause")},
		{"kill(primary)", []Item{{Fault: "kill", Arguments: []Argument{{"", "primary"}}}}},
		{"kill ( place = n12 ) every 5s", []Item{{Fault: "kill", Arguments: []Argument{{"place", "n12"}}, When: Timing{Every: 5 * time.Second}}}},
		{"kill every 1m exactly for 2s", []Item{{Fault: "kill", When: Timing{Every: time.Minute, Exactly: true}, For: 2 * time.Second}}},
		{"kill once at 30s", []Item{{Fault: "kill", When: Timing{Once: true, At: 30 * time.Second}}}},
		{"pause for 500ms, kill", []Item{{Fault: "pause", For: 500 * time.Millisecond}, {Fault: "kill"}}},
		{"eviction(allkeys-random, 10mb)", []Item{{Fault: "eviction", Arguments: []Argument{{"", "allkeys-random"}, {"", "10mb"}}}}},
		{"partition(halves) every 20s for 3s", []Item{{Fault: "partition", Arguments: []Argument{{"", "halves"}}, When: Timing{Every: 20 * time.Second}, For: 3 * time.Second}}},
		{"latency(primary->replicas, 50ms, jitter=10ms)", []Item{{Fault: "latency", Arguments: []Argument{{"", "primary->replicas"}, {"", "50ms"}, {"jitter", "10ms"}}}}},
		{`config(save, "")`, []Item{{Fault: "config", Arguments: []Argument{{"", "save"}, {"", ""}}}}},
		{`config(save, "60 1")`, []Item{{Fault: "config", Arguments: []Argument{{"", "save"}, {"", "60 1"}}}}},
		{`config(name=save, value="a \" \\ b,(=)")`, []Item{{Fault: "config", Arguments: []Argument{{"name", "save"}, {"value", `a " \ b,(=)`}}}}},
	} {
		if got, err := Parse(test.text); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, %v", test.text, got, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct {
		text   string
		column int
		wrong  string
	}{
		{"", 1, "expected the name of a fault, but found the end"},
		{"kill,", 6, "expected the name of a fault, but found the end"},
		{"kill,,pause", 6, `expected the name of a fault, but found ","`},
		{"kil", 1, `unknown fault "kil": did you mean kill? (there are kill, pause, `},
		{"kill, Pause", 7, `unknown fault "Pause"`},
		{"none, kill", 5, "none cannot stand beside a fault"},
		{"kill, none", 7, "none cannot stand beside a fault"},
		{"kill pause", 6, `expected (, every, once at, for or a comma, but found "pause"`},
		{"kill(", 6, "expected place, a place, as primary, but found the end"},
		{"kill()", 6, `expected place, a place, as primary, but found ")"`},
		{"kill(primary", 13, "expected a comma or ), but found the end"},
		{"kill(primary,)", 14, `expected ), but found ")"`},
		{"kill(primary, all)", 15, `"all" is one argument too many: it takes kill(place=one)`},
		{"kill(replicas, place=all)", 16, "place is given twice"},
		{"kill(plaice=all)", 6, `kill has no argument "plaice": did you mean place?`},
		{"kill(place=)", 12, `expected the value of place, but found ")"`},
		{"kill(place=al)", 6, "place expects one, all, primary, "},
		{"kill(primary=all)", 6, `kill has no argument "primary"`},
		{"kill(primray)", 6, "(did you mean primary?)"},
		{"client-pause(c1)", 14, "client-pause takes no arguments"},
		{"config(maxmemory)", 17, "config needs value, a value, as 10mb: it takes config(name, value, place=one)"},
		{"eviction(10tb)", 10, `"10tb" does not fit eviction: size expects a size, as 10mb; policy expects allkeys-lru, `},
		{"eviction(size=0)", 10, "size expects a size, as 10mb"},
		{"eviction(policy=lru)", 10, "(did you mean allkeys-lru?)"},
		{"loading(-3)", 9, "members expects a number from 1"},
		{"clock-jump(soon)", 12, "by expects a time, as 2h or -30s"},
		{"clock-drift(0)", 13, "rate expects a factor, as 1.1"},
		{"kill every", 11, "expected how often, as 5s or 500ms, but found the end"},
		{"kill every 0s", 12, `expected how often, as 5s or 500ms, but found "0s"`},
		{"kill every 5", 12, `but found "5"`},
		{`kill every "5s"`, 12, "expected how often"},
		{"kill every 5s exact", 15, `expected exactly, for or a comma, but found "exact"`},
		{"kill once 30s", 11, `expected at and a time, as in once at 30s, but found "30s"`},
		{"kill once at -1s", 14, "expected when, as 5s"},
		{"kill for 1s every 2s", 13, `expected a comma, but found "every"`},
		{"kill for", 9, "expected how long it lasts"},
		{"kill, config every 2s", 7, "config needs name, a directive, as maxmemory"},
		{`config(save, "60 1)`, 14, "the quotation does not end"},
		{`"none`, 1, "the quotation does not end"},
		{"kill(größe)", 6, `"größe" does not fit`},
		{"kill, \xff", 1, "not UTF-8"},
	} {
		_, err := Parse(test.text)
		var wrong *PlanError
		if !errors.As(err, &wrong) || wrong.Column != test.column || !strings.Contains(wrong.Wrong, test.wrong) {
			t.Errorf("%s: got %v; want column %d: … %s …", test.text, err, test.column, test.wrong)
		}
	}
}

// drawItem draws an item of any kind, with arguments that fit it.
func drawItem(t *rapid.T) Item {
	kind := rapid.SampledFrom(Kinds()).Draw(t, "kind")
	item := Item{Fault: kind.Name}
	word := map[string]*rapid.Generator[string]{
		"place":   rapid.SampledFrom(append(placeNames(), "n1", "s-3")),
		"size":    rapid.SampledFrom([]string{"used", "1", "10mb", "3K"}),
		"policy":  rapid.SampledFrom([]string{"allkeys-lru", "volatile-ttl"}),
		"members": rapid.StringMatching(`[1-9][0-9]{0,9}`),
		"by":      rapid.SampledFrom([]string{"2h", "-30s", "1.5s"}),
		"links":   rapid.SampledFrom([]string{"clients", "primary->replicas", "n1<->n2+c0", "halves", "primary+clients/3"}),
		"mode":    rapid.SampledFrom([]string{"cut", "drop"}),
		"delay":   rapid.SampledFrom([]string{"50ms", "1h"}),
		"jitter":  rapid.SampledFrom([]string{"0s", "2ms"}),
		"limit":   rapid.SampledFrom([]string{"64kb", "1"}),
		"tail":    rapid.SampledFrom([]string{"lost", "torn-byte"}),
		"bytes":   rapid.SampledFrom([]string{"1b", "2mb"}),
		"free":    rapid.SampledFrom([]string{"1b", "2mb"}),
		"data":    rapid.SampledFrom([]string{"lost", "keeps"}),
		"way":     rapid.SampledFrom([]string{"agreed", "takeover"}),
		"slots":   rapid.StringMatching(`[1-9][0-9]{0,3}`),
		"rate":    rapid.SampledFrom([]string{"1.1", "2", "1e-3"}),
		"name":    rapid.String(), "value": rapid.String(),
	}
	for _, p := range kind.Parameters {
		if p.Default == "" || rapid.Bool().Draw(t, "given") {
			value := word[p.Name].Filter(utf8.ValidString).Draw(t, p.Name)
			item.Arguments = append(item.Arguments, Argument{p.Name, value})
		}
	}
	times := rapid.Custom(func(t *rapid.T) time.Duration { return time.Duration(rapid.Int64Range(1, 1e15).Draw(t, "ns")) })
	switch rapid.IntRange(0, 3).Draw(t, "when") {
	case 1:
		item.When = Timing{Every: times.Draw(t, "every"), Exactly: rapid.Bool().Draw(t, "exactly")}
	case 2:
		item.When = Timing{Once: true, At: times.Draw(t, "at")}
	}
	if rapid.Bool().Draw(t, "lasts") {
		item.For = times.Draw(t, "for")
	}
	return item
}

func TestParseReadsWhatStringWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(drawItem), 1, 4).Draw(t, "items")
		text := strings.Join(Texts(items), ", ")
		got, err := Parse(text)
		if err != nil || !reflect.DeepEqual(got, items) {
			t.Fatalf("%s: got %+v, %v; want %+v", text, got, err, items)
		}
		if err := (Plan{Items: got, Interval: 1}).Validate(); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	})
}

// FuzzParse wants that what is read is written so that it is read as the same.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"none", "kill,pause,restart", "kill(primary) every 5s, bgsave every 2s exactly", "pause once at 1m30s for 3s",
		`config(save, "60 1")`, "partition(primary+clients/2, drop) for 3s", "latency(n1<->n2+c0, 50ms, jitter=10ms)", "eviction(10mb, allkeys-lru, place=all)", "clock-jump(-2h", `kill("`, "kill every every", `"\`, "config",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		items, err := Parse(text)
		if err != nil {
			var wrong *PlanError
			if !errors.As(err, &wrong) || wrong.Column < 1 || wrong.Column > utf8.RuneCountInString(text)+1 {
				t.Fatalf("%q: %v", text, err)
			}
			return
		}
		if err := (Plan{Items: items, Interval: 1}).Validate(); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if items == nil {
			return
		}
		if again, err := Parse(strings.Join(Texts(items), ",")); err != nil || !reflect.DeepEqual(again, items) {
			t.Fatalf("%q became %q: %+v, %v", text, Texts(items), again, err)
		}
	})
}

func TestReadSize(t *testing.T) {
	for text, want := range map[string]int64{"1": 1, "7b": 7, "1k": 1000, "1kb": 1024, "10MB": 10 << 20, "2g": 2e9, "1gb": 1 << 30} {
		if got, err := readSize(text); got != want || err != nil {
			t.Errorf("%s: got %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "mb", "-1", "1.5mb", "9223372036854775807kb", "1 mb", "1tb"} {
		if got, err := readSize(text); err == nil {
			t.Errorf("%q: got %d", text, got)
		}
	}
}
