package process

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jepsen-lite/jepsen-lite/target/faketime/faketimetest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

func TestTheClockOfAServer(t *testing.T) {
	_, n := started(t, Config{Faketime: faketimetest.Require(t)})
	targettest.Clock(t, n)
}

func TestWithoutFaketimeTheClockIsFixed(t *testing.T) {
	_, n := newNode1(t, Config{})
	if err := n.ShiftClock(time.Hour); err == nil || !strings.Contains(err.Error(), "shift clock of n1: its target was made without libfaketime") {
		t.Errorf("got %v", err)
	}
}

func TestCommand(t *testing.T) {
	_, n := started(t, Config{})
	reply, err := n.Command(targettest.Context(t), "CONFIG", "GET", "dir")
	if list, _ := reply.([]any); err != nil || len(list) != 2 || list[1] != n.DataDir() {
		t.Errorf("got %v, %v; want the folder %s", reply, err, n.DataDir())
	}
	if _, err := n.Command(targettest.Context(t), "NONSENSE"); err == nil || !strings.Contains(err.Error(), "NONSENSE: ERR unknown command") {
		t.Errorf("got %v", err)
	}
	targettest.Do(t, "pause", n.Pause, true)
	ctx, cancel := context.WithTimeout(targettest.Context(t), 20*time.Millisecond)
	defer cancel()
	if _, err := n.Command(ctx, "PING"); err == nil {
		t.Error("a frozen server has answered")
	}
}
