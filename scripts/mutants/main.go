package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/signal"
	"regexp"
	"slices"
	"syscall"
)

func main() {
	log.SetFlags(0)
	var s sample
	fs := flag.NewFlagSet("mutants", flag.ExitOnError)
	fs.IntVar(&s.n, "n", 0, "how many mutants to try of each package, drawn at random; 0: all")
	fs.Uint64Var(&s.seed, "seed", 1, "seed of the draw")
	only := fs.String("only", "", "try only mutants whose line of output matches this pattern")
	known := fs.String("known", "docs/mutants.md", "document that names the survivors that are as they should be")
	workers := fs.Int("workers", 2, "how many mutants to try at a time")
	_ = fs.Parse(os.Args[1:]) // it exits by itself
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends us at once
	var err error
	if s.only, err = regexp.Compile(*only); err != nil {
		log.Fatalf("-only: %v", err)
	}
	document, err := os.ReadFile(*known)
	if err != nil {
		log.Fatal(err)
	}
	unexplained := 0
	for _, pattern := range fs.Args() {
		t, err := try(ctx, pattern, s, string(document), *workers)
		fmt.Println(t)
		if err != nil {
			log.Fatalf("%s: %v", pattern, err)
		}
		unexplained += t.survived
	}
	if unexplained > 0 {
		os.Exit(1)
	}
}

// sample says which mutants are tried.
type sample struct {
	n    int // 0: all
	seed uint64
	only *regexp.Regexp
}

// draw returns the sample of the mutants, in their order.
func (s sample) draw(all []mutant) []mutant {
	all = slices.DeleteFunc(all, func(m mutant) bool { return !s.only.MatchString(m.String()) })
	if s.n == 0 || s.n >= len(all) {
		return all
	}
	r := rand.New(rand.NewPCG(s.seed, 0))
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:s.n]
	slices.SortFunc(all, mutant.compare)
	return all
}

// tally is what became of the mutants of a package.
type tally struct {
	pattern string
	// late is how many of the caught ones were so because the tests did not end.
	caught, late, survived, explained, stillborn int
}

func (t tally) String() string {
	tried := t.caught + t.survived + t.explained
	return fmt.Sprintf("%s: %d of %d mutants caught: %s; %d more are explained: %s of the others; %d caught by the time limit, %d did not compile",
		t.pattern, t.caught, tried, percent(t.caught, tried),
		t.explained, percent(t.caught, tried-t.explained), t.late, t.stillborn)
}

func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(part)/float64(whole))
}
