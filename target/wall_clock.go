package target

import "time"

// ClockSetter is a node whose wall clock can be set apart from the machine's. What
// was set stays over restarts.
type ClockSetter interface {
	// ClockFixed returns why the clock cannot be set, or nil if it can.
	ClockFixed() error
	// ShiftClock puts the server's wall clock forward, or back. Shifts add up.
	ShiftClock(by time.Duration) error
	// DriftClock lets the wall clock go so many times as fast as time does from now
	// on. A rate of 1 ends that, and puts the clock back to where it would be
	// without.
	DriftClock(rate float64) error
}
