package historytest

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"
)

const index = "INDEX.tsv"

// Vectors returns the folder with the histories of others: the one that
// JEPSEN_LITE_VECTORS names, or shared/vectors beside the module, seen from a
// package directly below its root. Where it is missing the test is skipped; with
// JEPSEN_LITE_REQUIRE_VECTORS=1 it fails.
func Vectors(t testing.TB) string {
	t.Helper()
	folder := os.Getenv("JEPSEN_LITE_VECTORS")
	if folder == "" {
		folder = filepath.Join("..", "..", "shared", "vectors")
	}
	if _, err := os.Stat(filepath.Join(folder, index)); err != nil {
		if os.Getenv("JEPSEN_LITE_REQUIRE_VECTORS") == "1" {
			t.Fatalf("JEPSEN_LITE_REQUIRE_VECTORS is 1: %v", err)
		}
		t.Skipf("the histories of others are not here (JEPSEN_LITE_VECTORS names their folder): %v", err)
	}
	return folder
}

// Vector is a row of the index.
type Vector struct {
	// Path is where the history is in the folder.
	Path string
	// Format is edn, edn-lines, json or jepsen-log.
	Format string
	// Model is what the history is judged by, as its source names it.
	Model string
	// Verdict is true, false or unknown; "none" and a reason where nothing can be
	// judged; for Elle, one a consistency model.
	Verdict string
}

// Rows returns the index of such a folder, in its order.
func Rows(t testing.TB, folder string) []Vector {
	t.Helper()
	f, err := os.Open(filepath.Join(folder, index))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord = '\t', 6
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []Vector
	for _, row := range rows[1:] { // the first has the names of the columns
		all = append(all, Vector{row[0], row[1], row[2], row[3]})
	}
	if len(all) == 0 {
		t.Fatalf("%s names no histories", f.Name())
	}
	return all
}
