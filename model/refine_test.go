package model_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history/sketch"
	"github.com/jepsen-lite/jepsen-lite/model"
	"github.com/jepsen-lite/jepsen-lite/model/modeltest"
)

// Refined operations have the answer that they had before.
func TestRefiningKeepsTheAnswer(t *testing.T) {
	for _, name := range modeltest.Names() {
		t.Run(name, func(t *testing.T) {
			kind, _, _ := strings.Cut(name, "(")
			m, err := model.Parse(name)
			if err != nil {
				t.Fatal(err)
			}
			rapid.Check(t, func(rt *rapid.T) {
				for _, h := range rapid.SliceOfN(modeltest.History(kind, 7), 1, 40).Draw(rt, "histories") {
					ops, err := m.Prepare(h)
					if err != nil {
						rt.Fatal(err)
					}
					before := describe(ops)
					refined := slices.Clone(m.Refine(ops))
					if describe(ops) != before {
						rt.Fatalf("refining changed %s", before)
					}
					if got, want := bruteForce(m, refined), bruteForce(m, ops); got != want {
						rt.Fatalf("legal: %v before %v, and %v after %v", want, before, got, describe(refined))
					}
				}
			})
		})
	}
}

// What is known of the moments of a queue's operations from the others.
func TestQueuesAreRefined(t *testing.T) {
	for _, test := range []struct {
		name, drawing, want string
	}{
		{"in before out", `
0 |-enqueue 1---------|
1    |-dequeue → 1-|`, `
[2,19] enqueue(1)
[5,19] dequeue → 1`},
		{"an enqueue of unknown outcome happened", `
0 |-enqueue 1-?
1    |-dequeue → 1-|`, `
[2,19] enqueue(1)
[5,19] dequeue → 1`},
		{"one that nobody saw need not", `
0 |-enqueue 1-?
1    |-enqueue 2-|`, `
[5,17] enqueue(2)`},
		{"in as they came out", `
0 |-enqueue 1----------|
1   |-enqueue 2----|
2                        |-dequeue → 1-|
3                                        |-dequeue → 2-|`, `
[2,19] enqueue(1)
[4,19] enqueue(2)
[25,39] dequeue → 1
[41,55] dequeue → 2`},
		{"out as they went in", `
0 |-enqueue 1-|
1                |-enqueue 2-|
2                               |-dequeue → 1------|
3                                 |-dequeue → 2-|`, `
[2,14] enqueue(1)
[17,29] enqueue(2)
[32,48] dequeue → 1
[34,48] dequeue → 2`},
		{"what stayed went in last", `
0   |-enqueue 1------|
1 |-enqueue 2-|
2                        |-dequeue → 1-|`, `
[4,14] enqueue(2)
[4,14] enqueue(1)
[25,39] dequeue → 1`},
		{"what may have been taken need not", `
0   |-enqueue 1------|
1 |-enqueue 2-|
2                        |-dequeue → 1-|
3                        |-dequeue-?`, `
[2,14] enqueue(2)
[4,21] enqueue(1)
[25,39] dequeue → 1
[25,9223372036854775807] dequeue → ?`},
		{"of what was put in twice nothing is known", `
0 |-enqueue 1-?
1 |-enqueue 1------------|
2    |-dequeue → 1-|`, `
[2,9223372036854775807] enqueue(1) → ?
[2,25] enqueue(1)
[5,19] dequeue → 1`},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := model.Parse("fifo-queue")
			if err != nil {
				t.Fatal(err)
			}
			ops, err := m.Prepare(sketch.MustParse(test.drawing))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(describe(m.Refine(ops))); got != strings.TrimSpace(test.want) {
				t.Errorf("got %s\nwant %s", got, test.want)
			}
		})
	}
}

// A write of unknown outcome whose value nobody saw or needed is left out.
func TestRegistersAreRefined(t *testing.T) {
	m, err := model.Parse("cas-register")
	if err != nil {
		t.Fatal(err)
	}
	ops, err := m.Prepare(sketch.MustParse(`
0 |-write 1-?
1 |-write 2-?
2 |-write 3-?
3 |-write 4-|
4               |-read → 2-|
5               |-cas [3,5] → [3,5]-|
6               |-cas [1,6]-x`))
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	for _, op := range m.Refine(ops) {
		kept = append(kept, op.String())
	}
	if want := []string{"write(2) → ?", "write(3) → ?", "write(4)", "read → 2", "cas([3,5]) → [3,5]"}; !slices.Equal(kept, want) {
		t.Errorf("kept %q, want %q", kept, want)
	}
}
