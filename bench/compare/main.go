// Command compare measures the project's reader beside the plain loop that a
// user of cloudflare-go would write, both reading the same day from a simulated
// RealtimeKit on 127.0.0.1. It is what make bench runs, after building the two
// programs.
//
// Each is a process of its own, one at a time, so that their memory and CPU
// can be told apart; the simulator runs in this one and is not counted. Every
// run's figures are checked against an independent recount: what is wrong is
// not measured.
//
// usage.go makes the data, serve.go the service, child.go runs a program,
// series.go goes through the latencies, goals.go and table.go judge and print.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"time"
)

// settings are what the flags say.
type settings struct {
	sessions, repeat, workers int
	latencies                 []time.Duration
	plain, reader             program
	format                    string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := realMain(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func realMain(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	set, err := parse(args, stderr)
	if err != nil {
		return err
	}
	// The simulator holds every row in memory. Its garbage is collected between
	// the runs, not beside a program that wants the same CPU.
	debug.SetGCPercent(800)
	r, err := compare(ctx, set, stderr)
	if err != nil {
		return err
	}
	if set.format == "markdown" {
		return r.markdown(stdout)
	}
	return r.text(stdout)
}

func parse(args []string, stderr io.Writer) (settings, error) {
	set := settings{plain: program{name: "the plain loop"}, reader: program{name: "the reader", exact: true}}
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&set.sessions, "sessions", 100_000, "ended `sessions` of the day")
	flags.IntVar(&set.repeat, "repeat", 1, "`runs` of each program at each latency, of which the median counts")
	flags.IntVar(&set.workers, "workers", 0, "the reader's `workers`, for the goal of its time; 0 is the most requests that it had under way")
	flags.StringVar(&set.plain.path, "plain", "build/bench/plain", "the plain loop's `program`, empty to leave it out")
	flags.StringVar(&set.reader.path, "reader", "build/bench/reader", "the reader's `program`")
	flags.StringVar(&set.format, "format", "text", "text or markdown")
	latencies := flags.String("latencies", "0,5ms,50ms", "the service's `times` to answer, with commas")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	for text := range strings.SplitSeq(*latencies, ",") {
		latency, err := time.ParseDuration(strings.TrimSpace(text))
		if err != nil || latency < 0 {
			return settings{}, fmt.Errorf("the latency %q is no duration such as 5ms", text)
		}
		set.latencies = append(set.latencies, latency)
	}
	switch {
	case flags.NArg() > 0:
		return settings{}, fmt.Errorf("there is nothing to do with %q", flags.Arg(0))
	case set.sessions < 1 || set.repeat < 1 || set.workers < 0:
		return settings{}, errors.New("-sessions and -repeat must be at least 1, -workers not negative")
	case set.format != "text" && set.format != "markdown":
		return settings{}, fmt.Errorf("the format %q is neither text nor markdown", set.format)
	}
	return set, nil
}
