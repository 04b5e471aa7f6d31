package workloads

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// reply is an error reply of a server, as go-redis gives it to us.
type reply string

func (r reply) Error() string { return string(r) }
func (reply) RedisError()     {}

// overdue is a timeout that is nothing but a net.Error.
type overdue struct{}

func (overdue) Error() string   { return "overdue" }
func (overdue) Timeout() bool   { return true }
func (overdue) Temporary() bool { return true }

// raisedAt is what Redis adds to an error raised in a script.
const raisedAt = " script: f_0ac1, on @user_script:3."

// replyCase is an error reply to a command that was sent, and what it means.
type replyCase struct {
	name, command, reply string
	want                 history.Type
	wantWord             string
}

// mustClassify checks each reply, and what it means after another command of the
// operation, and to the greeting.
func mustClassify(t *testing.T, tests []replyCase) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := Failure{Command: test.command, Sent: true, Err: fmt.Errorf("wrapped: %w", reply(test.reply))}
			if got, word := Classify(f); got != test.want || word != test.wantWord {
				t.Errorf("got %v %q, want %v %q", got, word, test.want, test.wantWord)
			}
			f.Acted = true
			if got, word := Classify(f); got != history.Info || word != test.wantWord {
				t.Errorf("after another command had acted: got %v %q, want info %q", got, word, test.wantWord)
			}
			f.Sent = false
			if got, _ := Classify(f); got != history.Info {
				t.Errorf("not sent, after another command had acted: got %v, want info", got)
			}
			f.Acted = false
			if got, word := Classify(f); got != history.Fail || word != test.wantWord {
				t.Errorf("a reply to the greeting: got %v %q, want fail %q", got, word, test.wantWord)
			}
		})
	}
}

// What a server refuses, it has not executed.
func TestClassifyRefusedCommands(t *testing.T) {
	mustClassify(t, []replyCase{
		{"loading", "set", "LOADING Redis is loading the dataset in memory", history.Fail, "loading"},
		{"valkey loading", "set", "LOADING Valkey is loading the dataset in memory", history.Fail, "loading"},
		{"read only", "set", "READONLY You can't write against a read only replica.", history.Fail, "readonly"},
		{"cluster down", "get", "CLUSTERDOWN Hash slot not served", history.Fail, "clusterdown"},
		{"master down", "get", "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", history.Fail, "masterdown"},
		{"out of memory", "set", "OOM command not allowed when used memory > 'maxmemory'.", history.Fail, "oom"},
		{"no disk", "set", "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.", history.Fail, "misconf"},
		{"no replicas", "set", "NOREPLICAS Not enough good replicas to write.", history.Fail, "noreplicas"},
		{"busy", "set", "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.", history.Fail, "busy"},
		{"moved", "get", "MOVED 3999 127.0.0.1:6381", history.Fail, "moved"},
		{"ask", "get", "ASK 3999 127.0.0.1:6381", history.Fail, "ask"},
		{"two slots", "mset", "CROSSSLOT Keys in request don't hash to the same slot", history.Fail, "crossslot"},
		{"slot moving", "mget", "TRYAGAIN Multiple keys request during rehashing of slot", history.Fail, "tryagain"},
		{"another type", "lpush", "WRONGTYPE Operation against a key holding the wrong kind of value", history.Fail, "wrongtype"},
		{"who are you", "set", "NOAUTH Authentication required.", history.Fail, "noauth"},
		{"not allowed", "set", "NOPERM this user has no permissions to run the 'set' command", history.Fail, "noperm"},
		{"transaction refused", "exec", "EXECABORT Transaction discarded because of previous errors.", history.Fail, "execabort"},
	})
}

// Before a script begins, the server refuses it as it does any command.
func TestClassifyRefusedScripts(t *testing.T) {
	mustClassify(t, []replyCase{
		{"no such script", "evalsha", "NOSCRIPT No matching script. Please use EVAL.", history.Fail, "noscript"},
		{"script while loading", "evalsha", "LOADING Redis is loading the dataset in memory", history.Fail, "loading"},
		{"script while busy", "eval", "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.", history.Fail, "busy"},
		{"script elsewhere", "evalsha", "MOVED 3999 127.0.0.1:6381", history.Fail, "moved"},
		{"function on stale replica", "fcall", "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", history.Fail, "masterdown"},
	})
}

