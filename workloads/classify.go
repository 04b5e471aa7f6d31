package workloads

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// Failure is what is known of an operation that returned an error.
type Failure struct {
	// Command is the last command's name, in lower case.
	Command string
	// Sent: its request, or a part of it, may have reached the server.
	Sent bool
	// Acted: an earlier command of the operation may have had an effect.
	Acted bool
	Err   error
}

// refusals are the error replies by which Redis says that it did not execute a
// command at all (Redis 7.0, server.c, processCommand). The word in a history is
// the code in lower case.
var refusals = map[string]bool{
	"LOADING": true, "READONLY": true, "CLUSTERDOWN": true, "MASTERDOWN": true, "OOM": true,
	"MISCONF": true, "NOREPLICAS": true, "NOSCRIPT": true, "BUSY": true, "MOVED": true,
	"CROSSSLOT": true, "TRYAGAIN": true, "WRONGTYPE": true, "NOAUTH": true, "NOPERM": true,
	"EXECABORT": true,
}

// Classify turns an error into an outcome and a short word, followed by a colon
// and the message where that says more. It is Fail only if the request provably
// never left, or the server provably refused it before any effect; else Info.
func Classify(f Failure) (history.Type, string) {
	var refusal *Refusal
	if errors.As(f.Err, &refusal) {
		return history.Fail, refusal.Word
	}
	var reply redis.Error
	if errors.As(f.Err, &reply) {
		return classifyReply(f, reply.Error())
	}
	outcome := history.Info
	if !f.Sent && !f.Acted {
		outcome = history.Fail
	}
	return outcome, transportWord(f)
}

func classifyReply(f Failure, message string) (history.Type, string) {
	code, _, _ := strings.Cut(message, " ")
	word := strings.ToLower(code)
	if code != strings.ToUpper(code) || code == "" || code == "ERR" {
		word = "error: " + message
	}
	// Why not in scripts: a script that has written can still meet any of these,
	// and Redis then adds where: "… script: f_…, on @user_script:3."
	inScript := strings.Contains(message, "script: ") || strings.Contains(message, "user_script")
	if refusals[code] && !inScript && !f.Acted {
		return history.Fail, word
	}
	if refusals[code] && inScript {
		word += ": in a script"
	}
	return history.Info, word
}

func transportWord(f Failure) string {
	var timeout net.Error
	switch {
	case errors.Is(f.Err, syscall.ECONNREFUSED):
		return "conn-refused"
	case errors.Is(f.Err, syscall.ECONNRESET), errors.Is(f.Err, syscall.EPIPE):
		return "conn-reset"
	case errors.Is(f.Err, context.Canceled):
		return "canceled"
	case errors.Is(f.Err, context.DeadlineExceeded), errors.Is(f.Err, os.ErrDeadlineExceeded),
		errors.As(f.Err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.Is(f.Err, io.EOF), errors.Is(f.Err, io.ErrUnexpectedEOF):
		return "eof"
	case errors.Is(f.Err, net.ErrClosed), errors.Is(f.Err, redis.ErrClosed):
		return "conn-closed"
	}
	return "error: " + f.Err.Error()
}
