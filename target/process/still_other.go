//go:build !linux

package process

// standsStill trusts the signal: only Linux shows what each thread does.
func standsStill(int) bool { return true }
