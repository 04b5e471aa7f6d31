package netfault

import (
	"fmt"
	"time"
)

// Rule is what happens on a link. The zero Rule does nothing. The package's
// comment tells what each field does at the level of the operating system.
type Rule struct {
	// Cut holds back whatever is sent, and attempts to connect get no answer.
	// After healing everything flows on.
	Cut bool
	// Drop is a Cut that no connection outlives: what was sent is lost, and the
	// connections of the link are reset when it heals.
	Drop bool
	// Latency delays every byte, and Jitter makes the delay of each chunk a
	// random one, evenly between Latency-Jitter and Latency+Jitter and never
	// below 0. The order of bytes stays.
	Latency, Jitter time.Duration
	// BytesPerSecond bounds what all connections of one link carry together. 0:
	// no bound.
	BytesPerSecond int64
	// CloseDelay delays the end of a stream (FIN), not what came before it.
	CloseDelay time.Duration
	// Refuse turns new connections away. A connection has the rule of the link
	// from who opens it to who is called.
	Refuse bool
	// HalfOpen ends the connections that there are on one side: that of To is
	// reset, that of From stays open and hears nothing any more. When the rule
	// heals, it is reset as well. Later connections are not concerned.
	HalfOpen bool
}

func (r Rule) check() error {
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"Latency", r.Latency}, {"Jitter", r.Jitter}, {"CloseDelay", r.CloseDelay}} {
		if d.value < 0 {
			return fmt.Errorf("rule: %s is %v: expected none below 0", d.name, d.value)
		}
	}
	if r.BytesPerSecond < 0 {
		return fmt.Errorf("rule: BytesPerSecond is %d: expected none below 0", r.BytesPerSecond)
	}
	return nil
}

// burden is what all the rules that lie on one link come to: delays add up, the
// narrowest bandwidth counts. Nil is no rule at all. It never changes.
type burden struct {
	blocked, drop, refuse       bool
	latency, jitter, closeDelay time.Duration
	bytesPerSecond              int64
	harms                       []*Harm
}

// add returns the burden with one rule more.
func (b *burden) add(h *Harm) *burden {
	sum := burden{}
	if b != nil {
		sum = *b
	}
	r := h.rule
	sum.blocked = sum.blocked || r.Cut || r.Drop
	sum.drop = sum.drop || r.Drop
	sum.refuse = sum.refuse || r.Refuse
	sum.latency += r.Latency
	sum.jitter += r.Jitter
	sum.closeDelay += r.CloseDelay
	if r.BytesPerSecond > 0 && (sum.bytesPerSecond == 0 || r.BytesPerSecond < sum.bytesPerSecond) {
		sum.bytesPerSecond = r.BytesPerSecond
	}
	sum.harms = append(sum.harms[:len(sum.harms):len(sum.harms)], h)
	return &sum
}

func (b *burden) blocks() bool { return b != nil && b.blocked }

// shapes reports whether bytes cannot simply be passed on.
func (b *burden) shapes() bool {
	return b != nil && (b.blocked || b.latency > 0 || b.jitter > 0 || b.bytesPerSecond > 0)
}

// delay is how long a chunk is under way, given its draw from [-1, 1).
func (b *burden) delay(draw float64) time.Duration {
	if b == nil {
		return 0
	}
	return max(0, b.latency+time.Duration(draw*float64(b.jitter)))
}

// endDelay is how long the end of a stream is under way.
func (b *burden) endDelay(draw float64, end ending) time.Duration {
	if b == nil || end != fin {
		return b.delay(draw)
	}
	return b.delay(draw) + b.closeDelay
}

// rate is the bandwidth, 0 if there is no bound.
func (b *burden) rate() int64 {
	if b == nil {
		return 0
	}
	return b.bytesPerSecond
}

// note calls count for each rule of the burden that is of the kind.
func (b *burden) note(kind func(Rule) bool, count func(*Harm)) {
	if b == nil {
		return
	}
	for _, h := range b.harms {
		if kind(h.rule) {
			count(h)
		}
	}
}

func blocking(r Rule) bool { return r.Cut || r.Drop }
func holding(r Rule) bool  { return blocking(r) || r.Latency > 0 || r.Jitter > 0 }
func limiting(r Rule) bool { return r.BytesPerSecond > 0 }
func refusing(r Rule) bool { return r.Refuse }
func slowing(r Rule) bool  { return r.CloseDelay > 0 }
func dropping(r Rule) bool { return r.Drop }
