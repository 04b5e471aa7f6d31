package external

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestBegan(t *testing.T) {
	for key, want := range map[string]string{
		"jepsen-lite:20261121T174302Z:7-0123456789abcdef:{k1}":     "2026-11-21T17:43:02Z",
		"jepsen-lite:20261121T174302Z:7-0123456789abcdef:{k1}:seq": "2026-11-21T17:43:02Z",
		"jepsen-lite:20261121T174302Z:7-0123456789abcdef":          "",
		"jepsen-lite:20261121T174302Z:7-012345678:{k1}":            "",
		"jepsen-lite:20261121T174302Z:-7-0123456789abcdef:{k1}":    "",
		"jepsen-lite:20261321T174302Z:7-0123456789abcdef:{k1}":     "",
		"jepsen-lite:backup:of:yesterday":                          "",
		"other:20261121T174302Z:7-0123456789abcdef:{k1}":           "",
	} {
		at, ours := began(key)
		if got := at.Format(time.RFC3339); ours != (want != "") || ours && got != want {
			t.Errorf("%s: got %v %v, want %q", key, got, ours, want)
		}
	}
}

// No two prefixes are alike, and each tells when its run began.
func TestPrefixes(t *testing.T) {
	seen := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		prefix := newPrefix(rapid.Uint64().Draw(t, "seed"))
		at, ours := began(prefix + "{k1}")
		if !ours || time.Since(at) > patience || strings.ContainsAny(prefix, `*?[]\^{}`) || seen[prefix] {
			t.Fatal(fmt.Sprintf("%q began %v, %v", prefix, at, ours))
		}
		seen[prefix] = true
	})
}
