package netfault

import "net/netip"

// circuit is a connection between two endpoints.
type circuit interface {
	// about is what the fabric knows of it, guarded by the fabric's mutex.
	about() *ends
	// set changes the rules. When it returns, nothing passes but by the new ones.
	set(out, back *link)
	// sever resets the connection on one side, that of the endpoint that opened
	// it or the other one, and lets nothing pass on what remains.
	sever(opener bool)
	// abort ends the connection with a reset on both sides.
	abort()
}

// ends says who a connection is between, and what will become of it.
type ends struct {
	from, to string
	// source is the address that the connection comes from, if that names From.
	source netip.AddrPort
	// joined: both sides are there.
	joined bool
	// doomed are rules that the connection cannot outlive, severed are rules that
	// have severed it.
	doomed, severed []*Harm
}

func (e *ends) about() *ends { return e }
func (e *ends) out() Link    { return Link{e.from, e.to} }

// stillness is the rule of what is left of a severed connection.
func stillness() *burden { return &burden{blocked: true} }

// reset ends a connection because a rule or somebody said so.
func (f *Fabric) reset(c circuit) {
	f.mu.Lock()
	l := f.link(c.about().out())
	f.mu.Unlock()
	l.resets.Add(1)
	c.abort()
}
