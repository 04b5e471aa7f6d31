package schedule

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jepsen-lite/jepsen-lite/nearest"
)

// Verb is what a step does.
type Verb uint8

// The verbs, in the order of the table.
const (
	Move Verb = iota + 1
	Timeout
	Late
	Kill
	Start
	Pause
	Resume
	Restart
	BGSave
	BGRewriteAOF
	PowerLoss
	Fsync
	SlowFsync
	FastFsync
	Replicate
	Failover
	Partition
	Heal
	Tick
)

// operand is what a verb is about.
type operand uint8

const (
	onServer operand = iota // a node, which may be left out
	onClient
	onTime
	onTarget // nothing
)

// VerbInfo is a line of the table of verbs.
type VerbInfo struct {
	Verb Verb
	// Name is how steps are written.
	Name string
	// Form shows a whole step.
	Form  string
	About string
}

// Verbs returns the table of all verbs.
func Verbs() []VerbInfo {
	return []VerbInfo{
		{Move, "", "c0", "moves a client to its next yield point"},
		{Timeout, "timeout", "timeout:c0", "a client gives up waiting; its operation is info"},
		{Late, "late", "late:c0", "the server executes a request whose client has given up"},
		{Kill, "kill", "kill", "ends the server with SIGKILL"},
		{Start, "start", "start", "starts the server on what it left"},
		{Pause, "pause", "pause", "freezes the server"},
		{Resume, "resume", "resume", "lets a frozen server go on"},
		{Restart, "restart", "restart", "stops the server properly and starts it again"},
		{BGSave, "bgsave", "bgsave", "makes a snapshot"},
		{BGRewriteAOF, "bgrewriteaof", "bgrewriteaof", "rewrites the append-only file"},
		{PowerLoss, "powerloss", "powerloss", "ends the server and loses what was not synced to the disk"},
		{Fsync, "fsync", "fsync", "syncs the append-only file to the disk"},
		{SlowFsync, "slow-fsync", "slow-fsync", "an fsync that is begun from now on does not end"},
		{FastFsync, "fast-fsync", "fast-fsync", "the disk is fast again"},
		{Replicate, "replicate", "replicate", "the replicas receive one more write"},
		{Failover, "failover", "failover", "a replica becomes the primary"},
		{Partition, "partition", "partition", "cuts the primary, with the clients connected to it, off from the rest"},
		{Heal, "heal", "heal", "ends the partition"},
		{Tick, "tick", "tick:300ms", "lets time pass"},
	}
}

// names are the verbs as steps are written.
var names = func() []string {
	all := []string{""}
	for _, v := range Verbs() {
		all = append(all, v.Name)
	}
	return all
}()

func (v Verb) takes() operand {
	switch v {
	case Move, Timeout, Late:
		return onClient
	case Tick:
		return onTime
	case Replicate, Failover, Partition, Heal:
		return onTarget
	}
	return onServer
}

// String returns the verb as steps are written.
func (v Verb) String() string {
	if v == Move {
		return "move"
	}
	return names[v]
}

// Step is a letter of a schedule's word.
type Step struct {
	Verb Verb
	// Client is the number of the client, of Move, Timeout and Late. Helper is the
	// number of its helper, from 1 in the order in which they began; 0: the client
	// itself.
	Client, Helper int
	// Node is where a fault happens; empty: at the primary.
	Node string
	// For is how long a Tick takes.
	For time.Duration
}

// String returns the step as [ParseStep] reads it.
func (s Step) String() string {
	name := names[s.Verb]
	switch s.Verb.takes() {
	case onClient:
		client := laneName(s.Client, s.Helper)
		if s.Verb == Move {
			return client
		}
		return name + ":" + client
	case onTime:
		return name + ":" + s.For.String()
	case onServer:
		if s.Node != "" {
			return name + ":" + s.Node
		}
	}
	return name
}

func laneName(client, helper int) string {
	if helper == 0 {
		return "c" + strconv.Itoa(client)
	}
	return fmt.Sprintf("c%d/%d", client, helper)
}

// parseLane reads the name of a client, or of its helper.
func parseLane(text string) (client, helper int, ok bool) {
	name, number, isHelper := strings.Cut(text, "/")
	if isHelper {
		if helper, ok = parseNumbered(number, ""); !ok || helper < 1 {
			return 0, 0, false
		}
	}
	client, ok = parseNumbered(name, "c")
	return client, helper, ok
}

// ParseStep reads a step: "c0", "c0/1", "timeout:c0", "kill", "kill:n2", "tick:300ms".
func ParseStep(text string) (Step, error) {
	if client, helper, ok := parseLane(text); ok {
		return Step{Verb: Move, Client: client, Helper: helper}, nil
	}
	name, rest, given := strings.Cut(text, ":")
	for _, v := range Verbs()[1:] {
		if v.Name == name {
			return v.parse(text, rest, given)
		}
	}
	var forms []string
	for _, v := range Verbs() {
		forms = append(forms, v.Form)
	}
	return Step{}, fmt.Errorf("unknown step %q: did you mean %s? (there are %s)", text, nearest.Word(text, forms), strings.Join(forms, ", "))
}

func (v VerbInfo) parse(text, rest string, given bool) (Step, error) {
	step := Step{Verb: v.Verb}
	wrong := fmt.Errorf("step %q: expected it like %q", text, v.Form)
	switch v.Verb.takes() {
	case onClient:
		client, helper, ok := parseLane(rest)
		if !ok {
			return step, wrong
		}
		step.Client, step.Helper = client, helper
	case onTime:
		d, err := time.ParseDuration(rest)
		if err != nil || d <= 0 {
			return step, wrong
		}
		step.For = d
	case onServer:
		if _, ok := parseNumbered(rest, "n"); given && !ok {
			return step, wrong
		}
		step.Node = rest
	default:
		if given {
			return step, wrong
		}
	}
	return step, nil
}

// parseNumbered reads a letter followed by a number without needless zeros.
func parseNumbered(text, letter string) (int, bool) {
	digits, ok := strings.CutPrefix(text, letter)
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && n >= 0 && strconv.Itoa(n) == digits
}

// MarshalText writes the step for a file.
func (s Step) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a step from a file.
func (s *Step) UnmarshalText(text []byte) (err error) {
	*s, err = ParseStep(string(text))
	return err
}

// ParseWord reads steps with spaces or commas between them.
func ParseWord(text string) ([]Step, error) {
	var word []Step
	for _, letter := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' }) {
		step, err := ParseStep(letter)
		if err != nil {
			return nil, err
		}
		word = append(word, step)
	}
	return word, nil
}
