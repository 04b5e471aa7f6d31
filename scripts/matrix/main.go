package main

import (
	"flag"
	"fmt"
	"log"
	"regexp"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/scripts/tool"
)

// options are how the table is made.
type options struct {
	program, store, target, image, server string
	short, standalone                     bool
	seconds                               int
	only                                  *regexp.Regexp
}

func main() {
	log.SetFlags(0)
	var o options
	readme := flag.String("readme", "", "file to write the table into, between its two markers; none: only print it")
	flag.StringVar(&o.program, "tool", "bin/jepsen-lite", "the program to run")
	flag.StringVar(&o.store, "store", "store", "folder for run folders")
	flag.StringVar(&o.target, "target", "process", "backend: process or docker")
	flag.StringVar(&o.image, "image", "", "image of the servers, for docker")
	flag.StringVar(&o.server, "server", "", "program of the servers, for process")
	flag.BoolVar(&o.short, "short", false, "only a few rows")
	flag.BoolVar(&o.standalone, "standalone", false, "only rows of one server")
	flag.IntVar(&o.seconds, "seconds", 15, "length of a run, unless its row says another")
	only := flag.String("only", "", "only rows whose title matches this regular expression")
	flag.Parse()
	o.only = regexp.MustCompile(*only)

	table, wrong, err := o.make()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(table)
	if *readme != "" {
		if err := tool.Replace(*readme, "matrix", table); err != nil {
			log.Fatal(err)
		}
	}
	if wrong > 0 {
		log.Fatalf("%d rows are not as expected", wrong)
	}
}

const header = `| deployment and fault | expected | found | acknowledged writes lost | command |
| --- | --- | --- | --: | --- |
`

// make tries the rows and returns the table, and how many are not as expected.
func (o options) make() (table string, wrong int, err error) {
	var text strings.Builder
	text.WriteString(header)
	for _, r := range rows() {
		if !o.only.MatchString(r.title) || o.short && !r.short || o.standalone && r.several {
			continue
		}
		line, isRight, err := o.try(r)
		if err != nil {
			return "", 0, err
		}
		if !isRight {
			wrong++
			log.Printf("NOT AS EXPECTED: %s", line)
		}
		text.WriteString(line)
	}
	return text.String(), wrong, nil
}

// try makes the row's runs and returns its line.
func (o options) try(r row) (line string, isRight bool, err error) {
	var found, losses []string
	isRight = true
	for run := range o.runs(r) {
		results, err := tool.Run(o.program, o.arguments(r, run)...)
		if err != nil {
			return "", false, err
		}
		f := judge(results)
		isRight = isRight && f.suits(r.want)
		found, losses = append(found, f.String()), append(losses, f.losses(r))
		log.Printf("%s: %s, %s, %d acknowledged, %v", r.title, f, f.losses(r), f.acknowledged, results.Faults)
	}
	command := fmt.Sprintf("`run --workload set %s`", strings.ReplaceAll(r.args, "|", `\|`))
	return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", r.title, r.want, tally(found), strings.Join(losses, ", "), command), isRight, nil
}

// runs is how often a row is run.
func (o options) runs(r row) int {
	if o.short {
		return 1
	}
	return max(1, r.runs)
}

// arguments of jepsen-lite for a run of the row.
func (o options) arguments(r row, run int) []string {
	seconds := o.seconds
	if r.seconds > 0 {
		seconds = r.seconds
	}
	args := []string{"run", "--workload", "set", "--target", o.target, "--store", o.store,
		"--seed", fmt.Sprint(run + 1), "--time-limit", fmt.Sprintf("%ds", seconds)}
	if o.image != "" {
		args = append(args, "--image", o.image)
	}
	if o.server != "" {
		args = append(args, "--redis-server", o.server)
	}
	return append(args, words(r.args)...)
}

// words splits a command line, in which " stands around what has spaces.
func words(text string) []string {
	var all []string
	for i, part := range strings.Split(text, `"`) {
		if i%2 == 1 {
			all = append(all, part)
		} else {
			all = append(all, strings.Fields(part)...)
		}
	}
	return all
}

// finding is what a run showed.
type finding struct {
	outcome            outcome
	reason             string
	acknowledged, lost int
	keys, spoilt       int
	// heldBack: Redis held its log back behind a slow disk, so that a kill could
	// lose what it had acknowledged, whatever else was done to it.
	heldBack bool
}

func judge(results *harness.Results) finding {
	f := finding{reason: results.Reason, heldBack: slices.ContainsFunc(results.Findings, func(text string) bool {
		return strings.HasPrefix(text, "Redis held its append-only file back")
	})}
	isStale := false
	for _, c := range results.Checks {
		switch {
		case c.Name == "durability":
			f.acknowledged, f.lost = number(c, "acknowledged"), number(c, "lost")
		case strings.HasPrefix(c.Name, "linearizable"):
			f.keys, f.spoilt = number(c, "keys"), number(c, "invalid_keys")
			isStale = c.Verdict == checker.Invalid
		}
	}
	switch {
	case f.lost > 0:
		f.outcome = lost
	case isStale:
		f.outcome = stale
	case results.Verdict == checker.Valid:
		f.outcome = held
	}
	return f
}

func number(c checker.Result, name string) int {
	switch n := c.Statistics[name].(type) {
	case float64:
		return int(n)
	case int:
		return n
	}
	return 0
}

func (f finding) String() string {
	if f.outcome == "" {
		return "unknown: " + f.reason
	}
	return string(f.outcome)
}

// suits reports whether the finding is what was to be expected.
func (f finding) suits(want outcome) bool {
	switch {
	case f.outcome == want:
		return true
	case want == either:
		return f.outcome != ""
	}
	return want == held && f.outcome == lost && f.heldBack
}

// losses tells how much was lost: of the writes, or of the keys where a theory says
// how many should be.
func (f finding) losses(r row) string {
	if r.theory != "" {
		return fmt.Sprintf("%d of %d keys, %.0f %% (theory %s)", f.spoilt, f.keys, 100*float64(f.spoilt)/float64(max(1, f.keys)), r.theory)
	}
	if f.lost == 0 {
		return "0"
	}
	return fmt.Sprintf("%d of %d", f.lost, f.acknowledged)
}

// tally says each finding once, and how often, if there are several.
func tally(found []string) string {
	if len(found) == 1 {
		return found[0]
	}
	var parts []string
	for _, text := range slices.Compact(slices.Sorted(slices.Values(found))) {
		n := 0
		for _, f := range found {
			if f == text {
				n++
			}
		}
		parts = append(parts, fmt.Sprintf("%s: %d of %d runs", text, n, len(found)))
	}
	return strings.Join(parts, ", ")
}
