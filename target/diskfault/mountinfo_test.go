package diskfault

import (
	"github.com/jepsen-lite/jepsen-lite/target/owner"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestParseMountinfo(t *testing.T) {
	const text = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
36 22 0:50 / /tmp/a\040b\134c rw,nosuid - fuse.jepsen-lite jepsen-lite:12:345:67 rw,user_id=0
`
	want := []mountEntry{{"/", "ext4", "/dev/vda"}, {`/tmp/a b\c`, "fuse.jepsen-lite", "jepsen-lite:12:345:67"}}
	if got, err := parseMountinfo(text); err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, bad := range []string{"x\n", "1 2 3 4 5 6 - ext4\n", "1 2 3 4 5 - a b\n", "\n"} {
		if got, err := parseMountinfo(bad); err == nil {
			t.Errorf("%q: got %v", bad, got)
		}
	}
}

func TestMountinfoOfThisMachine(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux has /proc/self/mountinfo")
	}
	text, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := parseMountinfo(string(text))
	if err != nil || len(entries) != strings.Count(string(text), "\n") {
		t.Errorf("got %d entries, %v", len(entries), err)
	}
}

func FuzzParseMountinfo(f *testing.F) {
	f.Add(`36 22 0:50 / /tmp/a\040b rw - fuse.jepsen-lite jepsen-lite:12:345:67 rw` + "\n")
	f.Add("22 1 254:0 / / rw shared:1 master:2 - ext4 /dev/vda rw\n")
	f.Fuzz(func(t *testing.T, text string) {
		entries, err := parseMountinfo(text)
		if err == nil && len(entries) < strings.Count(text, "\n") {
			t.Errorf("%d entries of %d lines", len(entries), strings.Count(text, "\n"))
		}
	})
}

func TestOwner(t *testing.T) {
	name, ours := ownerOf(source())
	if !ours || owner.IsGone(name) {
		t.Errorf("got %q, %v: not a mount of this process, which lives", name, ours)
	}
	for _, other := range []string{"", "/dev/vda", "jepsen-lite", "sshfs:1:2:3:4"} {
		if name, ours := ownerOf(other); ours {
			t.Errorf("%q: got %q", other, name)
		}
	}
}

func TestIsMounted(t *testing.T) {
	line := func(point, fsType, source string) string {
		return "36 35 0:50 / " + point + " rw - " + fsType + " " + source + " rw\n"
	}
	ours, plain := line("/data", fsType, source()), line("/data", "ext4", "/dev/sda1")
	for _, test := range []struct {
		name, table string
		want        bool
	}{
		{"ours", plain + ours, true},
		{"hidden", ours + plain, false},
		{"another process's", line("/data", fsType, fsSubtype+":1_2_3"), false},
		{"elsewhere", line("/data/below", fsType, source()), false},
		{"none", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got, err := IsMounted(test.table, "/data"); got != test.want || err != nil {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	if _, err := IsMounted("nonsense\n", "/data"); err == nil {
		t.Error("what cannot be read says nothing")
	}
}
