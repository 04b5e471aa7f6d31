// Package dockertest tells tests whether Docker works here, and with which image.
//
//	image := dockertest.Require(t, docker.Available)
//
// A test that needs Docker is skipped where there is none, and fails there if the
// environment variable JEPSEN_LITE_REQUIRE_DOCKER is 1. The package is for tests
// only.
package dockertest
