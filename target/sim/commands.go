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

// commands returns the commands that the simulator does as Redis does, in upper
// case.
//
// Left out, among others: commands that block, that choose at random (SPOP), and
// that need more than one database.
func commands() map[string]effect {
	table := map[string]effect{}
	for e, names := range map[effect][]string{
		reads: {
			"GET", "MGET", "STRLEN", "GETRANGE", "EXISTS", "TTL", "PTTL", "TYPE", "KEYS", "DBSIZE",
			"LLEN", "LRANGE", "LINDEX", "HGET", "HMGET", "HGETALL", "HEXISTS", "HLEN", "HKEYS", "HVALS",
			"SMEMBERS", "SISMEMBER", "SCARD", "ZSCORE", "ZRANGE", "ZRANGEBYSCORE", "ZREVRANGE", "ZCARD", "ZRANK", "ZCOUNT",
		},
		writes: {
			"SET", "SETNX", "SETEX", "PSETEX", "GETSET", "GETDEL", "MSET", "MSETNX", "APPEND",
			"INCR", "INCRBY", "DECR", "DECRBY", "INCRBYFLOAT",
			"DEL", "UNLINK", "EXPIRE", "PEXPIRE", "EXPIREAT", "PEXPIREAT", "PERSIST", "RENAME", "RENAMENX", "FLUSHALL", "FLUSHDB",
			"LPUSH", "RPUSH", "LPUSHX", "RPUSHX", "LPOP", "RPOP", "LREM", "LTRIM", "LSET", "LINSERT", "RPOPLPUSH", "LMOVE",
			"HSET", "HSETNX", "HDEL", "HINCRBY", "SADD", "SREM", "SMOVE",
			"ZADD", "ZREM", "ZINCRBY", "ZPOPMIN", "ZPOPMAX", "ZREMRANGEBYSCORE", "ZREMRANGEBYRANK",
		},
		runs:      {"EVAL", "EVALSHA"},
		connects:  {"PING", "ECHO", "HELLO", "SELECT", "CLIENT", "SCRIPT", "TIME", "INFO"},
		transacts: {"MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH"},
	} {
		for _, name := range names {
			table[name] = e
		}
	}
	return table
}
