// Package netfault is the network between clients and servers, and between
// servers, as something that can be harmed: TCP proxies under one set of rules.
//
// Start from [New]. A [Proxy] stands in front of each port of each server, and
// its address is the one that clients and other servers are told. A rule lies on
// links: directed, from one endpoint to another.
//
//	network := netfault.New(seed)
//	defer network.Close()
//	err := network.Name("127.0.1.2", "n2") // who connects from there
//	proxy, err := network.Listen("n1", "127.0.0.1:0")
//	proxy.Forward("127.0.0.1:6379") // where n1 is
//	partition, err := network.Apply(netfault.BothWays(netfault.Only("n1"), netfault.Except("n1")), netfault.Rule{Cut: true})
//	partition.Heal()
//	partition.Effect().Took() // a fault without effect is no fault
//
// Servers reach each other by way of the proxies, and are told apart by their
// source addresses: on Linux all of 127.0.0.0/8 is loopback, and bind-source-addr
// gives each server an address of its own. Clients in this program call
// [Fabric.Dial], which has the same rules and no second socket.
//
// # What the rules do
//
// Rules add up. They can change at any time, and a change concerns what is under
// way already: when [Fabric.Apply] returns, not one byte passes but by the new
// rules, and when a latency heals, what was delayed arrives at once.
//
// Nothing is ever lost, doubled or put in another order, unless a rule ends the
// connection. At most 4 MiB are under way in each direction of a connection, and
// 64 KiB while nothing leaves; after that nobody reads from the sender's socket,
// and TCP makes the sender wait.
//
// Cut is a partition. Bytes are held back, as if TCP sent them again and again; so
// are the end of a stream (FIN) and a reset. An attempt to connect gets no answer:
// with [Fabric.Dial] until ctx ends; through a proxy on Linux the kernel drops the
// first packet (SYN) by a filter on the listening socket, so that the opener waits
// and tries again, one second later at the earliest, as on a real network.
// Where no filter works (another system, or an endpoint that is named by a port)
// the opener sees a connection on which nobody answers; it is made when the rule
// heals, unless the opener has gone. A cut in one direction holds attempts to
// connect in both, since they need an answer.
//
// Drop is the same as long as it lasts. Then the connections that were there are
// reset on both sides, as by a firewall that has forgotten them, and what was held
// back is lost.
//
// Latency and Jitter hold each chunk back from when it arrives here. A connection
// from Dial takes a round trip to be made; one through a proxy is made at once.
//
// BytesPerSecond is a token bucket for each link, of 20 ms, from which all its
// connections draw.
//
// CloseDelay delays a FIN. Who closes a connection sees nothing of it.
//
// Refuse turns connections away. Dial returns ECONNREFUSED. Through a proxy the
// kernel has accepted already, and the opener sees a reset (RST) right after; so
// it does while the server is down. A dialler must take both for the same.
//
// HalfOpen resets one side (RST) and keeps the other one open in silence.
// [Fabric.Reset] resets both, at once, whatever other rules say.
//
// # What they cannot show
//
// The sender's kernel talks to ours. What was held back has been acknowledged to
// it by TCP, so that neither TCP_USER_TIMEOUT nor keep-alive ends a connection
// that is cut off, and TCP_INFO tells nothing of the harm. In a cut of one
// direction, the other one goes on flowing for good: real TCP stops when
// acknowledgements stay away for long. After a cut bytes flow at once, where TCP
// might wait for its next try. Packets are not lost, doubled or reordered one by
// one: TCP would hide it, and what remains is latency. A server sees all its
// connections come from 127.0.0.1.
//
// The package listens on loopback only.
package netfault
