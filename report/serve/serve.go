package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// Options say what to serve, and where.
type Options struct {
	// Store is the folder of the runs; it must exist.
	Store string
	// Addr is host:port; port 0 is any that is free, no host is all of this
	// machine's addresses.
	Addr string
}

// Server shows a store. Make one with [Listen].
type Server struct {
	listener net.Listener
	pages    *pages
	http     *http.Server
	host     string // as it was asked for
}

// Limits of what clients may cost.
const (
	headerTimeout  = 5 * time.Second
	idleTimeout    = time.Minute
	maxHeaderBytes = 32 << 10
	// stopTimeout is how long requests may go on after the end was asked for.
	stopTimeout = time.Second
)

// Listen opens the store and the address. From then on, connections wait to be
// served. Its errors are for people, and say what to try next.
func Listen(o Options) (*Server, error) {
	host, _, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return nil, fmt.Errorf("--addr %q is no HOST:PORT: try 127.0.0.1:8080", o.Addr)
	}
	s, err := openStore(o.Store)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", o.Addr)
	if err != nil {
		s.close()
		return nil, explain(o.Addr, err)
	}
	server := &Server{listener: listener, pages: newPages(s), host: host}
	server.http = &http.Server{
		Handler:           guard{server.pages.handler(), server.knows}.handler(),
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
	}
	return server, nil
}

// explain says what to do about an address that cannot be had.
func explain(addr string, err error) error {
	var unknown *net.DNSError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use: try another port, or --addr 127.0.0.1:0 for any that is free", addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s may not be used by this user: try a port from 1024 up, such as --addr 127.0.0.1:8080", addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &unknown):
		return fmt.Errorf("%s is no address of this machine: try --addr 127.0.0.1:8080", addr)
	}
	return fmt.Errorf("listen: %w; try --addr 127.0.0.1:8080", err)
}

// URL is where the first page is.
func (s *Server) URL() string {
	addr := s.listener.Addr().(*net.TCPAddr)
	host := s.host
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost" // what stands for all addresses is none to go to
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(addr.Port)) + "/"
}

// Loopback reports whether only this machine can reach the server.
func (s *Server) Loopback() bool { return s.listener.Addr().(*net.TCPAddr).IP.IsLoopback() }

// Serve answers until ctx ends, and then ends within a second or two, whoever still
// looks at a run. It closes the server, and returns nil after an end that was asked
// for.
func (s *Server) Serve(ctx context.Context) error {
	defer s.pages.close()
	// Handlers end with this context, so that open streams do not hold up the end.
	handling, stopHandling := context.WithCancel(context.WithoutCancel(ctx))
	defer stopHandling()
	s.http.BaseContext = func(net.Listener) context.Context { return handling }
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stopHandling()
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if s.http.Shutdown(stopping) != nil {
		s.http.Close() // somebody reads too slowly to be waited for
	}
	<-served
	return nil
}

// Close gives up a server that was not served.
func (s *Server) Close() error {
	s.pages.close()
	return s.listener.Close()
}
