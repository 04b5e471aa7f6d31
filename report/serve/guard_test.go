package serve

import (
	"net/http"
	"strings"
	"testing"
)

func TestHostsThatAreAnswered(t *testing.T) {
	s := startSite(t, t.TempDir())
	for host, want := range map[string]int{
		"127.0.0.1":               http.StatusOK,
		"127.0.0.1:9999":          http.StatusOK,
		"127.1.2.3":               http.StatusOK,
		"localhost":               http.StatusOK,
		"LOCALHOST:80":            http.StatusOK,
		"[::1]:8080":              http.StatusOK,
		"[::1]":                   http.StatusOK,
		"evil.example":            http.StatusMisdirectedRequest,
		"evil.example:8080":       http.StatusMisdirectedRequest,
		"localhost.evil.example":  http.StatusMisdirectedRequest,
		"127.0.0.1.evil.example":  http.StatusMisdirectedRequest,
		"192.0.2.1":               http.StatusMisdirectedRequest,
		"0.0.0.0":                 http.StatusMisdirectedRequest,
		"localhost@evil.example":  http.StatusMisdirectedRequest,
		"evil.example#localhost":  http.StatusMisdirectedRequest,
		"[::ffff:192.0.2.1]:8080": http.StatusMisdirectedRequest,
	} {
		a := s.get("/", func(r *http.Request) { r.Host = host })
		if a.StatusCode != want && (want == http.StatusOK || a.StatusCode != http.StatusBadRequest) {
			t.Errorf("%s: status %d, want %d", host, a.StatusCode, want)
		}
		if a.StatusCode != http.StatusOK && strings.Contains(a.body, s.store) {
			t.Errorf("%s: the refusal tells of the store", host)
		}
	}
}

func TestOnlyReading(t *testing.T) {
	s := startSite(t, t.TempDir())
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"} {
		if a := s.get("/", func(r *http.Request) { r.Method = method }); a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, allowed %q", method, a.StatusCode, a.Header.Get("Allow"))
		}
	}
	if a := s.get("/", func(r *http.Request) { r.Method = "HEAD" }); a.StatusCode != http.StatusOK || a.body != "" {
		t.Errorf("HEAD: status %d, %q", a.StatusCode, a.body)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	store := t.TempDir()
	id := mustRun(t, simulated(store, "set", "none", 1))
	s := startSite(t, store)
	for _, path := range []string{
		"/", "/latest", "/nothing", "/trends", "/compare", "/assets/serve.css", "/assets/serve.js", "/runs/" + id.escaped() + "/",
		"/runs/" + id.escaped() + "/throughput.svg", "/files/" + id.escaped() + "/", "/files/" + id.escaped() + "/run.json",
		"/files/" + id.escaped() + "/report.html", "/zip/" + id.escaped(),
	} {
		h := s.get(path).Header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if own := policy == ownPolicy; !own && !strings.HasPrefix(policy, "sandbox") {
			t.Errorf("%s: %q is neither ours nor has an origin of its own", path, policy)
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s may be read by other sites", path)
		}
	}
}
