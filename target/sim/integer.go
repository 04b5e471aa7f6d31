package sim

import "strconv"

const notInteger = "ERR value is not an integer or out of range"

// isInteger reports whether Redis takes a text for an integer: as it would write
// it itself, without leading zeros, sign or spaces (Redis 7.0, util.c, string2ll).
// Miniredis is more generous.
func isInteger(text string) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && strconv.FormatInt(n, 10) == text
}

// countRefusal says why Redis refuses to count with what is there, or with what
// was given, where miniredis would not; "": it does not.
func countRefusal(c *caller, name string, args []string) string {
	there, refusal, given := []string{"GET", ""}, notInteger, "0"
	switch name {
	case "INCR", "DECR":
	case "INCRBY", "DECRBY":
		given = args[2]
	case "HINCRBY":
		there, refusal, given = []string{"HGET", "", args[2]}, "ERR hash value is not an integer", args[3]
	default:
		return ""
	}
	if !isInteger(given) {
		return notInteger
	}
	there[1] = args[1]
	if reply := c.ask(there...); !isError(reply) && !isNull(reply) && !isInteger(bulkIn(reply)) {
		return refusal
	}
	return ""
}

// bulkIn returns the string of a reply that is one.
func bulkIn(reply []byte) string { return stringsIn(append([]byte("*1\r\n"), reply...))[0] }
