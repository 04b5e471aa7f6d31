package sim

import (
	"slices"
	"strings"
)

// idle reports, from its reply, whether a write command changed nothing, which
// Redis does not log. It is false if in doubt.
func idle(name string, reply []byte) bool {
	switch name {
	case "DEL", "UNLINK", "SETNX", "MSETNX", "RENAMENX", "PERSIST", "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT",
		"LPUSHX", "RPUSHX", "LREM", "HSETNX", "HDEL", "SADD", "SREM", "SMOVE", "ZREM", "ZREMRANGEBYSCORE", "ZREMRANGEBYRANK":
		return string(reply) == ":0\r\n"
	case "LINSERT":
		return string(reply) == ":0\r\n" || string(reply) == ":-1\r\n"
	case "GETDEL", "LPOP", "RPOP", "RPOPLPUSH", "LMOVE":
		return isNull(reply)
	case "ZPOPMIN", "ZPOPMAX":
		return string(reply) == "*0\r\n"
	}
	return false
}

// withheld reports whether a SET with NX or XX did not set. With GET its reply
// tells of the old value instead: it is in doubt.
func withheld(args []string, reply []byte) bool {
	return isNull(reply) && !slices.ContainsFunc(args[3:], func(option string) bool { return strings.EqualFold(option, "GET") })
}

func isNull(reply []byte) bool {
	return string(reply) == "$-1\r\n" || string(reply) == "*-1\r\n" || string(reply) == "_\r\n"
}
