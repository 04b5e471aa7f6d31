package schedule

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/history"
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
