package targettest

import (
	"net"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func (b backend) pauseAndResume(t *testing.T) {
	_, n := b.start(t, Options{})
	client := redis.NewClient(target.ClientOptions(n.Addr(), 100*time.Millisecond))
	defer client.Close()
	Eventually(t, "a client is connected", func() bool { return client.Ping(Context(t)).Err() == nil })

	Do(t, "resume what is not paused", n.Resume, false)
	Do(t, "pause", n.Pause, true)
	Do(t, "pause again", n.Pause, false)
	if !n.Running() {
		t.Error("a paused server is not running")
	}
	Do(t, "start what is paused", n.Start, false)
	err := client.Set(Context(t), "k", "v", 0).Err()
	if timeout, ok := err.(net.Error); !ok || !timeout.Timeout() {
		t.Errorf("set on a paused server: got %v, want a timeout", err)
	}
	Do(t, "resume", n.Resume, true)
	Do(t, "resume again", n.Resume, false)
	reader := Dial(t, n)
	Eventually(t, "the request was executed", func() bool { return reader.Get(Context(t), "k").Val() == "v" })
}

func (b backend) endWhilePaused(t *testing.T) {
	_, n := b.start(t, Options{Persistence: Persistence(t, "rdb")})
	Do(t, "pause", n.Pause, true)
	Do(t, "kill", n.Kill, true)
	Do(t, "resume", n.Resume, false)
	Do(t, "start", n.Start, true)
	Fill(t, n, 1)
	Do(t, "pause the next life", n.Pause, true)
	Do(t, "stop", n.Stop, true)
	Do(t, "start", n.Start, true)
	if keys := Dial(t, n).DBSize(Context(t)).Val(); keys != 1 {
		t.Errorf("got %d keys, want the one that was saved", keys)
	}
}
