package history

// What a process is doing when it has no operation open.
const (
	idle    = -1
	retired = -2
)

// manyProcesses is up to which number processes are found by their number.
const manyProcesses = 1 << 20

// processes holds for each process the operation it has open, as an index, or
// what else it is doing.
type processes struct {
	few  []int // by number, plus 1
	rest map[Process]int
}

func (p *processes) get(process Process) int {
	if int(process) < len(p.few) {
		return p.few[process] - 1
	}
	if at, ok := p.rest[process]; ok {
		return at
	}
	return idle
}

func (p *processes) set(process Process, at int) {
	if process >= manyProcesses {
		if p.rest == nil {
			p.rest = map[Process]int{}
		}
		p.rest[process] = at
		return
	}
	for int(process) >= len(p.few) {
		p.few = append(p.few, make([]int, max(64, len(p.few)))...)
	}
	p.few[process] = at + 1
}
