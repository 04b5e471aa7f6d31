// Package model holds sequential specifications: what each operation does to the
// state of one object, and which results it may give.
//
// Start from [Parse], which knows every model by name, and hand the result to
// porcupine or to a check of package checker.
//
//	m, err := model.Parse("cas-register")
//	ops, err := m.Prepare(h.Ops)
//	ok := porcupine.CheckOperations(m.Porcupine(), m.Operations(ops))
//
// An operation of unknown outcome may take effect at any time after its
// invocation, or never. It is given to porcupine with a return time of "never"
// and a step that is always legal: it takes effect where it can and does nothing
// where it cannot, so placing it last means that it did not happen.
//
// # Two promises of a lock that expires
//
// A lock with a time to live makes two different promises, and usually keeps
// only one of them.
//
//	            TTL from the grant
//	        |------------------------|
//	A  acquire ok                              .... A goes on working ....  release
//	        [========= what Redis promised =]
//	        [========= what A believes ==============================]
//	B                                       acquire ok
//	                                        [==== what B believes ======
//	                                        ^
//	          mutex: violated (both believe that they hold it)
//	          lease: kept     (A's time was over when B was granted)
//
// The model mutex is about what the holders believe: from the moment an acquire
// returned until the same holder starts its release, nobody else's acquire may
// return. A pause of A longer than the TTL breaks it with no fault of Redis.
//
// The model lease is about what Redis promised: nobody else is granted the lock
// before the earliest moment at which the last grant could have expired. That
// moment is the TTL after the earliest time at which the grant can have
// happened, as far as the calls and returns of all operations tell.
//
// A release that finds the lock gone completes as ok with the value false. Then
// mutex takes it as the end of what the holder believed, if it was one, and lease
// as the observation that the lock was not held with that token.
//
// The package does not search and does not judge; its functions never change
// their arguments.
package model
