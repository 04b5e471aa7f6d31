package owner

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target/procstat"
)

func TestIsGone(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	living := exec.Command("sleep", "60")
	if err := living.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = living.Process.Kill(); _ = living.Wait() }()
	name := func(pid int, rest ...string) string {
		return strings.Join(append([]string{strconv.Itoa(pid)}, rest...), ":")
	}
	one, other := ended.Process.Pid, living.Process.Pid
	began := procstat.StartTime(other)
	tests := []struct {
		name, owner string
		want        bool
	}{
		{"we", Self(), false},
		{"a living process", name(other, began, boot(), namespace()), false},
		{"an ended process", name(one, "1", boot(), namespace()), true},
		{"a younger process of that id", name(other, began+"1", boot(), namespace()), true},
		{"before the boot", name(other, began, "another", namespace()), true},
		{"another namespace", name(one, "1", boot(), "1"), false},
		{"nothing", "", false},
		{"other text", "a:b:c:d", false},
		{"too few parts", strconv.Itoa(one), false},
		{"no process", name(-1, "", boot(), namespace()), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if boot() == "" {
				t.Skip("this system does not tell when it was started")
			}
			if got := IsGone(test.owner); got != test.want {
				t.Errorf("%q: got %v, want %v", test.owner, got, test.want)
			}
		})
	}
}

func FuzzIsGone(f *testing.F) {
	f.Add(Self())
	f.Add("1:2:3:4")
	f.Fuzz(func(t *testing.T, name string) {
		if IsGone(name) && strings.Count(name, ":") != 3 {
			t.Errorf("%q is the name of no process", name)
		}
	})
}
