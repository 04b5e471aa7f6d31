// Command verdicts runs every workload under the faults of its table, compares
// what jepsen-lite says with what must be true of Redis, and writes the table
// into the README.
//
//	go run ./scripts/verdicts -tool bin/jepsen-lite -readme README.md
//
// It exits with 1 if a verdict is not the expected one. An invalid verdict under
// aof-everysec is a finding, not a mistake, if Redis held its log back behind a
// slow fsync during that run.
package main
