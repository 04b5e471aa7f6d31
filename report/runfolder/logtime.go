package runfolder

import (
	"regexp"
	"time"
)

// A line of Redis's own: process:role, a local time, a level, what it says
// (serverLogRaw in src/server.c).
//
//	16227:M 21 Nov 2026 19:22:24.848 * monotonic clock: POSIX clock_gettime
const logPattern = `^\d+:[XCSM] (\d\d? \w{3} \d{4} \d\d:\d\d:\d\d\.\d{3}) ([.*#-]) `

const logTime = "2 Jan 2006 15:04:05.000"

// farOff is how far a log's first line may be from the run's beginning, whole
// quarters of an hour aside.
const farOff = 2 * time.Minute

// align gives times to the lines.
//
// Why quarters of an hour: the log has the server's local time and does not say of
// what zone, and zones differ by these. Its first line was written soon after the
// run began.
func (l *Log) align(started time.Time) {
	pattern := regexp.MustCompile(logPattern)
	var offset time.Duration
	known := false
	before := int64(-1)
	for i := range l.Lines {
		line := &l.Lines[i]
		match := pattern.FindStringSubmatch(line.Text)
		if match == nil {
			line.At = before // it goes on where the one before it ended
			continue
		}
		line.Level = map[string]string{".": "debug", "-": "verbose", "*": "notice", "#": "warning"}[match[2]]
		at, err := time.Parse(logTime, match[1])
		if err != nil || l.Unaligned != "" {
			continue
		}
		since := at.Sub(started)
		if !known {
			known, offset = true, since.Round(15*time.Minute)
			if off := (since - offset).Abs(); off > farOff {
				l.Unaligned = "The clock of this log does not fit the run's: its lines have no times here."
				continue
			}
		}
		before = int64(since - offset)
		line.At = before
	}
	if !known {
		l.Unaligned = "This log has no times."
	}
}
