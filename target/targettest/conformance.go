package targettest

import (
	"testing"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Node is what a node of a backend with real servers can do.
type Node interface {
	target.Node
	target.Killer
	target.Pauser
	target.Stopper
	target.Commander
	target.Storer
	LogTail(count int) []string
}

// Options say which target a test wants.
type Options struct {
	// Dir is the folder for the servers' files.
	Dir         string
	Persistence target.Persistence
	Args        []string
}

// New prepares a target of one node, n1, that implements [Node]. It skips the test
// where the backend does not work. The target is closed by the caller.
type New func(t *testing.T, o Options) target.Target

// Conformance tests a backend's nodes.
func Conformance(t *testing.T, newTarget New) {
	b := backend{newTarget}
	t.Run("DataOverRestart", b.dataOverRestart)
	t.Run("BeforeFirstStart", b.beforeFirstStart)
	t.Run("StartWaitsForLoading", b.startWaitsForLoading)
	t.Run("EndWhileLoading", b.endWhileLoading)
	t.Run("ConfigError", b.configError)
	t.Run("Command", b.command)
	t.Run("DataDir", b.dataDir)
	t.Run("PauseAndResume", b.pauseAndResume)
	t.Run("EndWhilePaused", b.endWhilePaused)
	t.Run("Crash", b.crash)
	t.Run("StopTakesTooLong", b.stopTakesTooLong)
	t.Run("StopWhileNotAllowed", b.stopWhileNotAllowed)
	t.Run("ConcurrentUse", b.concurrentUse)
}

type backend struct{ new New }

// prepare returns a target that is closed after the test, and its node. What is
// not set in the options is chosen.
func (b backend) prepare(t *testing.T, o Options) (target.Target, Node) {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	if o.Persistence.Preset() == "" {
		o.Persistence = Persistence(t, target.AOFAlways)
	}
	tg := b.new(t, o)
	t.Cleanup(func() {
		if err := tg.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return tg, tg.Nodes()[0].(Node)
}

// start is prepare with the node running.
func (b backend) start(t *testing.T, o Options) (target.Target, Node) {
	t.Helper()
	tg, n := b.prepare(t, o)
	if err := tg.Start(Context(t)); err != nil {
		t.Fatal(err)
	}
	return tg, n
}
