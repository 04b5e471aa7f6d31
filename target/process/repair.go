package process

import (
	"context"
	"os/exec"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target/aofcheck"
)

// checker returns the program that repairs logs: one beside the server that is called
// as the server with -check-aof, else the server's own under another name.
func (n *Node) checker() (program string) {
	if beside, err := exec.LookPath(n.config.Server + "-check-aof"); err == nil {
		return beside
	}
	return n.config.Server
}

// RepairLog cuts the append-only file off where it stops making sense. The server
// must be down.
func (n *Node) RepairLog(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, n.checker(), aofcheck.Arguments(n.DataDir())...)
	cmd.Args[0] = aofcheck.Program
	cmd.Stdin = strings.NewReader(aofcheck.Consent)
	cmd.WaitDelay = killLimit
	text, err := cmd.CombinedOutput()
	return aofcheck.Conclude(n.name, n.outputPath(), text, err)
}
