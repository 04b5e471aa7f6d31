package process

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// childVariable makes this test binary a program that runs a server: it holds
// what to do, as JSON.
const childVariable = "JEPSEN_LITE_TEST_CHILD"

type childOrder struct {
	Dir                              string
	Pause, Save                      bool
	WithoutGuard, WithoutParentDeath bool
}

// childReport is what the child prints once its server is up: process ids, 0
// for what it has not got. The saver is what the server forked for a snapshot.
type childReport struct {
	Server, Guard, Saver int
	Err                  string
}

// beChild starts a server, reports, and waits to be killed.
func beChild() {
	report, closing := runChild()
	defer closing()
	_ = json.NewEncoder(os.Stdout).Encode(report)
	time.Sleep(2 * targettest.Patience)
}

func runChild() (childReport, func() error) {
	none := func() error { return nil }
	var order childOrder
	if err := json.Unmarshal([]byte(os.Getenv(childVariable)), &order); err != nil {
		return childReport{Err: err.Error()}, none
	}
	ctx, cancel := context.WithTimeout(context.Background(), targettest.Patience)
	defer cancel()
	rdb, err := target.ParsePersistence("rdb")
	if err != nil {
		return childReport{Err: err.Error()}, none
	}
	tg, err := New(Config{
		Dir: order.Dir, Persistence: rdb, Args: []string{slowSave},
		withoutGuard: order.WithoutGuard, withoutParentDeath: order.WithoutParentDeath,
	})
	if err != nil {
		return childReport{Err: err.Error()}, none
	}
	if err := tg.Start(ctx); err != nil {
		return childReport{Err: err.Error()}, tg.Close
	}
	n := tg.nodes[0]
	report := childReport{Server: n.PID()}
	if order.Save {
		if report.Saver, err = startSaving(ctx, n); err != nil {
			return childReport{Err: err.Error()}, tg.Close
		}
	}
	if order.Pause {
		if _, err := n.Pause(ctx); err != nil {
			return childReport{Err: err.Error()}, tg.Close
		}
	}
	if n.server.guard != nil {
		report.Guard = n.server.guard.PID()
	}
	return report, tg.Close
}

// startSaving has a server with slowSave fork a child that saves a snapshot, and
// returns the child's process id.
func startSaving(ctx context.Context, n *Node) (saver int, err error) {
	client := redis.NewClient(target.ClientOptions(n.Addr(), targettest.Patience))
	defer client.Close()
	script := `for i = 1, 1000 do redis.call('SET', 'k' .. i, i) end return 'OK'`
	if err := client.Eval(ctx, script, nil).Err(); err != nil {
		return 0, err
	}
	if err := client.BgSave(ctx).Err(); err != nil {
		return 0, err
	}
	// Before its first report the child would notice by itself that the server
	// has gone.
	for keys := "0"; keys == "0"; time.Sleep(2 * time.Millisecond) {
		info, err := target.Info(ctx, client, "persistence")
		if err != nil {
			return 0, err
		}
		keys = info["current_save_keys_processed"]
	}
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", n.PID(), n.PID()))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(bytes.TrimSpace(children)))
}

// slowSave makes a snapshot of a thousand keys take longer than any test.
const slowSave = "rdb-key-save-delay 100000"
