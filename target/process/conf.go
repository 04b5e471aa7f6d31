package process

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ours are the directives that Config.Args may not set: we depend on them, or
// they would open the server to other machines.
var ours = []string{
	"bind", "port", "tls-port", "protected-mode", "daemonize", "supervised", "dir", "logfile",
	"include", // could set any of the above
}

func checkArgs(args []string) error {
	for _, line := range args {
		if strings.ContainsAny(line, "\r\n") {
			return fmt.Errorf("line %q for redis.conf: expected one line each", line)
		}
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		name := strings.ToLower(strings.Trim(words[0], `"'`))
		if slices.Contains(ours, name) {
			return fmt.Errorf("line %q for redis.conf: %s is decided here: leave it out", line, name)
		}
	}
	return nil
}

func (n *Node) configPath() string { return filepath.Join(n.dir, "redis.conf") }
func (n *Node) logPath() string    { return filepath.Join(n.dir, "redis.log") }

// writeConfig writes the node's redis.conf, whole or not at all.
func (n *Node) writeConfig(port int) error {
	lines := []string{
		"bind " + loopback,
		fmt.Sprintf("port %d", port),
		"protected-mode yes",
		"daemonize no",
		"supervised no",
		"dir " + quote(n.DataDir()),
		"logfile " + quote(n.logPath()),
	}
	lines = append(lines, n.config.Persistence.Directives()...)
	lines = append(lines, n.config.Args...)
	temporary := n.configPath() + ".tmp"
	if err := os.WriteFile(temporary, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, n.configPath())
}

// quote writes a string as redis.conf reads it, whatever it holds (Redis 7.0,
// sds.c, sdssplitargs).
func quote(text string) string {
	var quoted strings.Builder
	quoted.WriteByte('"')
	for _, b := range []byte(text) {
		switch {
		case b == '"' || b == '\\':
			quoted.Write([]byte{'\\', b})
		case b < ' ' || b == 0x7f:
			fmt.Fprintf(&quoted, `\x%02x`, b)
		default:
			quoted.WriteByte(b)
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}
