package target

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// Commander is a node that takes commands of ours beside those of its clients:
// CONFIG SET, BGSAVE. A server that is not ours to command is none.
type Commander interface {
	// Command performs a command on a connection of its own and returns the reply
	// as go-redis gives it for the protocol RESP2. An error of the server's is one
	// as well. When ctx ends the command may have been performed.
	Command(ctx context.Context, args ...any) (reply any, err error)
}

// commandLimit bounds a command whose context has no end.
const commandLimit = time.Minute

// Command performs a command on the server at addr, as a [Commander] does.
func Command(ctx context.Context, addr string, args ...any) (any, error) {
	ctx, cancel := context.WithTimeout(ctx, commandLimit)
	defer cancel()
	options := ClientOptions(addr, commandLimit)
	options.Protocol = 2
	client, err := dialOnce(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", args[0], err)
	}
	defer client.Close()
	reply, err := client.Do(ctx, args...).Result()
	if err != nil {
		return nil, fmt.Errorf("%v: %w", args[0], err)
	}
	return reply, nil
}

// CommandInfo returns fields of a section of the node's INFO.
func CommandInfo(ctx context.Context, node Commander, section string) (map[string]string, error) {
	reply, err := node.Command(ctx, "INFO", section)
	if err != nil {
		return nil, err
	}
	text, _ := reply.(string)
	return parseInfo(text), nil
}

// dialOnce returns a client on a connection dialled here, which ends with ctx.
//
// Why: go-redis, with a pool of one, answers for a second after one refused dial
// from memory, while a goroutine of the pool dials again (v9.23.0, internal/pool,
// tryDial).
func dialOnce(ctx context.Context, options *redis.Options) (*once, error) {
	dialer := net.Dialer{Timeout: options.DialTimeout}
	conn, err := dialer.DialContext(ctx, "tcp", options.Addr)
	if err != nil {
		return nil, err
	}
	options.Dialer = func(context.Context, string, string) (net.Conn, error) { return conn, nil }
	return &once{redis.NewClient(options), conn, context.AfterFunc(ctx, func() { conn.Close() })}, nil
}

// once is a client with one connection.
type once struct {
	*redis.Client
	conn   net.Conn
	forget func() bool
}

// Close closes the connection, whether or not the client has used it.
func (o *once) Close() {
	o.forget()
	_ = o.Client.Close()
	_ = o.conn.Close()
}
