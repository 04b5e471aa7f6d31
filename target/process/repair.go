package process

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// checker returns the program that repairs logs: one beside the server that is called
// as the server with -check-aof, else the server's own under another name (Redis 7.0,
// server.c, main).
func (n *Node) checker() (program string) {
	if beside, err := exec.LookPath(n.config.Server + "-check-aof"); err == nil {
		return beside
	}
	return n.config.Server
}

// RepairLog cuts the append-only file off where it stops making sense. The server
// must be down.
func (n *Node) RepairLog(ctx context.Context) error {
	manifest := filepath.Join(n.DataDir(), "appendonlydir", "appendonly.aof.manifest")
	cmd := exec.CommandContext(ctx, n.checker(), "--fix", manifest)
	cmd.Args[0] = "redis-check-aof"
	cmd.Stdin = strings.NewReader("y\n")
	cmd.WaitDelay = killLimit
	text, err := cmd.CombinedOutput()
	if file, openErr := os.OpenFile(filepath.Join(n.dir, "output.log"), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644); openErr == nil {
		_, _ = file.Write(text) // beside what the server said
		_ = file.Close()
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		return fmt.Errorf("repair the append-only file of %s: %w: %s", n.name, err, lines[len(lines)-1])
	}
	return nil
}
