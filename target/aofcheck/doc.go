// Package aofcheck says how redis-check-aof is asked to repair a server's append-only
// file, for backends that can run it.
//
//	cmd := exec.Command("redis-check-aof", aofcheck.Arguments(dataDir)...)
//	cmd.Stdin = strings.NewReader(aofcheck.Consent)
//	text, err := cmd.CombinedOutput()
//	err = aofcheck.Conclude("n1", "output.log", text, err)
//
// It runs nothing itself.
package aofcheck
