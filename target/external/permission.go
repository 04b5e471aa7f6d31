package external

import (
	"context"
	"errors"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/target"
)

// Commands returns the commands that a run may send, as ACL names them, beside
// HELLO and AUTH, which everybody may send. The clients of workloads send the
// first part, on keys below the run's prefix; this package the second; go-redis'
// client of a cluster the third.
func Commands() []string {
	return strings.Fields(clientCommands + " " + ownCommands + " " + clusterCommands)
}

const (
	clientCommands = "get set del pexpire incr incrby decrby lpush rpop lmove lrem sadd smembers sismember zadd zrange zrangebyscore zrem eval evalsha select wait"
	ownCommands    = "ping dbsize scan unlink"
	// COMMAND tells go-redis which argument of a command is the key. Without it, it
	// asks again before each command.
	clusterCommands = "cluster|slots command asking readonly"
)

// ACL returns the line that gives a user what a run needs, and no more.
func ACL(user string) string {
	return "ACL SETUSER " + user + " on >PASSWORD resetkeys ~" + Ours + "* -@all +" + strings.Join(Commands(), " +")
}

// isDenied tells whether a server refused a command for want of permission.
func isDenied(err error) bool { return redis.HasErrorPrefix(err, "NOPERM") }

// isUnknown tells whether a server does not know a command.
func isUnknown(err error) bool { return strings.HasPrefix(err.Error(), "ERR unknown command") }

// errNotTold says that a server does not tell what is permitted.
var errNotTold = errors.New("it does not tell: that takes the commands MULTI and DISCARD")

// Denied returns those of the commands that the user may not send to the first
// primary, keys below our prefix given. Nothing is executed: commands are checked
// when they are queued in a transaction (Redis 7.0, server.c, processCommand), and
// that is discarded.
func (t *Target) Denied(ctx context.Context) (denied []string, err error) {
	now, err := t.address.members(ctx)
	if err != nil {
		return nil, err
	}
	err = t.address.server(ctx, now.primaries[0], func(ctx context.Context, c *redis.Client) error {
		conn := c.Conn()
		defer conn.Close()
		if err := conn.Do(ctx, "MULTI").Err(); isDenied(err) {
			return errNotTold
		} else if err != nil {
			return err
		}
		for _, call := range trials(t.prefix + "{probe}") {
			err := conn.Do(ctx, call...).Err()
			var reply redis.Error
			if err != nil && !errors.As(err, &reply) {
				return err // the connection is gone, and with it the transaction
			}
			if isDenied(err) {
				denied = append(denied, call[0].(string))
			}
		}
		return conn.Do(ctx, "DISCARD").Err()
	})
	return denied, err
}

// trials are the commands with as many arguments as they take.
func trials(key string) [][]any {
	return [][]any{
		{"get", key}, {"set", key, 1}, {"del", key}, {"pexpire", key, 1}, {"incr", key}, {"incrby", key, 1}, {"decrby", key, 1},
		{"lpush", key, 1}, {"rpop", key}, {"lmove", key, key, "LEFT", "RIGHT"}, {"lrem", key, 1, 1}, {"sadd", key, 1}, {"smembers", key}, {"sismember", key, 1},
		{"zadd", key, 1, 1}, {"zrange", key, 0, 0}, {"zrangebyscore", key, 0, 1}, {"zrem", key, 1}, {"eval", "return 1", 0}, {"evalsha", "0", 0},
		{"select", 0}, {"wait", 0, 1}, {"ping"}, {"dbsize"}, {"scan", 0}, {"unlink", key},
	}
}

var _ target.Roler = (*Target)(nil)
