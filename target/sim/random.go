package sim

import (
	"slices"
	"strconv"
)

// draw returns a number below n, the next of one sequence that every server has:
// what happens depends on nothing but what was done to the server. The numbers
// are those of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
func (s *Server) draw(n int) int {
	s.draws++
	z := s.draws * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) % uint64(n))
}

// pick returns n different ones of all, which it rearranges.
func (s *Server) pick(all []string, n int) []string {
	for i := range n {
		j := i + s.draw(len(all)-i)
		all[i], all[j] = all[j], all[i]
	}
	return all[:n]
}

// pop does SPOP. The log gets what was removed, as with Redis.
func (s *Server) pop(c *caller, args []string) []byte {
	count, given := 1, len(args) == 3
	if len(args) > 3 {
		return c.answer("-ERR syntax error")
	}
	if given {
		var err error
		if count, err = strconv.Atoi(args[2]); err != nil || count < 0 {
			return c.answer("-ERR value is out of range, must be positive")
		}
	}
	reply := c.ask("SMEMBERS", args[1])
	if isError(reply) {
		return reply
	}
	all := stringsIn(reply)
	popped := s.pick(all, min(count, len(all)))
	if len(popped) > 0 {
		remove := append([]string{"SREM", args[1]}, popped...)
		c.ask(remove...)
		s.changed(c, remove...)
	}
	switch {
	case given:
		return c.bulks('~', popped)
	case len(popped) == 0:
		return c.null('$')
	}
	return c.bulk(popped[0])
}

// someMembers does SRANDMEMBER: of a negative count a member can come twice.
func (s *Server) someMembers(c *caller, args []string) []byte {
	count, given := 1, len(args) == 3
	if given {
		var err error
		if count, err = strconv.Atoi(args[2]); err != nil {
			return c.answer("-%s", notInteger)
		}
	}
	if len(args) > 3 {
		return c.answer("-ERR syntax error")
	}
	reply := c.ask("SMEMBERS", args[1])
	if isError(reply) {
		return reply
	}
	all := stringsIn(reply)
	var chosen []string
	switch {
	case len(all) == 0:
	case count < 0:
		for range -count {
			chosen = append(chosen, all[s.draw(len(all))])
		}
	default:
		chosen = slices.Clone(s.pick(all, min(count, len(all))))
	}
	switch {
	case given:
		return c.bulks('*', chosen)
	case len(chosen) == 0:
		return c.null('$')
	}
	return c.bulk(chosen[0])
}
