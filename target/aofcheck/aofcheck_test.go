package aofcheck

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestConclude(t *testing.T) {
	output := filepath.Join(t.TempDir(), "output.log")
	for _, test := range []struct {
		name, printed string
		err           error
		want          string
	}{
		{"repaired", "Successfully truncated AOF\n", nil, ""},
		{"refused", "0x 1f: Expected prefix\nAborting...\n", errors.New("exit status 1"), "repair the append-only file of n1: exit status 1: Aborting..."},
		{"silent", "", errors.New("killed"), "repair the append-only file of n1: killed: "},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if err := Conclude("n1", output, []byte(test.printed), test.err); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
	if text, err := os.ReadFile(output); string(text) != "Successfully truncated AOF\n0x 1f: Expected prefix\nAborting...\n" {
		t.Errorf("got %q, %v", text, err)
	}
}
