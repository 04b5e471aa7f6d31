package sim

import "fmt"

// link is what a replica has of its primary.
type link struct{}

// role does ROLE.
func (s *Server) role(c *caller) []byte {
	return c.answer("*3\r\n$6\r\nmaster\r\n:%d\r\n*0", s.log.executed())
}

// replication is the section of INFO.
func (s *Server) replication() string {
	return fmt.Sprintf("role:master\r\nconnected_slaves:%d\r\n", 0)
}
