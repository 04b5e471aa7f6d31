package jepsenlite_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const modulePath = "github.com/jepsen-lite/jepsen-lite"

// row is a line of the package map, ground first. A package imports its own row
// and the rows before it.
type row struct {
	folder string
	// without lists rows before it that it still does not import.
	without []string
	// libraries are the modules beyond the standard library that it may import.
	libraries []string
	// within lists modules that one package alone may import, with its folder.
	within map[string]string
}

const (
	porcupine = "github.com/anishathalye/porcupine"
	goRedis   = "github.com/redis/go-redis/v9"
	cobra     = "github.com/spf13/cobra"
	miniredis = "github.com/alicebob/miniredis/v2"
	goFuse    = "github.com/hanwen/go-fuse/v2"
	rapid     = "pgregory.net/rapid"
	unix      = "golang.org/x/sys/unix"
	term      = "golang.org/x/term"

	chromedp = "github.com/chromedp/chromedp"
	cdproto  = "github.com/chromedp/cdproto"

	testcontainers = "github.com/testcontainers/testcontainers-go"
	moby           = "github.com/moby/moby"
	errdefs        = "github.com/containerd/errdefs"
)

// Tests may use these besides.
var testLibraries = []string{"pgregory.net/rapid", "go.uber.org/goleak"}

func packageMap() []row {
	return []row{
		{folder: "nearest"},
		{folder: "history"},
		{folder: "model", libraries: []string{porcupine}},
		{folder: "checker", libraries: []string{porcupine}},
		{folder: "target", without: []string{"model", "checker"}, libraries: []string{goRedis, unix, miniredis}, within: map[string]string{
			testcontainers: "target/docker", moby: "target/docker", errdefs: "target/docker", goFuse: "target/diskfault",
		}},
		{folder: "nemesis", without: []string{"model", "checker"}},
		{folder: "workloads", without: []string{"checker"}, libraries: []string{goRedis}},
		{folder: "schedule", libraries: []string{rapid}},
		{folder: "harness", libraries: []string{goRedis}},
		{folder: "report", within: map[string]string{chromedp: "report/browsertest", cdproto: "report/browsertest"}},
		{folder: "cmd", libraries: []string{goRedis, cobra, term}},
		{folder: "scripts", without: []string{"cmd"}},
	}
}

// source is a parsed file.
type source struct {
	path string // with slashes, from the module root
	file *ast.File
	set  *token.FileSet
}

func (s source) isTest() bool { return strings.HasSuffix(s.path, "_test.go") }

// row returns the number of the map's row that the file is in; -1: the root.
func (s source) row(t *testing.T) int {
	folder, _, below := strings.Cut(s.path, "/")
	if !below {
		return -1
	}
	at := slices.IndexFunc(packageMap(), func(r row) bool { return r.folder == folder })
	if at < 0 {
		t.Fatalf("%s: folder %q is not in the package map", s.path, folder)
	}
	return at
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != "." || d.Name() == "testdata" || d.Name() == "store") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		all = append(all, source{filepath.ToSlash(path), file, set})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("found only %d files: is this the module root?", len(all))
	}
	return all
}

func TestImportsPointOneWay(t *testing.T) {
	rows := packageMap()
	for _, s := range sources(t) {
		at := s.row(t)
		if at < 0 {
			continue
		}
		for _, spec := range s.file.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if inside, ok := strings.CutPrefix(path, modulePath+"/"); ok {
				checkInside(t, s, rows, at, inside)
			} else if strings.Contains(strings.SplitN(path, "/", 2)[0], ".") {
				checkOutside(t, s, rows[at], path)
			}
		}
	}
}

func checkInside(t *testing.T, s source, rows []row, at int, path string) {
	folder, _, _ := strings.Cut(path, "/")
	to := slices.IndexFunc(rows, func(r row) bool { return r.folder == folder })
	switch {
	case to < 0:
		t.Errorf("%s imports %s, which is not in the package map", s.path, path)
	case to > at:
		t.Errorf("%s imports %s, which stands above it", s.path, path)
	case slices.Contains(rows[at].without, folder):
		t.Errorf("%s imports %s, which the package map forbids", s.path, path)
	}
}

func checkOutside(t *testing.T, s source, r row, path string) {
	allowed := slices.Clone(r.libraries)
	for library, folder := range r.within {
		if filepath.ToSlash(filepath.Dir(s.path)) == folder {
			allowed = append(allowed, library)
		}
	}
	if s.isTest() || strings.HasPrefix(s.path, "model/modeltest/") {
		allowed = append(allowed, testLibraries...)
	}
	if !slices.ContainsFunc(allowed, func(lib string) bool { return path == lib || strings.HasPrefix(path, lib+"/") }) {
		t.Errorf("%s imports %s, which the package map does not allow there", s.path, path)
	}
}

func TestFilesAndFunctionsAreSmall(t *testing.T) {
	const fileLines, functionLines = 400, 70
	for _, s := range sources(t) {
		if lines := s.set.Position(s.file.End()).Line; lines > fileLines {
			t.Errorf("%s has %d lines, more than %d: split it by concept", s.path, lines, fileLines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || s.isTest() {
				continue
			}
			if n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1; n > functionLines {
				t.Errorf("%s: %s has %d lines, more than %d", s.path, f.Name.Name, n, functionLines)
			}
		}
	}
}

func TestNothingHappensAtImport(t *testing.T) {
	for _, s := range sources(t) {
		for _, d := range s.file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function: use an explicit table", s.path)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		dir := filepath.Dir(s.path)
		if s.isTest() || seen[dir] {
			continue
		}
		seen[dir] = true
		if slices.Contains([]string{"util", "utils", "common", "helpers", "types"}, s.file.Name.Name) {
			t.Errorf("%s: a package is named for what it is about, not %s", dir, s.file.Name.Name)
		}
		if s.file.Name.Name == "main" {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, "doc.go")); err != nil {
			t.Errorf("%s has no doc.go", dir)
		}
	}
}
