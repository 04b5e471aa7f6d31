package sim

import "slices"

// effect is what a command does to the data.
type effect uint8

const (
	reads effect = iota + 1
	writes
	// runs a script, which may write.
	runs
	// connects: it is about the connection or the server.
	connects
	// transacts: it is about a transaction, and is never queued in one.
	transacts
)

// traits are what the simulator knows of a command.
type traits struct {
	does effect
	// arity is how many words it has, its name among them; -n: n or more.
	arity int
}

// fits reports whether a request has as many words as the command takes.
func (t traits) fits(words int) bool {
	return words == t.arity || t.arity < 0 && words >= -t.arity
}

// lookup returns what is known of a command, by its name in upper case; nothing
// if the simulator does not do it as Redis does.
//
// Left out, among others, are commands that block. The test of this table asks a
// real server.
func lookup(name string) traits {
	switch name {
	case "DBSIZE":
		return traits{reads, 1}
	case "GET", "STRLEN", "TTL", "PTTL", "TYPE", "KEYS", "LLEN", "HGETALL", "HLEN", "HKEYS", "HVALS", "SMEMBERS", "SCARD", "ZCARD":
		return traits{reads, 2}
	case "LINDEX", "HGET", "HEXISTS", "SISMEMBER", "ZSCORE", "ZRANK":
		return traits{reads, 3}
	case "GETRANGE", "LRANGE", "ZCOUNT":
		return traits{reads, 4}
	case "MGET", "EXISTS", "SRANDMEMBER":
		return traits{reads, -2}
	case "HMGET":
		return traits{reads, -3}
	case "ZRANGE", "ZRANGEBYSCORE", "ZREVRANGE":
		return traits{reads, -4}
	case "FLUSHALL", "FLUSHDB":
		return traits{writes, -1}
	case "GETDEL", "INCR", "DECR", "PERSIST":
		return traits{writes, 2}
	case "SETNX", "GETSET", "APPEND", "INCRBY", "DECRBY", "INCRBYFLOAT", "RENAME", "RENAMENX", "RPOPLPUSH":
		return traits{writes, 3}
	case "SETEX", "PSETEX", "LREM", "LTRIM", "LSET", "HSETNX", "HINCRBY", "SMOVE", "ZINCRBY", "ZREMRANGEBYSCORE", "ZREMRANGEBYRANK":
		return traits{writes, 4}
	case "LINSERT", "LMOVE":
		return traits{writes, 5}
	case "DEL", "UNLINK", "LPOP", "RPOP", "SPOP", "ZPOPMIN", "ZPOPMAX":
		return traits{writes, -2}
	case "SET", "MSET", "MSETNX", "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT", "LPUSH", "RPUSH", "LPUSHX", "RPUSHX", "HDEL", "SADD", "SREM", "ZREM":
		return traits{writes, -3}
	case "HSET", "ZADD":
		return traits{writes, -4}
	case "EVAL", "EVALSHA":
		return traits{runs, -3}
	case "TIME", "ROLE", "SAVE", "BGREWRITEAOF", "LASTSAVE", "UNWATCH":
		return traits{connects, 1}
	case "ECHO", "SELECT":
		return traits{connects, 2}
	case "PING", "HELLO", "INFO", "BGSAVE":
		return traits{connects, -1}
	case "CLIENT", "SCRIPT":
		return traits{connects, -2}
	case "MULTI", "EXEC", "DISCARD":
		return traits{transacts, 1}
	case "WATCH":
		return traits{transacts, -2}
	}
	return traits{}
}

// whileLoading reports whether Redis does the command while it loads its data
// (Redis 7.0, server.c, CMD_LOADING).
func whileLoading(name string) bool {
	return slices.Contains([]string{
		"ECHO", "HELLO", "SELECT", "CLIENT", "TIME", "INFO", "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "ROLE", "LASTSAVE",
	}, name)
}

// inScripts reports whether a script may call the command (Redis 7.0,
// CMD_NOSCRIPT).
func inScripts(name string) bool {
	return !slices.Contains([]string{
		"EVAL", "EVALSHA", "HELLO", "CLIENT", "SCRIPT", "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "ROLE", "SAVE", "BGSAVE", "BGREWRITEAOF",
	}, name)
}
