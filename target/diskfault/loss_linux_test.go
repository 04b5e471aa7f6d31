package diskfault_test

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/diskfault"
)

func TestPowerLoss(t *testing.T) {
	const create, appending = os.O_CREATE | os.O_WRONLY, os.O_CREATE | os.O_WRONLY | os.O_APPEND
	// Every disk begins with a durable file old that holds "old".
	tests := []struct {
		name            string
		act             func(t *testing.T, l lab)
		ordered, strict map[string]string
	}{
		{"a file without fsync",
			func(t *testing.T, l lab) { l.write(t, l.open(t, "a", create), "one") },
			map[string]string{"old": "old"},
			map[string]string{"old": "old"},
		},
		{"a file with fsync, its folder without",
			func(t *testing.T, l lab) { l.write(t, l.open(t, "a", create), "one"); l.sync(t, "a") },
			map[string]string{"old": "old", "a": "one"},
			map[string]string{"old": "old"},
		},
		{"a folder with fsync, the file in it without",
			func(t *testing.T, l lab) { l.write(t, l.open(t, "a", create), "one"); l.sync(t, ".") },
			map[string]string{"old": "old", "a": ""},
			map[string]string{"old": "old", "a": ""},
		},
		{"file, then folder",
			func(t *testing.T, l lab) { l.write(t, l.open(t, "a", create), "one"); l.sync(t, "a"); l.sync(t, ".") },
			map[string]string{"old": "old", "a": "one"},
			map[string]string{"old": "old", "a": "one"},
		},
		{"an append without fsync",
			func(t *testing.T, l lab) { l.write(t, l.open(t, "old", appending), "er") },
			map[string]string{"old": "old"},
			map[string]string{"old": "old"},
		},
		{"an append after an fsync",
			func(t *testing.T, l lab) {
				file := l.open(t, "old", appending)
				l.write(t, file, "er")
				l.sync(t, "old")
				l.write(t, file, " still")
			},
			map[string]string{"old": "older"},
			map[string]string{"old": "older"},
		},
		{"an fsync makes earlier changes of names durable",
			func(t *testing.T, l lab) {
				l.write(t, l.open(t, "a", create), "one")
				l.write(t, l.open(t, "old", appending), "er")
				l.sync(t, "old")
			},
			map[string]string{"old": "older", "a": ""},
			map[string]string{"old": "older"},
		},
		{"an fsync in which no length changes leaves the journal alone",
			func(t *testing.T, l lab) {
				l.open(t, "a", create)
				file := l.open(t, "old", os.O_RDWR)
				if _, err := file.WriteAt([]byte("O"), 0); err != nil {
					t.Fatal(err)
				}
				if err := syscall.Fdatasync(int(file.Fd())); err != nil {
					t.Fatal(err)
				}
			},
			map[string]string{"old": "Old"},
			map[string]string{"old": "Old"},
		},
		{"a rename over a file, nothing synced",
			func(t *testing.T, l lab) {
				l.write(t, l.open(t, "new", create), "new")
				rename(t, l, "new", "old")
			},
			map[string]string{"old": "old"},
			map[string]string{"old": "old"},
		},
		{"a rename over a file, the folder synced but not the data",
			func(t *testing.T, l lab) {
				l.write(t, l.open(t, "new", create), "new")
				rename(t, l, "new", "old")
				l.sync(t, ".")
			},
			map[string]string{"old": "new"}, // auto_da_alloc
			map[string]string{"old": ""},
		},
		{"written on after a rename over a file",
			func(t *testing.T, l lab) {
				file := l.open(t, "new", create)
				l.write(t, file, "new")
				rename(t, l, "new", "old")
				l.write(t, file, "er")
				l.sync(t, ".")
			},
			map[string]string{"old": "new"}, // what it held at the rename
			map[string]string{"old": ""},
		},
		{"an fdatasync of a file that grew makes earlier changes of names durable",
			func(t *testing.T, l lab) {
				l.open(t, "a", create)
				file := l.open(t, "old", appending)
				l.write(t, file, "er")
				if err := syscall.Fdatasync(int(file.Fd())); err != nil {
					t.Fatal(err)
				}
			},
			map[string]string{"old": "older", "a": ""},
			map[string]string{"old": "older"},
		},
		{"truncated and written again without fsync, another synced",
			func(t *testing.T, l lab) {
				file := l.open(t, "old", os.O_WRONLY|os.O_TRUNC)
				l.write(t, file, "new")
				l.keep(t, "b", "b")
			},
			map[string]string{"old": "", "b": "b"},
			map[string]string{"old": "old", "b": "b"},
		},
		{"the same closed before the other is synced",
			func(t *testing.T, l lab) {
				file := l.open(t, "old", os.O_WRONLY|os.O_TRUNC)
				l.write(t, file, "new")
				file.Close()
				l.keep(t, "b", "b")
			},
			map[string]string{"old": "new", "b": "b"}, // auto_da_alloc
			map[string]string{"old": "old", "b": "b"},
		},
		{"removed without fsync",
			func(t *testing.T, l lab) { os.Remove(l.path("old")) },
			map[string]string{"old": "old"},
			map[string]string{"old": "old"},
		},
		{"removed, and the folder synced",
			func(t *testing.T, l lab) { os.Remove(l.path("old")); l.sync(t, ".") },
			map[string]string{},
			map[string]string{},
		},
		{"a new folder that is not synced, with a file in it that is",
			func(t *testing.T, l lab) {
				mkdir(t, l, "d")
				l.keep(t, "d/a", "one")
			},
			map[string]string{"old": "old", "d/a": "one"},
			map[string]string{"old": "old"},
		},
		{"a new folder that is synced after the file in it",
			func(t *testing.T, l lab) {
				mkdir(t, l, "d")
				l.keep(t, "d/a", "one")
				l.sync(t, ".")
			},
			map[string]string{"old": "old", "d/a": "one"},
			map[string]string{"old": "old", "d/a": "one"},
		},
		{"moved to another folder of which only the new one is synced",
			func(t *testing.T, l lab) {
				mkdir(t, l, "d")
				l.sync(t, ".")
				rename(t, l, "old", "d/old")
				l.sync(t, "d")
			},
			map[string]string{"d/old": "old"},
			map[string]string{"old": "old", "d/old": "old"},
		},
		{"moved to another folder of which only the old one is synced",
			func(t *testing.T, l lab) {
				mkdir(t, l, "d")
				l.sync(t, ".")
				rename(t, l, "old", "d/old")
				l.sync(t, ".")
			},
			map[string]string{"d/old": "old"},
			map[string]string{},
		},
		{"moved, and both synced, the old folder first",
			func(t *testing.T, l lab) {
				mkdir(t, l, "d")
				l.sync(t, ".")
				rename(t, l, "old", "d/old")
				l.sync(t, ".")
				l.sync(t, "d")
			},
			map[string]string{"d/old": "old"},
			map[string]string{"d/old": "old"},
		},
	}
	for _, test := range tests {
		for strict, want := range map[bool]map[string]string{false: test.ordered, true: test.strict} {
			mode := map[bool]string{false: "ordered", true: "strict"}[strict]
			t.Run(test.name+"/"+mode, func(t *testing.T) {
				l := newLab(t, diskfault.Config{Strict: strict})
				l.keep(t, "old", "old")
				test.act(t, l)
				l.losePower(t, diskfault.Nothing, 1)
				l.must(t, want)
			})
		}
	}
}

