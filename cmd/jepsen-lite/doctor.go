package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/jepsen-lite/jepsen-lite/nemesis"
	"github.com/jepsen-lite/jepsen-lite/target"
	"github.com/jepsen-lite/jepsen-lite/target/docker"
	"github.com/jepsen-lite/jepsen-lite/target/external"
	"github.com/jepsen-lite/jepsen-lite/target/process"
	"github.com/jepsen-lite/jepsen-lite/target/sim"
)

// doctorLimit bounds the whole examination.
const doctorLimit = time.Minute

func newDoctor(s streams) *cobra.Command {
	var server, image, url string
	var clean bool
	var tls external.TLS
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Show what works on this machine, by trying it",
		Long: `Looks for a server, starts it in a temporary folder, and does to it what each fault
does. What is missing is shown with the way to get it. Without a server it tries
the simulated one, which run takes then. The same is done in a Docker container,
where an engine answers and has the image. Exits with 0 if a run with the defaults
is possible here, else with 4.

With a URL as --target it looks at the servers there instead: whether they answer,
how fast, and what they permit. It writes nothing there; with --clean it deletes
keys of runs that were cut off more than a day ago.`,
		Example: "  jepsen-lite doctor\n  jepsen-lite doctor --redis-server /opt/valkey/bin/valkey-server\n  jepsen-lite doctor --image jepsen-lite/redis:local --clean\n  jepsen-lite doctor --target redis://app@cache.example:6379/2",
		Args:    noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), doctorLimit)
			defer cancel()
			if url != "" {
				return examineExternal(ctx, s.out, url, tls, clean)
			}
			err := examine(ctx, s.out, server)
			examineDocker(ctx, s.out, image, clean)
			return err
		},
	}
	cmd.Flags().StringVar(&server, "redis-server", "", "the server to try")
	cmd.Flags().StringVar(&image, "image", "", "the image to try in Docker (default: "+docker.DefaultImage+")")
	cmd.Flags().BoolVar(&clean, "clean", false, "remove what runs that were cut off left in Docker, or at the URL")
	cmd.Flags().StringVar(&url, "target", "", "look at servers that run already, at this URL")
	tlsFlags(cmd, &tls)
	return cmd
}

func examine(ctx context.Context, w io.Writer, flag string) error {
	path, err := process.Find(flag)
	if errors.Is(err, process.ErrNoServer) {
		fmt.Fprintf(w, "server    missing: %v\n", err)
		return examineSimulation(ctx, w)
	}
	if err != nil {
		fmt.Fprintf(w, "server    missing: %v\n", err)
		return failure{fmt.Errorf("no run is possible here")}
	}
	version, err := process.Version(ctx, path)
	if err != nil {
		fmt.Fprintf(w, "server    %s does not tell its version: %v\n", path, err)
		return failure{fmt.Errorf("no run is possible here")}
	}
	fmt.Fprintf(w, "server    %s (%s)\n", path, version)
	if err := examineProcess(ctx, w, path); err != nil {
		fmt.Fprintf(w, "target    process: %v\n", err)
		return failure{fmt.Errorf("no run is possible here")}
	}
	return nil
}

// examineProcess starts a server and injects and heals each fault once.
func examineProcess(ctx context.Context, w io.Writer, path string) error {
	dir, err := os.MkdirTemp("", "jepsen-lite-doctor-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	persistence, err := target.ParsePersistence(target.AOFAlways)
	if err != nil {
		return err
	}
	library, err := process.FindFaketime()
	if err != nil {
		fmt.Fprintf(w, "clocks    missing: %v\n", err)
	}
	t, err := process.New(process.Config{Server: path, Dir: dir, Persistence: persistence, Faketime: library})
	if err != nil {
		return err
	}
	defer t.Close()
	began := time.Now()
	if err := t.Start(ctx); err != nil {
		return err
	}
	fmt.Fprintf(w, "target    process: works (ready in %v)\n", time.Since(began).Round(time.Millisecond))
	fmt.Fprintln(w, "target    sim: a simulated server in virtual time; run --target sim")
	tryFaults(ctx, w, t)
	return nil
}

// examineSimulation does the same to a simulated server, which is what there is
// without a real one.
func examineSimulation(ctx context.Context, w io.Writer) error {
	persistence, err := target.ParsePersistence(target.AOFAlways)
	if err != nil {
		return err
	}
	t := sim.NewTarget(persistence, target.Wall())
	defer t.Close()
	if err := t.Start(ctx); err != nil {
		fmt.Fprintf(w, "target    sim: %v\n", err)
		return failure{fmt.Errorf("no run is possible here")}
	}
	fmt.Fprintln(w, "target    sim: works; until there is a server, run takes this simulated one")
	tryFaults(ctx, w, t)
	return nil
}

func tryFaults(ctx context.Context, w io.Writer, t target.Target) {
	for _, row := range nemesis.Table(t) {
		fmt.Fprintf(w, "fault     %s: %s\n", row.Kind.Name, tryFault(ctx, row, t))
	}
}

func tryFault(ctx context.Context, row nemesis.Availability, t target.Target) string {
	if row.Err != nil {
		return "not here: " + row.Err.Error()
	}
	effect, err := nemesis.Try(ctx, row.Kind, t)
	switch {
	case err != nil:
		return "fails: " + err.Error()
	case !effect:
		return "took no effect"
	}
	return "works"
}
