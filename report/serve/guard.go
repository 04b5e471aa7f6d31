package serve

import (
	"net"
	"net/http"
	"strings"
)

// guard stands before every page.
type guard struct {
	next http.Handler
	// knows reports whether a request's Host may be what it is.
	knows func(host string) bool
}

// Content security policies: what a page may do. Ours have scripts and styles in
// files of their own, reports in the page. What a run left behind is no part of
// this site: it has an origin of its own (sandbox), may reach nothing on the
// network, and so can neither read other runs nor send anything anywhere.
const (
	ownPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	reportPolicy = "sandbox allow-scripts allow-downloads allow-popups allow-modals; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; " +
		"img-src data: blob:; font-src data:; worker-src blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
	filePolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)

func (g guard) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", ownPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		switch {
		case !g.knows(r.Host):
			http.Error(w, "This server answers to localhost and to the address that it was started with, and to no other name.", http.StatusMisdirectedRequest)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "Here is nothing to change: only GET and HEAD are answered.", http.StatusMethodNotAllowed)
		default:
			g.next.ServeHTTP(w, r)
		}
	})
}

// knows reports whether a request may come for that host.
//
// Why: a page from elsewhere can have a name of its own that leads to 127.0.0.1 and
// would then read the store in the user's browser (DNS rebinding); its requests
// still say that name. On an address that others can reach, the names it has there
// are not known here.
func (s *Server) knows(host string) bool {
	if !s.Loopback() {
		return true
	}
	name := host
	if n, _, err := net.SplitHostPort(host); err == nil {
		name = n
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	ip := net.ParseIP(name)
	return strings.EqualFold(name, "localhost") || name != "" && strings.EqualFold(name, s.host) || ip != nil && ip.IsLoopback()
}
