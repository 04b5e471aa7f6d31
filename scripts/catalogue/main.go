package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/jepsen-lite/jepsen-lite/schedule/catalogue"
)

func main() {
	log.SetFlags(0)
	var t trial
	fs := flag.NewFlagSet("catalogue", flag.ExitOnError)
	only := fs.String("bug", "", "try this bug alone")
	write := fs.Bool("write", false, "make the table in "+document+" again, if everything is as it must be")
	fs.IntVar(&t.schedules, "schedules", 20_000, "how many schedules each right counterpart must survive")
	fs.IntVar(&t.times, "times", 100, "how often the smallest schedules are replayed on a real server")
	fs.StringVar(&t.testdata, "testdata", "schedule/catalogue/testdata", "folder of the smallest schedules")
	fs.StringVar(&t.binary, "redis-server", "", "the redis-server or valkey-server to start")
	_ = fs.Parse(os.Args[1:]) // it exits by itself
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends us at once, and the servers with us
	if err := run(ctx, t, *only, *write); err != nil {
		log.Fatal(err)
	}
}

// run tries the bugs, or the one that is named.
func run(ctx context.Context, t trial, only string, write bool) (err error) {
	bugs, err := choose(only)
	if err != nil {
		return err
	}
	if write && only != "" {
		return errors.New("-write needs all bugs: leave -bug out")
	}
	if t.store, err = os.MkdirTemp("", "jepsen-lite-catalogue-"); err != nil {
		return fmt.Errorf("make a folder for runs: %w", err)
	}
	defer os.RemoveAll(t.store)
	var tried []result
	for _, b := range bugs {
		r, err := t.try(ctx, b)
		if err != nil {
			return fmt.Errorf("%s: %w", b.Name, err)
		}
		tried = append(tried, r)
	}
	mistakes := judge(tried, only == "")
	if len(mistakes) > 0 {
		return fmt.Errorf("not as it must be:\n  %s", strings.Join(mistakes, "\n  "))
	}
	if write {
		return replace(document, table(tried))
	}
	return nil
}

// choose returns the bug of that name, or all of them.
func choose(name string) ([]catalogue.Bug, error) {
	all := catalogue.All()
	if name == "" {
		return all, nil
	}
	var names []string
	for _, b := range all {
		names = append(names, b.Name)
	}
	if at := slices.Index(names, name); at >= 0 {
		return all[at : at+1], nil
	}
	return nil, fmt.Errorf("unknown bug %q: expected one of %s", name, strings.Join(names, ", "))
}
