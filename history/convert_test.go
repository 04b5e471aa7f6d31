package history_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// recorded generates the events of a history as a recorder writes it: numbered,
// at different times, by new processes after an info. What they do makes no sense.
func recorded() *rapid.Generator[[]history.Event] {
	return rapid.Custom(func(t *rapid.T) []history.Event {
		all := rapid.SliceOfN(events(), 1, 8).Draw(t, "events")
		now := int64(-1)
		crashed := map[history.Process]bool{}
		for i := range all {
			now += int64(rapid.IntRange(1, 1000).Draw(t, "later"))
			all[i].Index, all[i].Time = i, now
			for crashed[all[i].Process] {
				all[i].Process += 10_000
			}
			crashed[all[i].Process] = all[i].Type == history.Info && all[i].Process != history.Nemesis
		}
		return all
	})
}

// fataler is a testing.T or a rapid.T.
type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// write returns the events in the format.
func write(t fataler, f history.Format, all []history.Event) string {
	t.Helper()
	var out bytes.Buffer
	w, err := history.NewWriter(&out, f)
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if err := w.Write(&all[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// convert returns the text in the other format.
func convert(text string, o history.ReadOptions, f history.Format) (string, []string, error) {
	from, err := history.NewReader(strings.NewReader(text), o)
	if err != nil {
		return "", nil, err
	}
	var out bytes.Buffer
	to, err := history.NewWriter(&out, f)
	if err != nil {
		return "", nil, err
	}
	warnings, err := history.Convert(from, to, func(int) error { return nil })
	return out.String(), warnings, err
}

// sorted returns JSON lines with the fields of every object in order, and minus
// zero in one spelling.
func sorted(t fataler, lines string) string {
	t.Helper()
	var out bytes.Buffer
	lines = regexp.MustCompile(`-0\.0([,}\]])`).ReplaceAllString(lines, "-0$1")
	decoder := json.NewDecoder(strings.NewReader(lines))
	decoder.UseNumber()
	for decoder.More() {
		var event any
		if err := decoder.Decode(&event); err != nil {
			t.Fatalf("%v in %s", err, lines)
		}
		if err := json.NewEncoder(&out).Encode(event); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

func TestConvertThereAndBack(t *testing.T) {
	for _, f := range []history.Format{history.FormatEDN, history.FormatJSON, history.FormatJSONL} {
		t.Run(string(f), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				ours := write(t, history.FormatJSONL, recorded().Draw(t, "events"))
				theirs, _, err := convert(ours, history.ReadOptions{Format: history.FormatJSONL}, f)
				if err != nil {
					t.Fatalf("%s\nto %s: %v", ours, f, err)
				}
				back, _, err := convert(theirs, history.ReadOptions{NilIsInitial: true}, history.FormatJSONL)
				if err != nil {
					t.Fatalf("%s\nback: %v", theirs, err)
				}
				if sorted(t, back) != sorted(t, ours) {
					t.Fatalf("wrote\n%s\nas\n%s\nand got\n%s", ours, theirs, back)
				}
			})
		})
	}
}

func TestConvertTellsWhatIsLost(t *testing.T) {
	ours := `{"time":1,"process":0,"type":"invoke","f":"read"}
{"time":2,"process":0,"type":"ok","f":"read","value":null}
{"time":2,"process":1,"type":"invoke","f":"read"}
`
	_, warnings, err := convert(ours, history.ReadOptions{}, history.FormatEDN)
	if err != nil || len(warnings) != 2 ||
		!strings.HasPrefix(warnings[0], "reads of null: 1;") || !strings.HasPrefix(warnings[1], "invocations at the time of a completion before them: 1;") {
		t.Errorf("got %q, %v", warnings, err)
	}
	if _, warnings, err = convert(ours, history.ReadOptions{}, history.FormatJSONL); err != nil || len(warnings) > 0 {
		t.Errorf("in our own format nothing is lost, got %q, %v", warnings, err)
	}
}

func TestConvertRefusesWhatOursCannotSay(t *testing.T) {
	for text, want := range map[string]string{
		"{:process 1, :type :info, :f :read}\n{:process 1, :type :invoke, :f :read}": "line 2: process 1 goes on after an info, which jsonl does not have: convert to edn or json",
		"{:process nil, :type :ok, :f :read}":                                        "line 1: process is null, which jsonl does not have: convert to edn or json",
	} {
		if _, _, err := convert(text, history.ReadOptions{}, history.FormatJSONL); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", text, err, want)
		}
		for _, f := range []history.Format{history.FormatEDN, history.FormatJSON} {
			copied, _, err := convert(text, history.ReadOptions{}, f)
			if err != nil {
				t.Fatal(err)
			}
			if again, _, err := convert(copied, history.ReadOptions{Format: f}, f); err != nil || again != copied {
				t.Errorf("%s\ncame back as\n%s, %v", copied, again, err)
			}
		}
	}
}
