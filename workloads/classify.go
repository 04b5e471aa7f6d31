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
var refusals = map[string]reach{
	"LOADING": anyCommand, "MASTERDOWN": anyCommand, "CLUSTERDOWN": anyCommand, "NOSCRIPT": anyCommand,
	"BUSY": anyCommand, "MOVED": anyCommand, "ASK": anyCommand, "CROSSSLOT": anyCommand, "TRYAGAIN": anyCommand,
	"NOAUTH": anyCommand,

	"READONLY": plainCommand, "OOM": plainCommand, "MISCONF": plainCommand, "NOREPLICAS": plainCommand,
	"WRONGTYPE": plainCommand, "NOPERM": plainCommand, "EXECABORT": plainCommand,
}

// reach tells for which commands a code means that nothing was executed.
type reach int

const (
	// anyCommand: also for a script, which then has not begun: nothing inside one
	// meets this. (A script that makes up such a reply after it has written would
	// be believed.)
	anyCommand reach = iota + 1
	// plainCommand: not for a script. One that has written can still meet this,
	// and can return it as its own reply (redis.pcall).
	plainCommand
)

// Classify turns an error into an outcome and a short word, followed by a colon
// and the message where that says more. It is Fail only if the request provably
// never left, or the server provably refused it before any effect; else Info.
// The error must not be nil.
func Classify(f Failure) (history.Type, string) {
	var refusal *Refusal
	if errors.As(f.Err, &refusal) {
		return history.Fail, refusal.Word
	}
	var lost *lostReply
	if errors.As(f.Err, &lost) {
		f.Err, f.Sent = lost.cause, true
	}
	outcome, word := history.Info, ""
	var reply redis.Error
	if errors.As(f.Err, &reply) {
		outcome, word = classifyReply(f.Command, reply.Error())
	} else {
		word = transportWord(f)
	}
	switch {
	case f.Acted:
		outcome = history.Info
	case !f.Sent:
		outcome = history.Fail // a reply then answers the greeting
	}
	return outcome, word
}

// classifyReply classifies an error reply to a command, whatever came before.
func classifyReply(command, message string) (history.Type, string) {
	code, _, _ := strings.Cut(message, " ")
	word := strings.ToLower(code)
	if code != strings.ToUpper(code) || code == "" || code == "ERR" {
		word = "error: " + message
	}
	// Redis adds where an error was raised in a script: "script: f_…, on
	// @user_script:3.". It adds nothing to an error that the script returns.
	raised := strings.Contains(message, "script: ") || strings.Contains(message, "user_script")
	switch refusals[code] {
	case anyCommand:
		if !raised {
			return history.Fail, word
		}
	case plainCommand:
		if !raised && !runsScript(command) {
			return history.Fail, word
		}
	default:
		return history.Info, word
	}
	return history.Info, word + ": in a script"
}

// runsScript reports whether a command runs a script or a function: EVAL,
// EVALSHA, FCALL, and the like.
func runsScript(command string) bool {
	return strings.HasPrefix(command, "eval") || strings.HasPrefix(command, "fcall")
}

func transportWord(f Failure) string {
	var timeout net.Error
	var few *fewReplicas
	switch {
	case errors.As(f.Err, &few):
		return "few-replicas: " + few.Error()
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
