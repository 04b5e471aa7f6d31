package target

import "fmt"

// Spec is what a topology asks of one server.
type Spec struct {
	// Name is short and stable: n1, or s1 of a Sentinel.
	Name string
	// Sentinel makes it a Sentinel instead of a server with data.
	Sentinel bool
	// Bus gives it a second port, for the bus of a Redis Cluster.
	Bus bool
	// Lines are lines of its configuration that the topology decides.
	Lines []string
}

// Servers returns the specs of n servers that know nothing of each other: n1, n2, …
func Servers(n int) []Spec {
	specs := make([]Spec, n)
	for i := range specs {
		specs[i].Name = fmt.Sprintf("n%d", i+1)
	}
	return specs
}

// Arguments are those of the server's program, given the path of its configuration.
func (s Spec) Arguments(config string) []string {
	if s.Sentinel {
		return []string{config, "--sentinel"}
	}
	return []string{config}
}
