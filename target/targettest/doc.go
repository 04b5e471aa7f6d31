// Package targettest states what a backend's nodes must do, as tests that every
// backend runs, and gives tests of servers the tools for it.
//
// Start from [Conformance].
//
//	func TestConformance(t *testing.T) {
//		targettest.Conformance(t, func(t *testing.T, o targettest.Options) target.Target { … })
//	}
//
// The package is for tests only.
package targettest
