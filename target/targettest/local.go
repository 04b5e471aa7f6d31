package targettest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
)

func (b backend) command(t *testing.T) {
	_, n := b.start(t, Options{})
	if reply, err := n.Command(Context(t), "CONFIG", "SET", "maxmemory", "10mb"); reply != "OK" || err != nil {
		t.Errorf("got %v, %v", reply, err)
	}
	info, err := target.CommandInfo(Context(t), n, "memory")
	if err != nil || info["maxmemory"] != "10485760" {
		t.Errorf("maxmemory is %q, %v", info["maxmemory"], err)
	}
	if reply, err := n.Command(Context(t), "NONESUCH"); err == nil || !strings.Contains(err.Error(), "NONESUCH: ERR unknown command") {
		t.Errorf("got %v, %v", reply, err)
	}
	Do(t, "kill", n.Kill, true)
	if reply, err := n.Command(Context(t), "PING"); err == nil {
		t.Errorf("a server that is down answers %v", reply)
	}
}

// What a server that is down has in its folder is what it starts with.
func (b backend) dataDir(t *testing.T) {
	_, n := b.start(t, Options{Persistence: Persistence(t, "rdb")})
	Fill(t, n, 3)
	Do(t, "stop", n.Stop, true)
	snapshot, err := os.ReadFile(filepath.Join(n.DataDir(), "dump.rdb"))
	if err != nil || !strings.HasPrefix(string(snapshot), "REDIS") {
		t.Fatalf("got %.10q, %v", snapshot, err)
	}
	if err := os.Remove(filepath.Join(n.DataDir(), "dump.rdb")); err != nil {
		t.Fatal(err)
	}
	Do(t, "start on nothing", n.Start, true)
	if keys, err := Dial(t, n).DBSize(Context(t)).Result(); keys != 0 || err != nil {
		t.Errorf("got %d keys, %v; want none", keys, err)
	}
	Do(t, "kill", n.Kill, true)
	if err := os.WriteFile(filepath.Join(n.DataDir(), "dump.rdb"), snapshot, 0o644); err != nil {
		t.Fatal(err)
	}
	Do(t, "start on the snapshot", n.Start, true)
	if keys, err := Dial(t, n).DBSize(Context(t)).Result(); keys != 3 || err != nil {
		t.Errorf("got %d keys, %v; want 3", keys, err)
	}
}
