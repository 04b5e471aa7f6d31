package schedule

// Do does what a step of a fault says.
func (w *simulated) Do(step Step) (Effect, error) {
	switch step.Verb {
	case Replicate:
		return did(w.group.Replicate(), "there is nothing to replicate, or nobody to take it")
	case Failover:
		e, err := did(w.group.Failover(), "no replica can be promoted")
		e.Node = nodeName(w.at(w.group.Primary()))
		return e, err
	case Partition:
		e, err := did(w.group.Partition(), "there is a partition already")
		e.Node = nodeName(w.at(w.group.Primary()))
		return e, err
	case Heal:
		e, err := did(w.group.Heal(), "there is no partition")
		e.Heals = "partition"
		return e, err
	}
	at := w.meant(step)
	e := Effect{Node: nodeName(at)}
	s, state := w.servers[at], &w.states[at]
	switch {
	case step.Verb == Start && s.Running():
		e.Why = "the server runs"
		return e, nil
	case step.Verb == Start:
		e.Took, e.Heals = true, state.endedBy
		_, err := s.Start()
		return e, err
	case !s.Running():
		e.Why = "the server is down"
		return e, nil
	}
	return w.doRunning(step, at, e)
}

func did(took bool, otherwise string) (Effect, error) {
	return Effect{Took: took, Why: otherwise}, nil
}

// meant is which server a step is about: the one it names, or else the primary;
// of a start the first that is down.
func (w *simulated) meant(step Step) int {
	if n, ok := parseNumbered(step.Node, "n"); ok {
		return n - 1
	}
	if step.Verb == Start {
		for i, s := range w.servers {
			if !s.Running() {
				return i
			}
		}
	}
	return w.at(w.group.Primary())
}

// doRunning does what needs a server that runs.
func (w *simulated) doRunning(step Step, at int, e Effect) (Effect, error) {
	s, state := w.servers[at], &w.states[at]
	e.Took = true
	switch step.Verb {
	case Kill:
		s.Kill()
		state.endedBy, state.paused = "kill", false
		return e, nil
	case PowerLoss:
		s.PowerLoss()
		state.endedBy, state.paused = "powerloss", false
		return e, nil
	case Pause:
		e.Took, e.Why = !state.paused, "the server is paused already"
		state.paused = true
		return e, nil
	case Resume:
		e.Took, e.Why, e.Heals = state.paused, "the server is not paused", "pause"
		state.paused = false
		return e, nil
	case FastFsync:
		e.Took, e.Why, e.Heals = state.slow, "the disk is fast", "slow-fsync"
		state.slow = false
		s.Busy(false)
		return e, nil
	case SlowFsync:
		e.Took, e.Why = !state.slow, "the disk is slow already"
		state.slow = true
		s.Busy(true)
		return e, nil
	}
	if state.paused {
		e.Took, e.Why = false, "the server is paused"
		return e, nil
	}
	return w.doAwake(step, at, e)
}

// doAwake does what needs a server that runs and is not paused.
func (w *simulated) doAwake(step Step, at int, e Effect) (Effect, error) {
	s := w.servers[at]
	switch step.Verb {
	case Restart:
		s.Stop()
		_, err := s.Start()
		return e, err
	case BGSave:
		s.Save()
	case Fsync:
		s.Sync()
	case BGRewriteAOF:
		if e.Took = s.Rewrite(); !e.Took {
			e.Why = "there is no append-only file"
		}
	default:
		return e, ErrCannot
	}
	return e, nil
}
