package faketime

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A drift begins where the clock stands, however long the server has run.
func TestADriftBeginsWithoutAJump(t *testing.T) {
	start := time.Unix(1000, 0)
	c := Clock{started: start, began: start.Add(50 * time.Second), rate: 3, shift: time.Second}
	if got := c.line(); got != "-99.000000 x3" { // 1 s - 50 s * (3 - 1)
		t.Errorf("got %s", got)
	}
	c.rate = 1
	if got := c.line(); got != "+1.000000 x1" {
		t.Errorf("got %s", got)
	}
}

func TestShiftsAddUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clock")
	c := NewClock("n1", path, true)
	for _, step := range []struct {
		do   func() error
		want string
	}{
		{c.Begin, "+0.000000 x1\n"},
		{func() error { return c.Shift(time.Hour) }, "+3600.000000 x1\n"},
		{func() error { return c.Shift(-2 * time.Hour) }, "-3600.000000 x1\n"},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(path); string(text) != step.want {
			t.Errorf("got %q, %v; want %q", text, err, step.want)
		}
	}
}

func TestWithoutTheLibraryAClockIsFixed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "clock")
	c := NewClock("n1", path, false)
	if err := c.Shift(time.Hour); err == nil || err.Error() != "shift clock of n1: its target was made without libfaketime" {
		t.Errorf("got %v", err)
	}
	if err := c.Begin(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("it has a file")
	}
}

func TestFindByItsVariable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lib.so")
	t.Setenv(variable, path)
	if _, err := Find(); err == nil || !strings.Contains(err.Error(), variable) {
		t.Errorf("got %v, want it to name the variable", err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := Find(); got != path || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}
