package harness

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestMakeFolderPointsLatestAtTheNewestRun(t *testing.T) {
	c := Defaults()
	c.Store, c.Seed = filepath.Join(t.TempDir(), "deep", "store"), 42
	began := time.Date(2026, 3, 4, 5, 6, 7, 89e6, time.FixedZone("elsewhere", 3600))
	for i, want := range []string{"20260304T040607.089Z-42", "20260304T040608.089Z-42"} {
		folder, err := makeFolder(c, began.Add(time.Duration(i)*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if folder != filepath.Join(c.Store, "register", want) {
			t.Errorf("got folder %s, want it to end in register/%s", folder, want)
		}
		link, err := os.Readlink(filepath.Join(c.Store, "latest"))
		if err != nil || link != filepath.Join("register", want) {
			t.Errorf("latest leads to %s, %v; want register/%s", link, err, want)
		}
	}
	if _, err := makeFolder(c, began); err == nil {
		t.Error("two runs got the same folder")
	}
}

func TestMakeFolderNamesWhatToTry(t *testing.T) {
	c := Defaults()
	c.Store = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(c.Store, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := makeFolder(c, time.Now()); err == nil || !strings.Contains(err.Error(), "try another --store") {
		t.Errorf("got %v, want the advice to try another --store", err)
	}
}

func TestWriteJSONReplacesWholeFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.json")
	for _, v := range []any{map[string]int{"a": 1}, []int{2}} {
		if err := writeJSON(path, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := writeJSON(path, func() {}); err == nil {
		t.Error("a function was encoded")
	}
	text, err := os.ReadFile(path)
	if err != nil || string(text) != "[\n  2\n]\n" {
		t.Errorf("got %q, %v", text, err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("got %v, %v; want nothing beside the file", entries, err)
	}
}

func TestReadInfoSaysWhyAFolderIsNoRun(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no run.json", "", "is no run folder: it has no run.json"},
		{"not JSON", "{", "run.json: unexpected end"},
		{"newer", `{"version": 99}`, "was made by a newer jepsen-lite (format 99, this one reads up to 1)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			if test.text != "" {
				if err := os.WriteFile(filepath.Join(folder, InfoFile), []byte(test.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := ReadInfo(folder); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestDelayedFsyncsCountsEveryLifeOfAServer(t *testing.T) {
	folder := t.TempDir()
	write := func(node, text string) {
		dir := filepath.Join(folder, serversFolder, node)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, persistenceFile), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got := delayedFsyncs(folder); got != 0 {
		t.Errorf("without samples: got %d, want 0", got)
	}
	write("n1", `{"time":1,"aof_delayed_fsync":0}
{"time":2,"aof_delayed_fsync":3}
{"time":3,"aof_delayed_fsync":3,"aof_buffer_length":80,"aof_pending_bio_fsync":1}
{"time":3,"aof_delayed_fsync":3,"aof_buffer_length":80,"aof_pending_bio_fsync":0}
{"time":4,"aof_delayed_fsync":2}
{"time":5,"aof_del`)
	write("n2", "{\"time\":1,\"aof_delayed_fsync\":4}\n{\"time\":2}\n{\"time\":3,\"aof_delayed_fsync\":4}\n")
	if got := delayedFsyncs(folder); got != 3+1+2+4 {
		t.Errorf("got %d, want 10", got)
	}
}
