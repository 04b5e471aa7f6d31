package workloads

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"github.com/jepsen-lite/jepsen-lite/history"
)

// definite are the codes of Redis 7.0's processCommand, written down a second
// time so that the table cannot grow by accident.
var definite = []string{
	"LOADING", "MASTERDOWN", "CLUSTERDOWN", "NOSCRIPT", "BUSY", "MOVED", "ASK", "CROSSSLOT", "TRYAGAIN", "NOAUTH",
	"READONLY", "OOM", "MISCONF", "NOREPLICAS", "WRONGTYPE", "NOPERM", "EXECABORT",
}

func isScript(command string) bool {
	return slices.Contains([]string{"eval", "evalsha", "eval_ro", "evalsha_ro", "fcall", "fcall_ro"}, command)
}

func drawFailure(t *rapid.T) Failure {
	codes := append([]string{"ERR", "UNBLOCKED", "BUSYKEY", "oom", "", "redis:", "NOPROTO"}, definite...)
	texts := []string{"", " command not allowed", " nil", " busy running a script. You can", " x script: f_1, on @user_script:1."}
	errs := []error{io.EOF, syscall.ECONNREFUSED, syscall.ECONNRESET, context.DeadlineExceeded, context.Canceled, errors.New("OOM x"),
		reply(rapid.SampledFrom(codes).Draw(t, "code") + rapid.SampledFrom(texts).Draw(t, "text"))}
	err := rapid.SampledFrom(errs).Draw(t, "error")
	if rapid.Bool().Draw(t, "wrapped") {
		err = fmt.Errorf("wrapped: %w", err)
	}
	return Failure{
		Command: rapid.SampledFrom([]string{"set", "get", "eval", "evalsha", "fcall", "eval_ro", "exec", ""}).Draw(t, "command"),
		Sent:    rapid.Bool().Draw(t, "sent"), Acted: rapid.Bool().Draw(t, "acted"), Err: err,
	}
}

// mayFail says when a fail is no lie, from what is known of Redis and TCP alone.
func mayFail(f Failure) bool {
	if f.Acted {
		return false
	}
	if !f.Sent {
		return true
	}
	var r reply
	if !errors.As(f.Err, &r) {
		return false
	}
	code, text, _ := strings.Cut(string(r), " ")
	if strings.Contains(text, "script: ") || strings.Contains(text, "user_script") {
		return false
	}
	at := slices.Index(definite, code)
	return at >= 0 && (!isScript(f.Command) || at <= slices.Index(definite, "NOAUTH"))
}

func TestFailIsNeverALie(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFailure(t)
		got, word := Classify(f)
		if got != history.Fail && got != history.Info {
			t.Fatalf("%+v: got %v", f, got)
		}
		if (got == history.Fail) != mayFail(f) {
			t.Errorf("%+v: got %v %q", f, got, word)
		}
		if word == "" {
			t.Errorf("%+v: no word", f)
		}
	})
}

// Whatever a server says: what was sent fails only by a code of the table.
func FuzzClassifyReply(f *testing.F) {
	f.Add("set", "OOM command not allowed when used memory > 'maxmemory'.")
	f.Add("eval", "WRONGTYPE x script: f_0ac1, on @user_script:3.")
	f.Add("get", "")
	f.Fuzz(func(t *testing.T, command, message string) {
		failure := Failure{Command: command, Sent: true, Err: reply(message)}
		got, word := Classify(failure)
		if got == history.Fail && !mayFail(failure) {
			t.Errorf("%q to %q: got fail %q", message, command, word)
		}
		if word == "" {
			t.Errorf("%q to %q: no word", message, command)
		}
	})
}
