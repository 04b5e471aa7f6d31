// Package port chooses TCP ports on loopback for servers that will be stopped and
// started again on them.
//
// Start from [Choose].
//
//	p, err := port.Choose()
//	defer p.Release()
//	listen(p.Addr())
package port
