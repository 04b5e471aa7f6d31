// Package process runs redis-server or valkey-server as processes of this
// machine, as a target that can be killed, paused and stopped.
//
// Start from [New].
//
//	persistence, err := target.ParsePersistence("aof-always")
//	t, err := process.New(process.Config{Dir: "servers", Persistence: persistence})
//	defer t.Close()
//	err = t.Start(ctx)
//	node := t.Nodes()[0].(*process.Node)
//	killed, err := node.Kill(ctx)
//	started, err := node.Start(ctx)
//
// No server outlives this program, however it ends: the kernel kills the server
// when the thread that started it ends (Linux), and a small shell waits for the
// end of a pipe to do the same.
//
// The package refuses to connect to a server that it did not start, to listen
// anywhere but on loopback, and to end a process that is not its own child.
package process
