package history_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// vectors returns the folder with histories of others, which are not part of
// this repository.
func vectors(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("JEPSEN_LITE_VECTORS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "vectors")
	}
	if _, err := os.Stat(filepath.Join(folder, "INDEX.tsv")); err != nil {
		t.Skipf("the histories of others are not here (JEPSEN_LITE_VECTORS names their folder): %v", err)
	}
	return folder
}

func TestHistoriesOfOthersAreRead(t *testing.T) {
	folder := vectors(t)
	index, err := os.ReadFile(filepath.Join(folder, "INDEX.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	formats := map[string]history.Format{"edn": history.FormatEDN, "edn-lines": history.FormatEDN,
		"jepsen-log": history.FormatLog, "json": history.FormatJSON}
	read := 0
	for line := range strings.Lines(string(index)) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		format, ok := formats[columns[1]]
		if !ok {
			continue
		}
		h, err := history.ReadFile(filepath.Join(folder, columns[0]), history.ReadOptions{Unpaired: true})
		if strings.HasSuffix(columns[0], "comments.edn") {
			if err == nil || !strings.Contains(err.Error(), "line 1: no :process field") {
				t.Errorf("%s has no processes, but got %v", columns[0], err)
			}
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if read++; h.Format != format {
			t.Errorf("%s: got format %s, want %s", columns[0], h.Format, format)
		}
		if len(h.Ops) == 0 && len(h.Unpaired) == 0 && !strings.Contains(columns[0], "empty") {
			t.Errorf("%s: nothing was read", columns[0])
		}
	}
	if read < 90 {
		t.Errorf("only %d histories were read", read)
	}
}

// TestHistoriesOfOthersInOurFormat holds conversion to what is judged: the
// operations are the same.
func TestHistoriesOfOthersInOurFormat(t *testing.T) {
	folder := vectors(t)
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
