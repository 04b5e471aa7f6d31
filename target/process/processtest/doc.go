// Package processtest gives tests a real server to work on.
//
// Start from [Start].
//
//	target := processtest.Start(t, "aof-always")
//	node := target.Nodes()[0]
//
// A test that needs a server is skipped where there is none, and fails there if
// the environment variable JEPSEN_LITE_REQUIRE_REDIS is 1. The package is for
// tests only.
package processtest
