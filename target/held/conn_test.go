package held

import (
	"slices"
	"testing"
)

func FuzzParseRequest(f *testing.F) {
	f.Add("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
	f.Add("*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPI")
	f.Add("*-1\r\n")
	f.Add("PING\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		args, size, err := parseRequest([]byte(text))
		if size < 0 || size > len(text) || err != nil && size != 0 || size == 0 && len(args) > 0 {
			t.Errorf("%q: %q of %d, %v", text, args, size, err)
		}
		if size > 0 {
			again, n, err := parseRequest([]byte(text[:size]))
			if err != nil || n != size || !slices.Equal(args, again) {
				t.Errorf("%q: %q, then %q of %d, %v", text, args, again, n, err)
			}
		}
	})
}
