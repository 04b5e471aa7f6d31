// Package sim is a Redis server in this process that knows what a crash leaves.
//
// Start from [NewServer].
//
//	s := sim.NewServer(persistence)
//	s.Start()
//	session := s.Connect()
//	reply := session.Execute("SET", "k", "1")
//	s.Kill()  // what had not reached the file is gone
//	s.Start() // the rest is loaded again
//
// Commands are executed by miniredis. Around it stands one log of all write
// commands with watermarks: how much of it was executed, was written to the file
// (and so survives the process), was synced to the disk (and so survives the
// machine), and is in the last snapshot. A restart executes a prefix of the log
// again, each command at its own time.
//
//	log      SET  INCR  LPUSH  DEL  INCR  SADD  RPOP
//	                |             |     |           |
//	             snapshot      synced  written   executed
//
// Time is virtual: it stands still unless [Server.Advance] moves it.
//
// A [Group] is a primary with replicas, whose logs are beginnings of the primary's;
// it replicates, fails over and is partitioned when it is told to.
//
// The package refuses commands that it cannot do as Redis does; the table in
// commands.go has those it can, and docs/simulator.md every known difference. A
// server, and a group, is used by one goroutine.
package sim
