// Package topologytest starts real servers in a topology, for tests of what works on
// them. Only tests use it.
//
//	servers, fabric := topologytest.Start(t, topology.Config{Kind: topology.Cluster})
package topologytest
