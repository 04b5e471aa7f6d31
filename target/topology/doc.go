// Package topology arranges servers as people run them: one by itself, a primary
// with replicas and Sentinels, a Redis Cluster, or shards that know nothing of
// each other.
//
// Start from [New]. It decides what each server is told about the others, and a
// backend makes the servers:
//
//	t, err := topology.New(topology.Config{Kind: topology.Replicated}, fabric,
//		func(specs []target.Spec) (target.Target, error) {
//			return process.New(process.Config{Dir: dir, Persistence: p, Specs: specs})
//		})
//	err = t.Start(ctx) // returns when every replica follows and every slot is served
//	access := t.Access("c0")
//
// All traffic between servers, and all of the clients', goes through the fabric:
// each server announces the address of a proxy of its own, and connects from an
// address of its own (127.0.1.1 for n1, and so on), so that a rule can tell who
// talks to whom. That takes Linux, where all of 127.0.0.0/8 is this machine;
// elsewhere only what clients send can be told apart.
//
// What the package itself asks of servers goes to them directly, and no fault of
// the network holds it back.
//
// It does not choose a primary, move a slot or repair anything once the target
// has started, unless it is asked to: that is for the system under test.
package topology
