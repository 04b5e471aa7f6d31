// Command catalogue tries every planted bug of package schedule/catalogue: the
// simulator must find it, shrink it and show it again each time, its right
// counterpart must hold, and a real server must show the same as the simulator.
//
//	go run ./scripts/catalogue
//	go run ./scripts/catalogue -bug counter-get-set -schedules 1000
//	go run ./scripts/catalogue -write
//
// It prints what it measures as it goes, and exits with 1 if anything is not as it
// must be. With -write it then makes the table in docs/catalogue.md again. It
// needs a redis-server or valkey-server, whose files it removes at the end.
package main
