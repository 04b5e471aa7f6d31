package nemesis

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

var errNotPositive = errors.New("not positive")

// The types of parameters.

func aShift() Type    { return reads("a time, as 2h or -30s", time.ParseDuration) }
func aSize() Type     { return reads("a size, as 10mb", readSize) }
func aCount() Type    { return reads("a number from 1", readCount) }
func aFactor() Type   { return reads("a factor, as 1.1", readFactor) }
func aDuration() Type { return reads("a duration, as 50ms", readDuration) }
func aPlace() Type    { return Type{Name: "a place, as primary", read: readPlace} }

// The values of parameters; their texts were read when the plan was.

func (a Args) shift(name string) time.Duration    { return value(time.ParseDuration(a.text(name))) }
func (a Args) duration(name string) time.Duration { return value(readDuration(a.text(name))) }
func (a Args) size(name string) int64             { return value(readSize(a.text(name))) }
func (a Args) count(name string) int64            { return value(readCount(a.text(name))) }
func (a Args) factor(name string) float64         { return value(readFactor(a.text(name))) }
func (a Args) place() Place                       { return Place(a.text("place")) }

func value[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprintf("nemesis: a value was not read: %v", err))
	}
	return v
}

func readDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err == nil && d <= 0 {
		err = errNotPositive
	}
	return d, err
}

func readCount(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err == nil && n < 1 {
		err = errNotPositive
	}
	return n, err
}

func readFactor(text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err == nil && !(f > 0 && !math.IsInf(f, 0)) {
		err = errNotPositive
	}
	return f, err
}

// readSize reads a number of bytes with the units of redis.conf: k is 1000, kb is
// 1024, and so on up to g and gb.
func readSize(text string) (int64, error) {
	units := []struct {
		name  string
		bytes int64
	}{{"kb", 1 << 10}, {"mb", 1 << 20}, {"gb", 1 << 30}, {"k", 1e3}, {"m", 1e6}, {"g", 1e9}, {"b", 1}, {"", 1}}
	for _, unit := range units {
		digits, ok := strings.CutSuffix(strings.ToLower(text), unit.name)
		if !ok {
			continue
		}
		n, err := readCount(digits)
		if err == nil && n > math.MaxInt64/unit.bytes {
			err = strconv.ErrRange
		}
		return n * unit.bytes, err
	}
	panic("unreachable: the last unit ends every text")
}
