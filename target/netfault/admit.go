package netfault

import "context"

// admit waits until a connection may be made: until no rule blocks the way there
// or the way back. It reports false if a rule refuses the connection, and an
// error if ctx ends first. from is asked anew after each change.
func (f *Fabric) admit(ctx context.Context, way func() Link, waits func()) (bool, error) {
	asked := false
	for {
		f.mu.Lock()
		out, cutting, changed := f.link(way()), f.cutting(way()), f.changed
		there := out.burden
		f.mu.Unlock()
		switch {
		case len(cutting) > 0:
			if !asked {
				out.unanswered.Add(1)
				for _, h := range cutting {
					h.unanswered.Add(1)
				}
				waits()
				asked = true
			}
		case there != nil && there.refuse:
			out.refused.Add(1)
			there.note(refusing, func(h *Harm) { h.refused.Add(1) })
			return false, nil
		default:
			return true, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
