package sim

import (
	"fmt"

	"github.com/alicebob/miniredis/v2"
	"github.com/alicebob/miniredis/v2/server"
)

// engine is the miniredis that holds a server's data and executes its commands.
// One serves many lives, for it costs many times what a short life does.
type engine struct {
	*miniredis.Miniredis
	lives int
}

// engineLives is after how many lives there is a new one. Miniredis keeps a
// version of every key it ever saw (for WATCH), and would grow for ever.
const engineLives = 4096

// renew makes the engine ready for a life: without data and scripts. The hook
// stands before each command.
func (e *engine) renew(hook server.Hook) error {
	if e.lives++; e.Miniredis != nil && e.lives < engineLives {
		e.FlushAll()
		var c caller
		c.init(e)
		c.ask("SCRIPT", "FLUSH")
		return nil
	}
	e.close()
	redis := miniredis.NewMiniRedis()
	// The first dial starts it without a listener. Nobody needs the pipe itself:
	// commands are dispatched in place.
	pipe, err := redis.Dial()
	if err != nil {
		return fmt.Errorf("start miniredis: %w", err)
	}
	redis.Server().SetPreHook(hook)
	e.Miniredis, e.lives = redis, 0
	return pipe.Close()
}

// close ends the engine, and waits for what it ran.
func (e *engine) close() {
	if e.Miniredis != nil {
		e.Miniredis.Close()
		e.Miniredis = nil
	}
}
