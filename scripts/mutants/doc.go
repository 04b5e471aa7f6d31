// Command mutants measures what the tests of a package can see: it plants one
// small mistake at a time in a package and runs the package's tests.
//
//	go run ./scripts/mutants ./checker/monitor
//	go run ./scripts/mutants -n 200 -seed 7 ./checker/search ./model
//	go run ./scripts/mutants -only 'zone.go:3[0-9]' ./checker/monitor
//
// It prints each mutant that no test catches, and the share of mutants that were
// caught. A mutant that does not compile is not counted; tests that no longer end
// have caught theirs. Survivors that docs/mutants.md names, with the reason why no
// test can or need see them, are left out of the second score. The tree is never
// changed: the compiler reads the mutant through an overlay. It exits with 1 if a
// survivor is not named there.
//
// Why our own: gremlins (v0.6.0) has neither removed statements nor constants,
// and takes no sample; for a package of a thousand mutants that is a night.
package main
