package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

const planted = `package p

type answer int

const (
	yes answer = iota
	no
	perhaps
)

func f(a, b int) answer {
	if a < b && b != 3 {
		return yes
	}
	a += 1
	for a > b {
		b++
		g(b + 1)
		continue
	}
	_ = min(a, b)
	return perhaps
}
`

func plantedMutants(t *testing.T) []mutant {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.go")
	if err := os.WriteFile(path, []byte(planted), 0o600); err != nil {
		t.Fatal(err)
	}
	others := alternatives{}
	if err := others.learn(path, ""); err != nil {
		t.Fatal(err)
	}
	all, err := mutate(path, others)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestMutants(t *testing.T) {
	var got []string
	for _, m := range plantedMutants(t) {
		got = append(got, m.name())
	}
	slices.Sort(got)
	want := []string{
		"p.go f: if !(a < b && b != 3) {",
		"p.go f: if a <= b && b != 3 {",
		"p.go f: if a < b || b != 3 {",
		"p.go f: if a < b && b == 3 {",
		"p.go f: if a < b && b != 4 {",
		"p.go f: return no",
		"p.go f: /* a += 1 */",
		"p.go f: a -= 1",
		"p.go f: a += 0",
		"p.go f: for !(a > b) {",
		"p.go f: for a >= b {",
		"p.go f: /* b++ */",
		"p.go f: b--",
		"p.go f: /* g(b + 1) */",
		"p.go f: g(b - 1)",
		"p.go f: g(b +0)",
		"p.go f: break",
		"p.go f: /* _ = min(a, b) */",
		"p.go f: _ = max(a, b)",
		"p.go f: return yes",
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// The same seed draws the same mutants, and a pattern leaves out others.
func TestSample(t *testing.T) {
	s := sample{n: 5, seed: 3, only: regexp.MustCompile(`if |for `)}
	first, second := s.draw(plantedMutants(t)), s.draw(plantedMutants(t))
	if len(first) != 5 || len(second) != 5 {
		t.Fatalf("drew %d and %d", len(first), len(second))
	}
	for i := range first {
		if first[i].name() != second[i].name() || !s.only.MatchString(first[i].after) {
			t.Errorf("drew %q and %q", first[i].name(), second[i].name())
		}
	}
	if all := (sample{only: s.only}).draw(plantedMutants(t)); len(all) != 7 {
		t.Errorf("%d match, want 7", len(all))
	}
}
