package nemesis

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jepsen-lite/jepsen-lite/nearest"
	"github.com/jepsen-lite/jepsen-lite/target"
)

// Kind is an entry of the table of faults.
type Kind struct {
	Name string
	// Healing is what its healing is called; empty if it needs none.
	Healing string
	// Preparing is what is called what it does some time before; empty: nothing.
	Preparing string
	About     string
	// Parameters are what a plan may say about it, in the order in which values
	// without a name are given to them.
	Parameters []Parameter
	// Noise: it is no fault but what goes on in the background anyway. It keeps
	// every promise, and proves nothing.
	Noise bool
	// Kills: it ends servers without warning. What a server has in its memory alone is
	// lost with it.
	Kills bool
	// Needs is what a target must have been made with.
	Needs Need

	// near are the faults most like it, the nearest first.
	near []string
	// can returns why it cannot happen to a node, and whole why not to a target; or
	// nil. One of them is nil itself.
	can   func(node target.Node) error
	whole func(t target.Target) error
	make  func(Env, Args) Fault

	ofClients bool // it harms clients, not servers
	ofLinks   bool // it harms the network between both
	needsLoad bool // it takes no effect where no clients work
}

// Need is something that a target has only if it was made with it, since it costs
// every command something.
type Need string

// Clocks: the wall clocks of its servers can be set.
const Clocks Need = "clocks"

// Kinds returns the table of all faults.
func Kinds() []Kind {
	return []Kind{
		killKind(), pauseKind(), restartKind(), clientPauseKind(),
		partitionKind(), latencyKind(), bandwidthKind(), resetKind(), halfOpenKind(), slowCloseKind(), refuseKind(),
		rollbackKind(), loadingKind(), evictionKind(), clockJumpKind(), clockDriftKind(),
		powerlossKind(), slowFsyncKind(), fsyncErrorKind(), diskFullKind(), readOnlyKind(),
		aofTruncateKind(), aofCorruptKind(),
		failoverKind(), moveSlotsKind(), scaleOutKind(), renameKind(),
		bgsaveKind(), bgrewriteaofKind(), configKind(),
	}
}

// IsFault tells a fault from background noise.
func (k Kind) IsFault() bool { return !k.Noise }

// Signature is the name with all parameters and their defaults:
// config(name, value, place=one).
func (k Kind) Signature() string {
	if len(k.Parameters) == 0 {
		return k.Name
	}
	var texts []string
	for _, p := range k.Parameters {
		if p.Default != "" {
			texts = append(texts, p.Name+"="+p.Default)
		} else {
			texts = append(texts, p.Name)
		}
	}
	return k.Name + "(" + strings.Join(texts, ", ") + ")"
}

// Names returns the names of all faults, in the table's order.
func Names() (names []string) {
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// Find returns the fault of that name.
func Find(name string) (Kind, error) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k, nil
		}
	}
	names := Names()
	return Kind{}, fmt.Errorf("unknown fault %q: did you mean %s? (there are %s, or none)", name, nearest.Word(name, names), strings.Join(names, ", "))
}

// Available returns why the fault, with these arguments, cannot work on a target,
// and what is nearest to it that can; or nil. The target need not run.
func (k Kind) Available(t target.Target, args Args) error {
	err := k.possible(t)
	if err == nil {
		switch {
		case k.hasPlace():
			return args.place().check(t)
		case k.ofLinks:
			return args.links().check(t, args.onClients())
		}
		return nil
	}
	for _, name := range k.near {
		if other, _ := Find(name); other.possible(t) == nil {
			return fmt.Errorf("%w; the nearest that works there is %s", err, name)
		}
	}
	return err
}

func (k Kind) hasPlace() bool {
	return slices.ContainsFunc(k.Parameters, func(p Parameter) bool { return p.Name == "place" })
}

// possible returns why the fault cannot work on any node of a target, or nil.
func (k Kind) possible(t target.Target) error {
	switch {
	case k.ofClients:
		return nil
	case k.whole != nil:
		return k.whole(t)
	}
	for _, node := range t.Nodes() {
		if err := k.can(node); err != nil {
			return err
		}
	}
	return nil
}

// lacks is the error of a fault whose node cannot do what it needs.
func lacks(node target.Node, what string) error {
	return fmt.Errorf("node %s cannot be %s on this target", node.Name(), what)
}

// all returns the first error of several conditions of a node.
func all(conditions ...func(target.Node) error) func(target.Node) error {
	return func(node target.Node) error {
		for _, condition := range conditions {
			if err := condition(node); err != nil {
				return err
			}
		}
		return nil
	}
}

// errNoClients is why faults of clients cannot work.
var errNoClients = errors.New("there are no clients")

// Availability tells whether a fault, with its defaults, works on a target.
type Availability struct {
	Kind Kind
	// Err is why not; nil: it does.
	Err error
}

// Table returns which faults work on a target, in the order of [Kinds]. The target
// need not run.
func Table(t target.Target) []Availability {
	var rows []Availability
	for _, k := range Kinds() {
		rows = append(rows, Availability{k, k.Available(t, newArgs(k))})
	}
	return rows
}
