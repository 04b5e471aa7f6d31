// Package redisconf writes the redis.conf of a server that a backend starts, and
// refuses lines of a user that the backend depends on.
//
// Start from [Server].
//
//	err := redisconf.CheckArgs(args)
//	err = redisconf.Server{Bind: "127.0.0.1", Port: 7000, …, Args: args}.Write("n1/redis.conf")
package redisconf
