package redisconf

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Server is what a server of ours is told. Of Bind, Port, Dir and Log none may be
// empty.
type Server struct {
	// Bind is the address to listen on.
	Bind string
	Port int
	// Bus is the port of the cluster bus; 0: none.
	Bus int
	// Open lets clients of other machines in. A container's server sees its own
	// machine as another one; what keeps the rest out is the port's publication.
	Open bool
	// Dir is the folder for data, Log the file for the log, as the server sees them.
	Dir, Log    string
	Persistence target.Persistence
	// Spec is what the topology asks. A Sentinel keeps no data, and takes no Args.
	Spec target.Spec
	// Args are further lines, written last, that passed CheckArgs.
	Args []string
}

// ours returns the directives that Server.Args may not set: backends depend on
// them, or they would open the server to other machines.
func ours() []string {
	return []string{
		"bind", "port", "tls-port", "protected-mode", "daemonize", "supervised", "dir", "logfile",
		"include", // could set any of the above
	}
}

// CheckArgs returns an error about the first line that a user may not add to a
// server's configuration.
func CheckArgs(args []string) error {
	for _, line := range args {
		if strings.ContainsAny(line, "\r\n") {
			return fmt.Errorf("line %q for redis.conf: expected one line each", line)
		}
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		name := strings.ToLower(strings.Trim(words[0], `"'`))
		if slices.Contains(ours(), name) {
			return fmt.Errorf("line %q for redis.conf: %s is decided here: leave it out", line, name)
		}
	}
	return nil
}

// Write writes the server's redis.conf, whole or not at all.
func (s Server) Write(path string) error {
	protected := "yes"
	if s.Open {
		protected = "no"
	}
	lines := []string{
		"bind " + s.Bind,
		fmt.Sprintf("port %d", s.Port),
		"protected-mode " + protected,
		"daemonize no",
		"supervised no",
		"dir " + quote(s.Dir),
		"logfile " + quote(s.Log),
	}
	if s.Bus != 0 {
		lines = append(lines, fmt.Sprintf("cluster-port %d", s.Bus))
	}
	if !s.Spec.Sentinel {
		lines = append(lines, s.Persistence.Directives()...)
	}
	lines = append(lines, s.Spec.Lines...)
	if !s.Spec.Sentinel {
		lines = append(lines, s.Args...)
	}
	temporary := path + ".tmp"
	if err := os.WriteFile(temporary, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, path)
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
