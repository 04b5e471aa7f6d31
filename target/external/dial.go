package external

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// askLimit bounds one question to a server.
const askLimit = 5 * time.Second

// secured speaks TLS on a connection, if that is spoken there.
func (a Address) secured(ctx context.Context, conn net.Conn) (net.Conn, error) {
	if a.tls == nil {
		return conn, nil
	}
	secure := tls.Client(conn, a.tls)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, &handshakeError{err}
	}
	return sealed{secure}, nil
}

// handshakeError is the error of a connection on which no TLS came about.
type handshakeError struct{ cause error }

func (e *handshakeError) Error() string { return "speak TLS: " + e.cause.Error() }
func (e *handshakeError) Unwrap() error { return e.cause }

// sealed is a connection of TLS that never says that nothing left.
//
// Why: what failed to be written may have left whole all the same, sealed, and
// then the server executes it; tls.Conn counts only what it knows to have left.
// Whoever sends a request takes "nothing" for a proof.
type sealed struct{ *tls.Conn }

func (s sealed) Write(p []byte) (int, error) {
	n, err := s.Conn.Write(p)
	if err != nil && n == 0 && len(p) > 0 {
		n = 1
	}
	return n, err
}

// audience is whom we talk to: who we are there, and where the user says so.
type audience struct {
	login    target.Login
	db       int
	variable string
}

// Variables of the environment that passwords are given in, where a URL has none.
const (
	PasswordVariable         = "JEPSEN_LITE_PASSWORD"
	SentinelPasswordVariable = "JEPSEN_LITE_SENTINEL_PASSWORD"
)

func (a Address) servers() audience   { return audience{a.login, a.db, PasswordVariable} }
func (a Address) sentinels() audience { return audience{a.sentinelLogin, 0, SentinelPasswordVariable} }

// server asks a server with data, within a limit.
func (a Address) server(ctx context.Context, addr string, question func(context.Context, *redis.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	return a.talk(ctx, addr, a.servers(), question)
}

// sentinel asks a Sentinel.
func (a Address) sentinel(ctx context.Context, addr string, question func(context.Context, *redis.Client) error) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	return a.talk(ctx, addr, a.sentinels(), question)
}

// talk asks directly, on a connection for that alone, for as long as ctx allows.
func (a Address) talk(ctx context.Context, addr string, to audience, question func(context.Context, *redis.Client) error) error {
	if err := a.connected(ctx, addr, to, question); err != nil {
		return a.explain(addr, to, err)
	}
	return nil
}

func (a Address) connected(ctx context.Context, addr string, to audience, question func(context.Context, *redis.Client) error) error {
	dialing, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	var dialer net.Dialer
	raw, err := dialer.DialContext(dialing, "tcp", addr)
	if err != nil {
		return err
	}
	conn, err := a.secured(dialing, raw)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = raw.Close() })()
	options := target.ClientOptions(addr, askLimit)
	options.Protocol, options.DB = 2, to.db
	options.Username, options.Password = to.login.Username, to.login.Password
	// Once it is lost there is no other: what follows a MULTI is never sent alone.
	options.Dialer = func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	client := redis.NewClient(options)
	defer client.Close()
	return question(ctx, client)
}
