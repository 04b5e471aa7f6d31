package target

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

// Standalone is the spec of one server by itself.
func Standalone() []Spec { return []Spec{{Name: "n1"}} }
