// Package modeltest makes random histories for testing models and checkers
// against each other.
//
// Start from [History], which rapid can make smaller. [Wild] makes millions of
// small ones, and [Large] one of a million operations by busy clients.
//
// What Large makes is linearizable. Of the others nobody here says so: that is for
// the code under test to say, and for another implementation to contradict.
package modeltest
