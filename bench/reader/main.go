// Command reader reads a window with the project's own reader into a report's
// Fold and prints what that cost. It is what make bench compares with the
// plain loop in bench/plain.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
)

const (
	// pageSize, timeout and reserve are like the deployed function's.
	pageSize = 100
	timeout  = 15 * time.Minute
	reserve  = 30 * time.Second
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	t, err := parseTask(args)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	fold := report.NewFold()
	var coverage sessions.Coverage
	r, err := measure(func() (err error) {
		coverage, err = read(ctx, t, fold)
		return err
	})
	if err != nil {
		return err
	}
	summary := fold.Summary()
	r.Sessions, r.Minutes, r.Meetings = summary.Sessions, summary.Minutes.Fixed(2), len(summary.Meetings)
	r.Requests, r.Complete, r.Why = coverage.Requests, coverage.Complete, coverage.Reason()
	return r.print(os.Stdout)
}

// read reads the window. Making the client is part of it, as it is for the
// plain loop.
func read(ctx context.Context, t task, fold *report.Fold) (sessions.Coverage, error) {
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	client, err := sessions.New(sessions.Config{
		BaseURL: t.url, Token: t.token, AccountID: t.account, PageSize: pageSize,
		RequestsPer5Minutes: t.quota, Lookback: lookback, Reserve: reserve,
	}, log)
	if err != nil {
		return sessions.Coverage{}, fmt.Errorf("preparing to read: %w", err)
	}
	return client.Read(ctx, sessions.Query{Report: "bench", AppID: t.app, Start: t.start, End: t.end, Now: t.now}, fold.Add)
}
