package redisconf

import "testing"

func TestQuote(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"plain", "/a/b", `"/a/b"`},
		{"space", "/a b", `"/a b"`},
		{"quote and backslash", `a"b\c`, `"a\"b\\c"`},
		{"line end", "a\nb", `"a\x0ab"`},
		{"other letters", "ü", `"ü"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := quote(test.text); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