func rename(t *testing.T, l lab, from, to string) {
	t.Helper()
	if err := os.Rename(l.path(from), l.path(to)); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, l lab, name string) {
	t.Helper()
	if err := os.Mkdir(l.path(name), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestOpenFilesAreStaleAfterAPowerLoss(t *testing.T) {
	l := newLab(t, diskfault.Config{})
	l.keep(t, "a", "kept")
	file := l.open(t, "a", os.O_RDWR|os.O_APPEND)
	folder := l.open(t, ".", os.O_RDONLY)
	l.write(t, file, ", not kept")
	loss := l.losePower(t, diskfault.Nothing, 1)
	if len(loss.Files) != 1 || loss.Files[0] != (diskfault.FileLoss{Path: "a", DroppedBytes: 10}) {
		t.Errorf("got the loss %+v", loss)
	}
	_, writeErr := file.WriteString("x")
	_, readErr := file.ReadAt(make([]byte, 1), 0)
	_, statErr := file.Stat()
	_, listErr := folder.ReadDir(-1)
	for what, err := range map[string]error{"write": writeErr, "read": readErr, "fsync": file.Sync(), "stat": statErr, "list": listErr} {
		if !errors.Is(err, syscall.EIO) {
			t.Errorf("%s: got %v, want EIO", what, err)
		}
	}
	l.must(t, map[string]string{"a": "kept"})
	l.keep(t, "b", "and so on")
	l.losePower(t, diskfault.Nothing, 1)
	l.must(t, map[string]string{"a": "kept", "b": "and so on"})
	if stats := l.Stats(); stats.Losses != 2 || stats.DirtyBytes != 0 {
		t.Errorf("got %+v", stats)
	}
}

func TestTornWrite(t *testing.T) {
	const synced, lost = 100, 5000
	for _, survival := range []diskfault.Survival{diskfault.TornAtSector, diskfault.TornAtByte} {
		t.Run(survival.String(), func(t *testing.T) {
			torn := 0
			for seed := range uint64(20) {
				l := newLab(t, diskfault.Config{SkipDiskSync: true})
				l.keep(t, "a", strings.Repeat("s", synced))
				l.write(t, l.open(t, "a", os.O_WRONLY|os.O_APPEND), strings.Repeat("l", lost))
				loss := l.losePower(t, survival, seed)
				kept := len(tree(t, l.Point())["a"]) - synced
				l.must(t, map[string]string{"a": strings.Repeat("s", synced) + strings.Repeat("l", kept)})
				if loss.Files[0].KeptBytes != int64(kept) || loss.Files[0].DroppedBytes != int64(lost-kept) {
					t.Errorf("seed %d: kept %d, but the loss is %+v", seed, kept, loss)
				}
				if survival == diskfault.TornAtSector && kept != lost && kept != 0 && (synced+kept)%512 != 0 {
					t.Errorf("seed %d: torn at byte %d", seed, synced+kept)
				}
				if kept > 0 && kept < lost {
					torn++
				}
			}
			if torn < 10 {
				t.Errorf("only %d of 20 seeds tore the write", torn)
			}
		})
	}
}

func TestSomePagesSurvive(t *testing.T) {
	const pages = 16
	holes := 0
	for seed := range uint64(10) {
		l := newLab(t, diskfault.Config{SkipDiskSync: true})
		l.keep(t, "a", "")
		l.write(t, l.open(t, "a", os.O_WRONLY), strings.Repeat("x", pages*4096-1))
		l.losePower(t, diskfault.SomePages, seed)
		text := tree(t, l.Point())["a"]
		for page := 0; page*4096 < len(text); page++ {
			body := text[page*4096 : min(len(text), (page+1)*4096)]
			switch strings.Trim(body, body[:1]) + body[:1] {
			case "x":
			case "\x00":
				holes++
			default:
				t.Errorf("seed %d: page %d is neither whole nor a hole", seed, page)
			}
		}
	}
	if holes == 0 {
		t.Error("no seed left a hole")
	}
}
