// Package modeltest makes small random histories for testing models and
// checkers against each other.
//
// Start from [History]. It does not decide whether what it made is
// linearizable: that is for the code under test to say, and for another
// implementation to contradict.
package modeltest
