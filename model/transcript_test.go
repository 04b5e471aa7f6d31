package model_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
)

// update says whether to write the transcripts again.
var update = flag.Bool("update", false, "write the golden files")

// What a model makes of operations, and of its state, one after the other: each
// line of a transcript is an operation, how it is read, and the state after it.
func TestTranscripts(t *testing.T) {
	paths, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(paths) < 11 {
		t.Fatalf("found %d transcripts, %v", len(paths), err)
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		t.Run(name, func(t *testing.T) {
			name, _, _ := strings.Cut(name, ", ")
			m, err := model.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			drawing, want, _ := strings.Cut(string(text), "\n\n")
			ops, err := m.Prepare(sketch.MustParse(drawing))
			if err != nil {
				t.Fatal(err)
			}
			got := transcript(m, m.Init(), ops)
			if open, ok := m.Open(); ok {
				got += "\nfrom any state\n" + transcript(m, open, ops)
			}
			got += "\nunits\n" + units(m, ops) + "\nclasses\n" + classes(m, ops)
			if *update {
				if err := os.WriteFile(path, []byte(drawing+"\n\n"+got), 0o600); err != nil {
					t.Fatal(err)
				}
			} else if got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
		})
	}
}

func transcript(m model.Model, state any, ops []model.Op) string {
	var text strings.Builder
	for i := range ops {
		ok, next := m.Step(state, &ops[i])
		shown := "illegal"
		if ok {
			state, shown = next, m.Porcupine().DescribeState(next)
		}
		fmt.Fprintf(&text, "%s: %s: %s\n", &ops[i], reading(&ops[i]), shown)
	}
	return text.String()
}

// units lists what can be left out, by places in the history of its operations.
func units(m model.Model, ops []model.Op) string {
	var text strings.Builder
	for _, u := range m.Units(ops) {
		fmt.Fprint(&text, u.IDs)
		if !u.Member.IsAbsent() {
			fmt.Fprint(&text, " member ", u.Member)
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// classes says of each operation in which class it is (-: alone), in which it would
// be were its outcome unknown, and what else the search is told of it.
func classes(m model.Model, ops []model.Op) string {
	var text strings.Builder
	numbers := map[model.Class]int{}
	number := func(c model.Class) int {
		if _, ok := numbers[c]; !ok {
			numbers[c] = len(numbers)
		}
		return numbers[c]
	}
	for i := range ops {
		if c, ok := m.Class(&ops[i]); ok {
			fmt.Fprintf(&text, "%d %d", number(c), number(c.Effect()))
		} else {
			text.WriteByte('-')
		}
		if m.Overwrites(&ops[i]) {
			text.WriteString(" overwrites")
		}
		if m.IsPure(&ops[i]) {
			text.WriteString(" pure")
		}
		text.WriteByte('\n')
	}
	return text.String()
}

// Of an operation whose completion was not seen nothing is known but that it was
// asked for: without an effect nothing is left.
func TestLoosen(t *testing.T) {
	m, err := model.Parse("cas-register")
	if err != nil {
		t.Fatal(err)
	}
	ops, err := m.Prepare(sketch.MustParse(`
0 |-write 1-|
1             |-read → 1-|
2             |-cas [1,2] → [1,2]-|`))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"write(1) → ?: change put 1, perhaps", "", "cas([1,2]) → ?: change need 1 put 2, perhaps"} {
		op, keep := m.Loosen(ops[i])
		if keep != (want != "") {
			t.Errorf("%s is kept: %v", &ops[i], keep)
		}
		if got := op.String() + ": " + reading(&op); keep && (got != want || op.Return != history.Never || !op.Result.IsAbsent()) {
			t.Errorf("got %s until %d, want %s", got, op.Return, want)
		}
	}
}

// reading says what the model reads an operation as.
func reading(op *model.Op) string {
	names := map[model.Action]string{
		model.Observe: "observe", model.Change: "change", model.Grant: "grant", model.Held: "held", model.Free: "free",
		model.GiveUp: "give up", model.Renew: "renew", model.Take: "take", model.Refuse: "refuse", model.Insert: "insert",
		model.Remove: "remove", model.Empty: "empty",
	}
	text := names[op.Action]
	for _, v := range []struct {
		name string
		history.Value
	}{{"need", op.Need}, {"seen", op.Seen}, {"put", op.Put}} {
		if !v.IsAbsent() {
			text += " " + v.name + " " + v.String()
		}
	}
	if op.Amount == model.NoFence {
		text += " without a number"
	} else if op.Amount != 0 {
		text += fmt.Sprintf(" amount %d", op.Amount)
	}
	if op.Observes {
		text += ", no effect"
	}
	if !op.Certain {
		text += ", perhaps"
	}
	return text
}
