// Command matrix runs real deployments under the faults that break them, and those
// that should not, compares what jepsen-lite finds with what must be true, and writes
// the table into the README.
//
//	go run ./scripts/matrix -readme README.md          all rows, some twenty minutes
//	go run ./scripts/matrix -short                     a few of them, some two minutes
//	go run ./scripts/matrix -target docker -image jepsen-lite/redis:local
//	go run ./scripts/matrix -server /path/to/valkey-server -standalone
//
// It exits with 1 if a verdict is not the expected one.
package main