// What a script can meet, or say, after it has written.
func TestClassifyErrorsInScripts(t *testing.T) {
	mustClassify(t, []replyCase{
		{"script out of memory", "evalsha", "OOM command not allowed when used memory > 'maxmemory'." + raisedAt, history.Info, "oom: in a script"},
		{"script, no disk", "eval", "MISCONF Errors writing to the AOF file: No space left on device" + raisedAt, history.Info, "misconf: in a script"},
		{"script, read only", "eval", "READONLY You can't write against a read only replica." + raisedAt, history.Info, "readonly: in a script"},
		{"script, another type", "eval", "WRONGTYPE Operation against a key holding the wrong kind of value" + raisedAt, history.Info, "wrongtype: in a script"},
		{"script returns what it met", "evalsha", "WRONGTYPE Operation against a key holding the wrong kind of value", history.Info, "wrongtype: in a script"},
		{"function returns what it met", "fcall", "OOM command not allowed when used memory > 'maxmemory'.", history.Info, "oom: in a script"},
		{"script with a code of its own", "eval", "EXECABORT I say so", history.Info, "execabort: in a script"},
		{"raised, command unknown", "", "OOM command not allowed when used memory > 'maxmemory'." + raisedAt, history.Info, "oom: in a script"},
		{"raised, any code", "eval", "LOADING made up" + raisedAt, history.Info, "loading: in a script"},
		{"raised in redis 6", "eval", "ERR Error running script (call to f_0ac1): @user_script:1: WRONGTYPE", history.Info, "error: ERR Error running script (call to f_0ac1): @user_script:1: WRONGTYPE"},
		{"raised, older place", "eval", "OOM @user_script: 3", history.Info, "oom: in a script"},
	})
}

// Everything else may come after an effect.
func TestClassifyOtherReplies(t *testing.T) {
	mustClassify(t, []replyCase{
		{"nil reply", "get", string(redis.Nil), history.Info, "error: redis: nil"},
		{"transaction lost its race", "exec", string(redis.TxFailedErr), history.Info, "error: redis: transaction failed"},
		{"not a number", "incr", "ERR value is not an integer or out of range", history.Info, "error: ERR value is not an integer or out of range"},
		{"unblocked", "blpop", "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)", history.Info, "unblocked"},
		{"busy key", "restore", "BUSYKEY Target key name already exists.", history.Info, "busykey"},
		{"lower case", "set", "oom command not allowed", history.Info, "error: oom command not allowed"},
		{"mixed case", "set", "Loading", history.Info, "error: Loading"},
		{"code alone", "set", "LOADING", history.Fail, "loading"},
		{"code with a colon", "set", "LOADING: soon", history.Info, "loading:"},
		{"nothing", "set", "", history.Info, "error: "},
		{"a blank", "set", " OOM", history.Info, "error:  OOM"},
	})
}

func TestClassifyTransport(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", err)} }
	read := func(err error) error { return &net.OpError{Op: "read", Err: err} }
	tests := []struct {
		name string
		err  error
		word string
	}{
		{"dial refused", dial(syscall.ECONNREFUSED), "conn-refused"},
		{"refused", syscall.ECONNREFUSED, "conn-refused"},
		{"reset", read(os.NewSyscallError("read", syscall.ECONNRESET)), "conn-reset"},
		{"broken pipe", &net.OpError{Op: "write", Err: syscall.EPIPE}, "conn-reset"},
		{"read timeout", read(os.ErrDeadlineExceeded), "timeout"},
		{"bare timeout", os.ErrDeadlineExceeded, "timeout"},
		{"dial timeout", dial(syscall.ETIMEDOUT), "timeout"},
		{"timeout by interface", overdue{}, "timeout"},
		{"context's end", context.DeadlineExceeded, "timeout"},
		{"cancelled", context.Canceled, "canceled"},
		{"end of file", io.EOF, "eof"},
		{"end within a reply", io.ErrUnexpectedEOF, "eof"},
		{"socket closed", read(net.ErrClosed), "conn-closed"},
		{"client closed", redis.ErrClosed, "conn-closed"},
		{"pool timeout", redis.ErrPoolTimeout, "error: redis: connection pool timeout"},
		{"no such host", &net.DNSError{Err: "no such host", Name: "nowhere", IsNotFound: true}, "error: lookup nowhere: no such host"},
		{"no route", dial(syscall.EHOSTUNREACH), "error: dial: connect: no route to host"},
		{"unreadable reply", errors.New(`redis: can't parse "?"`), `error: redis: can't parse "?"`},
		// A text that looks like a refusal is none: no server said it.
		{"a refusal's text", errors.New("LOADING Redis is loading the dataset in memory"), "error: LOADING Redis is loading the dataset in memory"},
	}
	for _, test := range tests {
		for _, acted := range []bool{false, true} {
			for _, sent := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, sent %v, acted %v", test.name, sent, acted), func(t *testing.T) {
					want := history.Info
					if !sent && !acted {
						want = history.Fail
					}
					got, word := Classify(Failure{Command: "set", Sent: sent, Acted: acted, Err: test.err})
					if got != want || word != test.word {
						t.Errorf("got %v %q, want %v %q", got, word, want, test.word)
					}
				})
			}
		}
	}
}

// A refusal is the client's own reading of a reply: it holds whatever was sent.
func TestClassifyRefusal(t *testing.T) {
	for _, f := range []Failure{
		{Err: &Refusal{Word: "mismatch"}},
		{Command: "evalsha", Sent: true, Acted: true, Err: &Refusal{Word: "mismatch"}},
		{Command: "evalsha", Sent: true, Acted: true, Err: fmt.Errorf("cas: %w", &Refusal{Word: "mismatch"})},
	} {
		if got, word := Classify(f); got != history.Fail || word != "mismatch" {
			t.Errorf("%+v: got %v %q", f, got, word)
		}
	}
}
