package checker

import (
	"fmt"
	"strings"
)

// Engine is a way to decide whether a history is linearizable.
type Engine string

const (
	// Auto takes the monitor where there is one and it applies, else the search,
	// and also asks porcupine where that takes a moment.
	Auto Engine = "auto"
	// ByMonitor is an exact algorithm for one kind of object; see package monitor.
	ByMonitor Engine = "monitor"
	// BySearch is our own search, for every model; see package search.
	BySearch Engine = "search"
	// ByPorcupine is the reference: github.com/anishathalye/porcupine.
	ByPorcupine Engine = "porcupine"
	// All asks all three.
	All Engine = "all"
)

// Engines returns all engines.
func Engines() []Engine { return []Engine{Auto, ByMonitor, BySearch, ByPorcupine, All} }

// ParseEngine returns the engine of that name.
func ParseEngine(name string) (Engine, error) {
	var names []string
	for _, e := range Engines() {
		if names = append(names, string(e)); string(e) == name {
			return e, nil
		}
	}
	return "", fmt.Errorf("unknown engine %q: expected one of %s", name, strings.Join(names, ", "))
}
