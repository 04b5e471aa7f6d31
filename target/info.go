package target

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// ClientOptions returns go-redis options under which one call is one request:
// no retry, no pool growth, no traffic of the client's own. Every connection of
// ours starts from these.
func ClientOptions(addr string, timeout time.Duration) *redis.Options {
	return &redis.Options{
		Addr:                     addr,
		MaxRetries:               -1,
		DialerRetries:            1,
		DialTimeout:              timeout,
		ReadTimeout:              timeout,
		WriteTimeout:             timeout,
		PoolTimeout:              timeout,
		PoolSize:                 1,
		PipelinePoolSize:         -1,
		ConnMaxIdleTime:          -1,
		ReadBufferSize:           bufferSizeBytes,
		WriteBufferSize:          bufferSizeBytes,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// bufferSizeBytes is what a connection reads and writes at once. Requests are
// small, and a schedule makes thousands of connections a second.
const bufferSizeBytes = 1024

// Info returns fields of a section of the server's INFO. See
// https://redis.io/docs/latest/commands/info/.
func Info(ctx context.Context, client *redis.Client, section string) (map[string]string, error) {
	text, err := client.Info(ctx, section).Result()
	if err != nil {
		return nil, fmt.Errorf("ask INFO %s: %w", section, err)
	}
	return parseInfo(text), nil
}

// parseInfo returns the fields of a reply to INFO.
func parseInfo(text string) map[string]string {
	fields := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok {
			fields[name] = value
		}
	}
	return fields
}

// Mode returns what a server says that it is in INFO server: standalone, cluster or
// sentinel: redis_mode with Redis 7.0.15, server_mode with Valkey 8.1.1.
func Mode(server map[string]string) string {
	return cmp.Or(server["redis_mode"], server["server_mode"])
}

// WaitReady returns once the server at addr has loaded its data and answers
// commands, or with ctx's end. wrong looks at INFO server and returns an error
// if this is not the server that was meant, which ends the wait at once.
//
// PING alone does not do: while Redis loads its data it refuses PING but
// answers INFO, whose loading field tells when it is done (Redis 7.0, server.c,
// CMD_LOADING).
func WaitReady(ctx context.Context, addr string, wrong func(server map[string]string) error) error {
	var last error
	for {
		ready, err := probe(ctx, addr, wrong)
		if ready || isFinal(err) {
			return err
		}
		if err != nil {
			last = err
		}
		select {
		case <-ctx.Done():
			if last == nil {
				last = ctx.Err()
			}
			return fmt.Errorf("wait for %s: %w (last answer: %w)", addr, ctx.Err(), last)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// WaitReadyOrGone is WaitReady for a server of ours, whose end closes gone. It
// returns without waiting further then, with an error of no account.
func WaitReadyOrGone(ctx context.Context, gone <-chan struct{}, addr string, wrong func(map[string]string) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	answered := make(chan error, 1)
	go func() { answered <- WaitReady(ctx, addr, wrong) }()
	select {
	case err := <-answered:
		return err
	case <-gone:
		cancel()
		return <-answered
	}
}

// wrongServer marks an answer from a server that is not the one meant.
type wrongServer struct{ error }

func (w wrongServer) Unwrap() error { return w.error }

func isFinal(err error) bool {
	_, ok := err.(wrongServer)
	return ok
}

// probe asks over a connection of its own.
func probe(ctx context.Context, addr string, wrong func(map[string]string) error) (bool, error) {
	once, err := dialOnce(ctx, ClientOptions(addr, time.Second))
	if err != nil {
		return false, err
	}
	defer once.Close()
	client := once.Client
	server, err := Info(ctx, client, "server")
	if err != nil {
		return false, err
	}
	if err := wrong(server); err != nil {
		return false, wrongServer{err}
	}
	if Mode(server) != "sentinel" { // that one has nothing to load
		persistence, err := Info(ctx, client, "persistence")
		if err != nil {
			return false, err
		}
		if loading := persistence["loading"]; loading != "0" {
			return false, fmt.Errorf("INFO persistence says loading:%s", loading)
		}
	}
	if err := client.Ping(ctx).Err(); err != nil {
		return false, fmt.Errorf("ping: %w", err)
	}
	return true, nil
}
