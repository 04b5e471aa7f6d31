package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/history"
)

// formatsHelp tells what can be read.
const formatsHelp = `  jsonl       jepsen-lite's own: one JSON object a line
  edn         Jepsen's and Knossos': maps, one after another or in a vector
  jepsen-log  what Jepsen prints, and its history.txt
  json        elle-cli's: an array of objects

In all but jsonl, a completed read of nil says nothing (see --nil-is-initial).
Any of them may be compressed with gzip.
`

// reading is what a user can say about a history that is read.
type reading struct {
	format              string
	keyed, nilIsInitial bool
	// unpaired keeps completions that nobody invoked; no flag says so.
	unpaired bool
}

// flags adds the flags; format is what the one for the format is called.
func (r *reading) flags(cmd *cobra.Command, format string) {
	fs := cmd.Flags()
	fs.StringVar(&r.format, format, "auto", "format of the history: auto, jsonl, edn, jepsen-log or json")
	fs.BoolVar(&r.keyed, "keyed", false, "values are [key value], as jepsen.independent writes them")
	fs.BoolVar(&r.nilIsInitial, "nil-is-initial", false, "a completed read of nil saw that nothing was written, instead of nothing")
}

func (r *reading) options() (history.ReadOptions, error) {
	format, err := history.ParseFormat(r.format)
	return history.ReadOptions{Format: format, Keyed: r.keyed, NilIsInitial: r.nilIsInitial, Unpaired: r.unpaired}, err
}

// isRun reports whether path is a run folder of ours, or a folder that is none of
// Jepsen's.
func (r *reading) isRun(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return false
	}
	if _, err := os.Stat(filepath.Join(path, harness.InfoFile)); err == nil {
		return true
	}
	return !history.IsStore(path)
}

// load reads a file, a store folder of Jepsen's, or - for standard input.
func (r *reading) load(s streams, path string) (*history.History, error) {
	o, err := r.options()
	if err != nil {
		return nil, err
	}
	if path != "-" {
		return history.ReadFile(filepath.Clean(path), o)
	}
	h, err := history.Read(s.in, o)
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	return h, nil
}

// open returns a reader of what load reads, and what closes it.
func (r *reading) open(s streams, path string) (*history.Reader, func() error, error) {
	o, err := r.options()
	if err != nil {
		return nil, nil, err
	}
	if path != "-" {
		f, err := history.Open(filepath.Clean(path), o)
		if err != nil {
			return nil, nil, err
		}
		return f.Reader, f.Close, nil
	}
	reader, err := history.NewReader(s.in, o)
	if err != nil {
		return nil, nil, fmt.Errorf("read standard input: %w", err)
	}
	return reader, func() error { return nil }, nil
}
