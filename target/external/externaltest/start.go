package externaltest

import (
	"strings"
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/target/process/processtest"
	"github.com/jepsen-lite/jepsen-lite/target/targettest"
)

// Password is that of the user app.
const Password = "kept-to-ourselves-4711"

// Server is one that is not ours: it holds a key, and lets the user app do what our
// documentation says that a run needs, and nothing else.
type Server struct {
	Addr string
	t    testing.TB
}

// Start returns a server that runs until the test ends. It skips the test where
// there is no server to run.
func Start(t testing.TB) Server {
	t.Helper()
	s := Server{processtest.Start(t, target.None).Nodes()[0].Addr(), t}
	s.Command("SET", "theirs", "untouched")
	s.Command(Permission()...)
	return s
}

// Command performs a command of the test's own, as the default user, and returns
// the reply.
func (s Server) Command(args ...any) any {
	s.t.Helper()
	reply, err := target.Command(targettest.Context(s.t), s.Addr, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply
}

// Permission is the command by which the user app gets what a run needs.
func Permission() (line []any) {
	for word := range strings.FieldsSeq(strings.Replace(external.ACL("app"), "PASSWORD", Password, 1)) {
		line = append(line, word)
	}
	return line
}
