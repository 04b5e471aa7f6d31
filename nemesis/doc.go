// Package nemesis harms a target while clients work on it, and always heals it.
//
// Start from [Parse], [New], which makes a nemesis from a plan, and [Nemesis.Run].
//
//	items, err := nemesis.Parse("kill(primary) every 5s, pause, bgsave once at 30s")
//	n, err := nemesis.New(nemesis.Plan{Items: items, Interval: 3 * time.Second}, env, journal)
//	err = n.Run(ctx) // until ctx ends
//
// A fault is a small value with Inject and Heal. Both say whether they took
// effect: killing a server that is down is no fault, and a run in which no fault
// took effect proves nothing. The table of faults is [Kinds]; [Table] says which
// of them work on a target, and why the others do not.
//
// # The plan language
//
//	plan     = "none" | item { "," item } .
//	item     = fault [ "(" argument { "," argument } ")" ] [ timing ] [ "for" duration ] .
//	timing   = "every" duration [ "exactly" ] | "once" "at" duration .
//	argument = [ parameter "=" ] value .
//	value    = word | quoted .
//
// A word is any characters but blanks and ( ) , = ". A quoted value stands between
// double quotes; \ takes the character after it as it is. Blanks separate and mean
// nothing else. A duration is longer than zero, and as time.ParseDuration reads it.
// Which parameters a fault has, and of what type and default they are, its [Kind]
// says. A value without the parameter's name is for the first one that has none yet
// and whose type it is of.
//
// Faults of the network lie on links, in a language of their own:
//
//	links  = layout | set | set arrow set .
//	layout = "halves" | "majority" | "bridge" | "ring" .
//	set    = member { "+" member } .
//	member = place | node | client | "clients" | "clients/" number .
//	arrow  = "->" | "<->" .
//
// A set alone is cut off from all who are not in it: partition(primary+clients/2) is
// the classic split brain. With -> only what flows that way is harmed: of a request
// from clients to n1 that is clients->n1, and of its reply n1->clients, whoever has
// opened the connection. Clients are c0, c1, …; clients/3 is a third of them, at
// random. A layout divides everybody; [Layouts] says how. Who is the primary is
// looked up at the injection; until it heals the fault stays where it was injected.
//
// Items without a timing are the rotation: each round injects every one of them
// once, in an order of its own, at the plan's interval. Every other item has a track
// of its own, and a stream of chance of its own, which does not change when other
// tracks are added. "every 5s" is half to one and a half of that after the last
// healing; "every 5s exactly" is at 5 s, 10 s, … of the run, without those moments
// at which the last one still lasts; "once at 30s" is at 30 s.
//
// # Several at a time
//
// Injections and healings take turns, so that no two act on a node at the same
// moment; what they cause overlaps. A fault remembers what it did, and heals only
// that. What cannot be healed while another fault lasts (a server does not start on
// a full disk) is healed once that one is. In the end all is healed, the last fault
// first, and every server runs.
//
// # Events
//
// What happened is recorded as events of the process "nemesis": f is the fault's
// name (kill), the name of its healing (start) or of what prepares it (backup), and
// the value tells where and whether it took effect:
//
//	{"node":"n1","effect":true,"took_ns":1042311}
//	{"node":"n1","heals":"kill","effect":true,"took_ns":9533120}
//	{"nodes":["n1","n3"],"call":"kill(majority)","effect":true,"took_ns":8120411}
//	{"node":"n1","prepares":"rollback","effect":true,"took_ns":30233120}
//	{"node":"n1","noise":true,"effect":true,"took_ns":812311}
//	{"client":"c3","effect":true,"took_ns":5120}
//	{"links":"n1->n2,n3","call":"latency(primary->replicas, 50ms)","effect":true,"took_ns":6670323}
//	{"links":"n1->n2,n3","call":…,"heals":"latency","held_bytes":146500,"effect":true,"took_ns":185536}
//
// An event is recorded when it is over; took_ns tells when it began: a restart
// takes as long as its server needs to stop and to start. A fault with arguments
// has a call, as the plan has it. Some have figures of their own, as evicted_keys.
// The event start that heals "exit" is of a server that no fault had ended.
//
// A rule that lies on links takes effect once somebody notices it: bytes had to wait, an
// attempt to connect got no answer, and so on. If that is within a second of the
// injection, its event says so. If it is later, the fault is recorded once more when
// it heals, with its effect, and with all the time that it lasted for took_ns.
//
// An error is told in a field of that name. A healing that had nothing to heal
// is not recorded.
//
// The package never leaves a fault behind: not when its context ends, not after a
// panic.
package nemesis
