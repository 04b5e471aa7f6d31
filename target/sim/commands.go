package sim

// effect is what a command does to the data.
type effect uint8

const (
	reads effect = iota + 1
	writes
	// runs a script, which may write.
	runs
	// connects: it is about the connection or the server.
	connects
	// transacts: it is about a transaction.
	transacts
)

// effectOf returns what the command, in upper case, does; 0 if the simulator does
// not do it as Redis does.
//
// Left out, among others: commands that block, that choose at random (SPOP), and
// that need more than one database.
func effectOf(name string) effect {
	switch name {
	case "GET", "MGET", "STRLEN", "GETRANGE", "EXISTS", "TTL", "PTTL", "TYPE", "KEYS", "DBSIZE",
		"LLEN", "LRANGE", "LINDEX", "HGET", "HMGET", "HGETALL", "HEXISTS", "HLEN", "HKEYS", "HVALS",
		"SMEMBERS", "SISMEMBER", "SCARD", "ZSCORE", "ZRANGE", "ZRANGEBYSCORE", "ZREVRANGE", "ZCARD",
		"ZRANK", "ZCOUNT":
		return reads
	case "SET", "SETNX", "SETEX", "PSETEX", "GETSET", "GETDEL", "MSET", "MSETNX", "APPEND", "INCR",
		"INCRBY", "DECR", "DECRBY", "INCRBYFLOAT", "DEL", "UNLINK", "EXPIRE", "PEXPIRE", "EXPIREAT",
		"PEXPIREAT", "PERSIST", "RENAME", "RENAMENX", "FLUSHALL", "FLUSHDB", "LPUSH", "RPUSH",
		"LPUSHX", "RPUSHX", "LPOP", "RPOP", "LREM", "LTRIM", "LSET", "LINSERT", "RPOPLPUSH",
		"LMOVE", "HSET", "HSETNX", "HDEL", "HINCRBY", "SADD", "SREM", "SMOVE", "ZADD", "ZREM",
		"ZINCRBY", "ZPOPMIN", "ZPOPMAX", "ZREMRANGEBYSCORE", "ZREMRANGEBYRANK":
		return writes
	case "EVAL", "EVALSHA":
		return runs
	case "PING", "ECHO", "HELLO", "SELECT", "CLIENT", "SCRIPT", "TIME", "INFO":
		return connects
	case "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH":
		return transacts
	}
	return 0
}
