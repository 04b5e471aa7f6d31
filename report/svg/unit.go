package svg

import (
	"math"
	"strconv"
	"strings"
)

// Duration writes nanoseconds for people, to three digits: 0 s, 850 ns, 1.04 ms,
// 12.3 s, 3 min 20 s, 2 h.
func Duration(ns float64) string {
	switch {
	case ns == 0:
		return "0 s"
	case ns < 0:
		return "−" + Duration(-ns)
	case ns < 999.5:
		return digits(ns) + " ns"
	case ns < 999.5e3:
		return digits(ns/1e3) + " µs"
	case ns < 999.5e6:
		return digits(ns/1e6) + " ms"
	case ns < 120e9:
		return digits(ns/1e9) + " s"
	}
	seconds := math.Round(ns / 1e9)
	if seconds < 2*3600 {
		return joined(seconds, 60, "min", "s")
	}
	return joined(math.Round(seconds/60), 60, "h", "min")
}

// joined writes an amount in two units, the second only where there is some of it.
func joined(amount, per float64, large, small string) string {
	text := digits(math.Floor(amount/per)) + " " + large
	if rest := math.Mod(amount, per); rest > 0 {
		text += " " + digits(rest) + " " + small
	}
	return text
}

// digits writes a number with three digits that matter, and all that stand before
// the point.
func digits(v float64) string {
	places := 0
	if v > 0 {
		places = max(0, 2-int(math.Floor(math.Log10(v)+1e-9)))
	}
	text := strconv.FormatFloat(v, 'f', places, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// Count writes a number with its thousands apart: 12,345.
func Count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Amount writes a number for an axis: 0, 250, 1,500, 0.5, 20 M.
func Amount(v float64) string {
	switch {
	case math.Abs(v) >= 1e15:
		return strconv.FormatFloat(v, 'g', 3, 64)
	case math.Abs(v) >= 1e9:
		return digits(v/1e9) + " G"
	case math.Abs(v) >= 1e6:
		return digits(v/1e6) + " M"
	case v == math.Trunc(v):
		return Count(int(v))
	}
	return digits(v)
}

// Percent writes a share: 0 %, 99.9 %, 100 %. What is not all is never 100 %, and
// what is not nothing never 0 %.
func Percent(share float64) string {
	switch {
	case share <= 0:
		return "0 %"
	case share >= 1:
		return "100 %"
	case share < 0.001:
		return "< 0.1 %"
	case share > 0.999:
		return "> 99.9 %"
	}
	return digits(math.Round(share*1000)/10) + " %"
}
