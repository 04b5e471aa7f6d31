package main

import (
	"fmt"
	"io"
	"time"

	"github.com/jepsen-lite/jepsen-lite/checker"
	"github.com/jepsen-lite/jepsen-lite/report/terminal"
)

const (
	// shownOps bounds how many operations of a witness are printed.
	shownOps = 12
	// shownIncidents bounds how many faults are printed between two operations.
	shownIncidents = 4
	// shownRunes bounds the text of one operation.
	shownRunes = 200
)

// printWitness prints the operations that prove an anomaly, and what the nemesis
// did between them.
func printWitness(w io.Writer, a checker.Anomaly, incidents []checker.Incident) {
	for i, op := range a.Witness {
		if i == shownOps {
			fmt.Fprintf(w, "      … and %d more operations\n", len(a.Witness)-i)
			return
		}
		if i > 0 {
			printIncidents(w, between(incidents, a.Witness[i-1].CallNS, op.CallNS))
		}
		until := "?"
		if op.ReturnNS != 0 {
			until = seconds(op.ReturnNS)
		}
		fmt.Fprintf(w, "    %9s – %9s  process %-4d %s\n", seconds(op.CallNS), until, op.Process, shorten(terminal.Clean(op.Operation)))
	}
}

func between(incidents []checker.Incident, from, to int64) []checker.Incident {
	var within []checker.Incident
	for _, x := range incidents {
		if began := x.TimeNS - x.TookNS; from <= began && began < to {
			within = append(within, x)
		}
	}
	return within
}

func printIncidents(w io.Writer, incidents []checker.Incident) {
	for i, x := range incidents {
		if len(incidents) > shownIncidents && i == shownIncidents-1 {
			fmt.Fprintf(w, "    %9s               … and %d more faults and healings\n", "", len(incidents)-i)
			return
		}
		fmt.Fprintf(w, "    %9s              %s %s\n", seconds(x.TimeNS-x.TookNS), terminal.Clean(x.F), terminal.Clean(x.Where))
	}
}

func shorten(text string) string {
	if r := []rune(text); len(r) > shownRunes {
		return string(r[:shownRunes]) + "…"
	}
	return text
}

// seconds shows a time in a run: 3.042 s.
func seconds(ns int64) string { return fmt.Sprintf("%.3f s", time.Duration(ns).Seconds()) }
