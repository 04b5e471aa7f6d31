// Package diskfaulttest gives tests a disk that can lose power.
//
// Start from [Mount].
//
//	disk := diskfaulttest.Mount(t, diskfault.Config{})
//	folder := disk.Point()
//
// A test that needs such a disk is skipped where none can be mounted, and fails
// there if the environment variable JEPSEN_LITE_REQUIRE_FUSE is 1. The package is
// for tests only.
package diskfaulttest
