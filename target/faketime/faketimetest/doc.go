// Package faketimetest gives tests libfaketime.
//
//	library := faketimetest.Require(t)
//
// A test that needs it is skipped where there is none, and fails there if the
// environment variable JEPSEN_LITE_REQUIRE_FAKETIME is 1. The package is for tests only.
package faketimetest
