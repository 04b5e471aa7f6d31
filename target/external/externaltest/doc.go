// Package externaltest starts a server that plays the part of one that is not ours,
// for tests of what works on such a server. Only tests use it.
//
//	s := externaltest.Start(t)
//	url := "redis://app@" + s.Addr // its password is externaltest.Password
package externaltest
