package target_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
)

func anyServer(map[string]string) error { return nil }

func TestInfoReadsFields(t *testing.T) {
	addr := processtest.Start(t, "none").Nodes()[0].Addr()
	client := redis.NewClient(target.ClientOptions(addr, time.Second))
	defer client.Close()
	fields, err := target.Info(t.Context(), client, "persistence")
	if err != nil || fields["loading"] != "0" || fields["aof_enabled"] != "0" {
		t.Errorf("got %v, %v", fields, err)
	}
}

func TestWaitReadyKnowsTheServerItMeans(t *testing.T) {
	addr := processtest.Start(t, "none").Nodes()[0].Addr()
	if err := target.WaitReady(t.Context(), addr, anyServer); err != nil {
		t.Error(err)
	}
	stranger := errors.New("a stranger")
	err := target.WaitReady(t.Context(), addr, func(server map[string]string) error {
		if server["redis_version"] == "" {
			t.Error("INFO server says no version")
		}
		return stranger
	})
	if !errors.Is(err, stranger) {
		t.Errorf("got %v, want the wait to end with %v", err, stranger)
	}
}

func TestWaitReadyEndsWithItsContext(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // accepts, and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	began := time.Now()
	err = target.WaitReady(ctx, silent.Addr().String(), anyServer)
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), silent.Addr().String()) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("returned after %v", took)
	}
}

func TestMode(t *testing.T) {
	for _, test := range []struct {
		server map[string]string
		want   string
	}{
		{map[string]string{"redis_version": "7.0.15", "redis_mode": "sentinel"}, "sentinel"},
		{map[string]string{"redis_version": "7.2.4", "valkey_version": "8.1.1", "server_mode": "sentinel"}, "sentinel"},
		{map[string]string{"redis_version": "7.0.15", "redis_mode": "standalone"}, "standalone"},
		{map[string]string{}, ""},
	} {
		if got := target.Mode(test.server); got != test.want {
			t.Errorf("%v: got %q, want %q", test.server, got, test.want)
		}
	}
}
