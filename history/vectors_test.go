package history_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/history/historytest"
)

func TestHistoriesOfOthersAreRead(t *testing.T) {
	folder := historytest.Vectors(t)
	formats := map[string]history.Format{"edn": history.FormatEDN, "edn-lines": history.FormatEDN,
		"jepsen-log": history.FormatLog, "json": history.FormatJSON}
	read := 0
	for _, v := range historytest.Rows(t, folder) {
		format, ok := formats[v.Format]
		if !ok {
			t.Errorf("%s: unknown format %s", v.Path, v.Format)
		}
		h, err := history.ReadFile(filepath.Join(folder, v.Path), history.ReadOptions{Unpaired: true})
		if strings.HasSuffix(v.Path, "comments.edn") {
			if err == nil || !strings.Contains(err.Error(), "line 1: no :process field") {
				t.Errorf("%s has no processes, but got %v", v.Path, err)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if read++; h.Format != format {
			t.Errorf("%s: got format %s, want %s", v.Path, h.Format, format)
		}
		if len(h.Ops) == 0 && len(h.Unpaired) == 0 && !strings.Contains(v.Path, "empty") {
			t.Errorf("%s: nothing was read", v.Path)
		}
	}
	if read < 90 {
		t.Errorf("only %d histories were read", read)
	}
}

// TestHistoriesOfOthersInOurFormat holds conversion to what is judged: the
// operations are the same.
func TestHistoriesOfOthersInOurFormat(t *testing.T) {
	folder := historytest.Vectors(t)
	converted := 0
	for _, pattern := range []string{"knossos/*/*/*.edn", "porcupine/*/*", "elle-cli/jepsen/*.json", "elle/*.edn", "jepsen-checker/*.json"} {
		paths, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			theirs, err := history.ReadFile(path, history.ReadOptions{})
			if err != nil || len(theirs.Ops) == 0 {
				continue // made for checks that need no pairs
			}
			for _, f := range history.WritableFormats() {
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				copied, _, err := convert(string(text), history.ReadOptions{}, f)
				if err != nil && strings.Contains(err.Error(), "goes on after an info, which jsonl does not have") {
					continue
				}
				if err != nil {
					t.Errorf("%s to %s: %v", path, f, err)
					continue
				}
				ours := read(t, copied, history.ReadOptions{Format: f})
				if !slices.Equal(ours.Ops, theirs.Ops) {
					t.Errorf("%s: other operations in %s", path, f)
				}
				converted++
			}
		}
	}
	if converted < 200 {
		t.Errorf("only %d conversions", converted)
	}
}
