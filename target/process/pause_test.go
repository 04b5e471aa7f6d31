package process

import (
	"net"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/redis/go-redis/v9"
)

func TestPauseAndResume(t *testing.T) {
	_, n := started(t, Config{})
	client := redis.NewClient(target.ClientOptions(n.Addr(), 100*time.Millisecond))
	defer client.Close()
	eventually(t, "a client is connected", func() bool { return client.Ping(testContext(t)).Err() == nil })

	do(t, "resume what is not paused", n.Resume, false)
	do(t, "pause", n.Pause, true)
	do(t, "pause again", n.Pause, false)
	if !n.Running() {
		t.Error("a paused server is not running")
	}
	do(t, "start what is paused", n.Start, false)
	err := client.Set(testContext(t), "k", "v", 0).Err()
	if timeout, ok := err.(net.Error); !ok || !timeout.Timeout() {
		t.Errorf("set on a paused server: got %v, want a timeout", err)
	}
	do(t, "resume", n.Resume, true)
	do(t, "resume again", n.Resume, false)
	eventually(t, "the request was executed", func() bool {
		return dial(t, n).Get(testContext(t), "k").Val() == "v"
	})
}

func TestEndWhilePaused(t *testing.T) {
	_, n := started(t, Config{Persistence: persistence(t, "rdb")})
	do(t, "pause", n.Pause, true)
	do(t, "kill", n.Kill, true)
	do(t, "resume", n.Resume, false)
	do(t, "start", n.Start, true)
	fill(t, n, 1)
	do(t, "pause the next life", n.Pause, true)
	do(t, "stop", n.Stop, true)
	do(t, "start", n.Start, true)
	if keys := dial(t, n).DBSize(testContext(t)).Val(); keys != 1 {
		t.Errorf("got %d keys, want the one that was saved", keys)
	}
}
