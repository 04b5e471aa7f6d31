package main

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/harness"
	"github.com/jepsen-lite/jepsen-lite/report/serve"
)

func newServe(s streams) *cobra.Command {
	o := serve.Options{Store: harness.Defaults().Store, Addr: "127.0.0.1:8080"}
	var open bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the runs of a store in a browser",
		Long: `Shows the runs of a store in a browser, until Ctrl-C:

  the runs, newest first, by workload, target, verdict, seed and text
  a run while it goes on: how far it is, rates, faults as they happen
  each run's report, its files, and all of them as a zip file
  two runs beside each other: what differs, verdicts, latency, throughput
  trends: runs of the same configuration over time

It prints the address when it is ready. It only reads: a report that is missing,
or older than the results, is made in memory. Nothing outside the store is
shown. Whoever reaches the address sees the whole store, without a password;
unless told otherwise, that is this machine alone.`,
		Example: `  jepsen-lite serve
  jepsen-lite serve --store /var/lib/jepsen-lite --open
  jepsen-lite serve --addr 127.0.0.1:0`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return serveStore(cmd.Context(), s, o, open) },
	}
	cmd.Flags().StringVar(&o.Store, "store", o.Store, "folder of the runs")
	cmd.Flags().StringVar(&o.Addr, "addr", o.Addr, "address to listen on, HOST:PORT; port 0 is any that is free")
	cmd.Flags().BoolVar(&open, "open", false, "open the first page in a browser")
	return cmd
}

func serveStore(ctx context.Context, s streams, o serve.Options, open bool) error {
	server, err := serve.Listen(o)
	if err != nil {
		return usage(err)
	}
	if !server.Loopback() {
		fmt.Fprintf(s.err, "jepsen-lite: warning: %s is reachable from other machines, and whoever reaches it sees the whole store without a password; --addr 127.0.0.1:8080 is for this machine alone\n", o.Addr)
	}
	if _, err := fmt.Fprintln(s.out, server.URL()); err != nil {
		server.Close()
		return failure{err}
	}
	if open {
		if err := openBrowser(server.URL()); err != nil {
			fmt.Fprintf(s.err, "jepsen-lite: open a browser: %v; go to the address above yourself\n", err)
		}
	}
	if err := server.Serve(ctx); err != nil {
		return failure{err}
	}
	return nil
}

// openBrowser shows a page in the user's browser. It does not wait: the program it
// starts may be the browser itself, which outlives this one.
func openBrowser(url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}
