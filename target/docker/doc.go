// Package docker runs redis-server or valkey-server in Docker containers of this
// machine, as targets that can be killed, paused and stopped.
//
// Start from [New].
//
//	persistence, err := target.ParsePersistence("aof-always")
//	t, err := docker.New(docker.Config{Dir: "servers", Persistence: persistence})
//	defer t.Close()
//	err = t.Start(ctx)
//	node := t.Nodes()[0].(*docker.Node)
//	killed, err := node.Kill(ctx)
//	started, err := node.Start(ctx)
//
// The server is process 1 of its container, under our user, with its node's folder
// mounted: killing it ends the container, and starting the container again finds
// the same data. Containers are made by testcontainers-go; what it has not got, as
// pausing, is done by the Docker client that it uses.
//
// No server outlives this program, however it ends, where the engine's processes are
// on this machine: a small shell waits for the end of a pipe to kill it.
//
// Every container carries labels, with the process it belongs to. Closing the target
// removes it; [Clean] removes those of processes that have ended without, and only
// them.
//
// On request the data lie on a disk of package diskfault, and clocks can be set; a
// server that would not see its disk does not start, and [TakesFaketime] tells of
// images whose servers keep their time.
//
// Servers that are told of each other share this machine's network, where proxies
// can stand between them.
//
// The package refuses an engine on another machine, and publishes ports on loopback
// only.
package docker
