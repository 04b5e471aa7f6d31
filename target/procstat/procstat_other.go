//go:build !linux

package procstat

// StartTime knows nothing here.
func StartTime(int) string { return "" }

// Fields knows nothing here.
func Fields(string) []string { return nil }
