// Package external is the backend of servers that run already, at a URL that the
// user gave: one Redis or Valkey, one behind Sentinels, or a Redis Cluster.
//
// Start from [Parse] and [Open]:
//
//	address, err := external.Parse("redis://app@cache.example:6379/2")
//	t, err := external.Open(ctx, external.Config{Address: address, Password: password, Seed: seed})
//	err = t.Start(ctx)       // the prefix is unused
//	access := t.Access("c0") // clients write below t.Prefix()
//	err = t.Close()          // nothing of theirs is under way any more
//	deleted, err := t.Clean(ctx)
//
// The servers are not ours. The package sends them the commands of [Commands] and
// no other, writes and deletes nothing outside of the run's own prefix, and
// refuses a server that holds keys unless it is told that it may be written to.
// Its nodes implement none of the interfaces by which a node is killed, paused,
// stopped or given commands, so that faults which need one are refused before the
// run. What is left are faults of clients and of the network between them and the
// servers.
//
// What the package itself asks goes to the servers directly, on a connection for
// each question, and no fault of the network holds it back.
package external
