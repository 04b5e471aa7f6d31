package diskfault

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const manifest = "file appendonly.aof.2.base.rdb seq 2 type b\n" +
	"file appendonly.aof.1.incr.aof seq 1 type h\n" +
	"file appendonly.aof.2.incr.aof seq 2 type i\n" +
	"file appendonly.aof.3.incr.aof seq 3 type i\n"

func TestParseManifest(t *testing.T) {
	files := []AOFFile{
		{"appendonly.aof.2.base.rdb", 2, AOFBase}, {"appendonly.aof.1.incr.aof", 1, AOFHistory},
		{"appendonly.aof.2.incr.aof", 2, AOFIncr}, {"appendonly.aof.3.incr.aof", 3, AOFIncr},
	}
	tests := []struct {
		name, text string
		want       []AOFFile
		err        string
	}{
		{name: "what Redis writes", text: manifest, want: files},
		{name: "a comment, and a key of the future", text: "# x\nfile a SEQ 1 type i size 7\n", want: []AOFFile{{"a", 1, AOFIncr}}},
		{name: "a name in quotes", text: `file "a \"b\" \x41" seq 1 type i` + "\n", want: []AOFFile{{`a "b" A`, 1, AOFIncr}}},
		{name: "nothing", text: "", err: "no file"},
		{name: "a torn last line", text: "file a seq 1 type i", err: "line end"},
		{name: "an empty line", text: "\n", err: "expected file"},
		{name: "a key without a value", text: "file a seq 1 type i size\n", err: "expected file"},
		{name: "no type", text: "file a seq 1 x y\n", err: "expected file"},
		{name: "a type that is not one", text: "file a seq 1 type incr\n", err: "expected b, h or i"},
		{name: "a sequence that is not one", text: "file a seq x type i\n", err: "seq"},
		{name: "another folder", text: "file ../a seq 1 type i\n", err: "without a folder"},
		{name: "open quotes", text: `file "a seq 1 type i` + "\n", err: "quotes"},
		{name: "two bases", text: "file a seq 1 type b\nfile b seq 2 type b\n", err: "second base"},
		{name: "increments out of order", text: "file a seq 2 type i\nfile b seq 2 type i\n", err: "increment 2 after 2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := ParseManifest(test.text)
			if test.err != "" {
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("got %v, want an error with %q", err, test.err)
				}
				return
			}
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v; want %v", got, err, test.want)
			}
		})
	}
}

func FuzzParseManifest(f *testing.F) {
	f.Add(manifest)
	f.Add("file \"a b\" seq 1 type i\n")
	f.Fuzz(func(t *testing.T, text string) {
		files, err := ParseManifest(text)
		if err != nil {
			return
		}
		if len(files) == 0 {
			t.Error("no error and no file")
		}
		for _, file := range files {
			if filepath.Base(file.Name) != file.Name || file.Sequence <= 0 {
				t.Errorf("accepted %+v", file)
			}
		}
	})
}

func TestNewestIncrement(t *testing.T) {
	dir := t.TempDir()
	if _, err := NewestIncrement(dir); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("an empty folder: got %v", err)
	}
	for name, text := range map[string]string{"appendonly.aof.manifest": manifest, "temp-appendonly.aof.manifest": "torn"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := NewestIncrement(dir)
	if want := filepath.Join(dir, "appendonly.aof.3.incr.aof"); got != want || err != nil {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}
