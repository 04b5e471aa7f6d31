package browsertest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// When its test is over nothing of a browser is left: no goroutine (see TestMain), no
// profile and no process that names it.
func TestNothingIsLeft(t *testing.T) {
	profile := ""
	t.Run("browser", func(t *testing.T) {
		b := Start(t)
		profile = b.profile
		if !named(t, profile) {
			t.Error("no process names the profile while the browser runs: the test tells nothing")
		}
		if got := Eval[int](b.Open(t, "about:blank"), "6 * 7"); got != 42 {
			t.Errorf("6 * 7 is %d", got)
		}
	})
	if profile == "" {
		t.Skip("no browser here")
	}
	if _, err := os.Stat(profile); !os.IsNotExist(err) {
		t.Errorf("the profile is left: %v", err)
	}
	if named(t, profile) {
		t.Error("a process of the browser's is left")
	}
}

// named reports whether a process was started with that text in its arguments.
func named(t *testing.T, text string) bool {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Skip("no /proc here to look for processes")
	}
	for _, e := range entries {
		if arguments, err := os.ReadFile("/proc/" + e.Name() + "/cmdline"); err == nil && strings.Contains(string(arguments), text) {
			return true
		}
	}
	return false
}

// What goes wrong on a page is told.
func TestErrorsAreSeen(t *testing.T) {
	b := Start(t)
	for _, test := range []struct{ name, script, want string }{
		{"an exception", "throw new Error('out of cheese')", "out of cheese"},
		{"a rejected promise", "Promise.reject(new Error('not now'))", "not now"},
		{"an error on the console", "console.error('red')", "red"},
		{"something missing", "fetch('/missing')", "404"},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/" {
					http.NotFound(w, r)
					return
				}
				w.Header().Set("Content-Type", "text/html")
				w.Write([]byte("<link rel=icon href=data:,><script>" + test.script + "</script>"))
			}))
			defer server.Close()
			p := b.Open(t, server.URL)
			p.Wait("document.readyState === 'complete'")
			var told []string
			for range 100 {
				if told = append(told, p.Errors()...); len(told) > 0 {
					break
				}
				Eval[bool](p, "new Promise((done) => setTimeout(() => done(true), 20))")
			}
			if len(told) == 0 || !strings.Contains(strings.Join(told, " "), test.want) {
				t.Errorf("it tells %q, want %q", told, test.want)
			}
		})
	}
}
