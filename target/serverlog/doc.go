// Package serverlog reads the end of what a server wrote in one life, out of files
// that several lives share.
//
// Start from [Begin].
//
//	log := serverlog.Begin("n1/redis.log", "n1/output.log")
//	// the server starts, and fails
//	lines := log.Tail(10)
package serverlog
