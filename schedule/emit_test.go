package schedule

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/history"
	"github.com/jepsen-lite/jepsen-lite/workloads"
)

func TestAGoTestFitsIntoItsFolder(t *testing.T) {
	for _, test := range []struct{ name, beside, want string }{
		{"an empty folder", "", "main_test"},
		{"a package", "package shop\n", "shop_test"},
		{"a test", "package shop_test\n", "shop_test"},
		{"no Go", "hello", "main_test"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			if test.beside != "" {
				if err := os.WriteFile(filepath.Join(folder, "a.go"), []byte(test.beside), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			s := lockNaive(word(t, "c0"))
			s.Clients[0][0].Value = history.Str("`") // which cannot stand in a raw string
			f, err := parser.ParseFile(token.NewFileSet(), "x_test.go", s.GoTest(folder, "two\nlines"), 0)
			if err != nil || f.Name.Name != test.want || f.Scope.Lookup("TestLockNaive") == nil {
				t.Errorf("%v\n%s", err, s.GoTest(folder, "two\nlines"))
			}
		})
	}
}

// lockNaive is a schedule of two clients of that lock.
func lockNaive(steps []Step) *Schedule {
	return &Schedule{
		Workload: Workload{"lock-naive", workloads.Options{TTL: 300 * time.Millisecond}},
		Target:   Target{Persistence: "aof-always"},
		Clients: [][]Op{
			{{"acquire", "k1", history.Str("a")}, {"release", "k1", history.Value{}}},
			{{"acquire", "k1", history.Str("b")}},
		},
		Steps: steps,
	}
}
