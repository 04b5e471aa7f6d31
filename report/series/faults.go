package series

import "github.com/jepsen-lite/jepsen-lite/checker"

// faults pairs each fault with its healing, the oldest first.
func (s *Series) faults(incidents []checker.Incident) {}
