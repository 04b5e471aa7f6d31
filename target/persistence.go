package target

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Persistence is how a server keeps its data over a crash: a preset by name,
// and for presets that snapshot, the save points.
// The zero value is not valid; use [ParsePersistence].
type Persistence struct {
	preset string
	saves  []SavePoint
}

// SavePoint makes Redis snapshot when at least Changes keys changed in Seconds.
type SavePoint struct{ Seconds, Changes int }

// Preset names, in the order help shows them.
const (
	None        = "none"         // nothing is kept
	RDB         = "rdb"          // snapshots at save points
	AOFAlways   = "aof-always"   // log, synced before each reply
	AOFEverysec = "aof-everysec" // log, synced each second
	AOFNo       = "aof-no"       // log, synced when the system likes
	Mixed       = "mixed"        // log synced each second with RDB preamble, and snapshots
)

// Presets lists the names of all presets with what each keeps.
func Presets() [][2]string {
	return [][2]string{
		{None, "nothing is written to disk"},
		{RDB, "snapshots at save points (rdb:SECONDS/CHANGES,… sets them)"},
		{AOFAlways, "append-only file, synced before each reply"},
		{AOFEverysec, "append-only file, synced once a second"},
		{AOFNo, "append-only file, synced when the system likes"},
		{Mixed, "append-only file synced once a second with RDB preamble, and snapshots"},
	}
}

// defaultSaves are the save points of the redis.conf that Redis 7 ships.
var defaultSaves = []SavePoint{{3600, 1}, {300, 100}, {60, 10000}}

// ParsePersistence reads a preset's name, for rdb and mixed optionally with
// save points: "aof-always", "rdb:5/1", "mixed:60/1000,5/10".
func ParsePersistence(text string) (Persistence, error) {
	name, points, given := strings.Cut(text, ":")
	known := slices.ContainsFunc(Presets(), func(p [2]string) bool { return p[0] == name })
	if !known {
		return Persistence{}, fmt.Errorf("unknown persistence %q: expected none, rdb, aof-always, aof-everysec, aof-no or mixed", name)
	}
	p := Persistence{preset: name}
	if name == RDB || name == Mixed {
		p.saves = defaultSaves
	}
	if !given {
		return p, nil
	}
	if p.saves == nil {
		return p, fmt.Errorf("persistence %q takes no save points: expected just %s", text, name)
	}
	p.saves = nil
	for point := range strings.SplitSeq(points, ",") {
		seconds, changes, ok := strings.Cut(point, "/")
		s, err1 := strconv.Atoi(seconds)
		c, err2 := strconv.Atoi(changes)
		if !ok || err1 != nil || err2 != nil || s < 1 || c < 1 {
			return p, fmt.Errorf("save point %q: expected SECONDS/CHANGES, as in %s:5/1", point, name)
		}
		p.saves = append(p.saves, SavePoint{s, c})
	}
	return p, nil
}

// String returns the text that ParsePersistence reads.
func (p Persistence) String() string {
	if p.saves == nil || slices.Equal(p.saves, defaultSaves) {
		return p.preset
	}
	points := make([]string, len(p.saves))
	for i, s := range p.saves {
		points[i] = fmt.Sprintf("%d/%d", s.Seconds, s.Changes)
	}
	return p.preset + ":" + strings.Join(points, ",")
}

// Preset returns the preset's name without save points.
func (p Persistence) Preset() string { return p.preset }

// Appends reports whether the preset keeps an append-only file.
func (p Persistence) Appends() bool { return p.preset != None && p.preset != RDB }

// SyncsEachSecond reports whether the append-only file is synced once a second.
func (p Persistence) SyncsEachSecond() bool { return p.preset == AOFEverysec || p.preset == Mixed }

// SavePoints returns when to snapshot; none for presets that do not.
func (p Persistence) SavePoints() []SavePoint { return slices.Clone(p.saves) }

// Directives returns the lines of redis.conf that set the preset up. See
// https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/.
func (p Persistence) Directives() []string {
	var lines []string
	if len(p.saves) == 0 {
		lines = append(lines, `save ""`)
	}
	for _, s := range p.saves {
		lines = append(lines, fmt.Sprintf("save %d %d", s.Seconds, s.Changes))
	}
	switch p.preset {
	case None, RDB:
		return append(lines, "appendonly no")
	case AOFAlways:
		lines = append(lines, "appendfsync always")
	case AOFNo:
		lines = append(lines, "appendfsync no")
	default:
		lines = append(lines, "appendfsync everysec")
	}
	return append(lines, "appendonly yes", "aof-use-rdb-preamble yes")
}
