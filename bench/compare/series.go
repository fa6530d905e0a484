package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/url"
	"runtime"
	"slices"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// results is everything that was measured.
type results struct {
	settings
	pages, meetings int
	figures         realtimekit.Figures
	pageBytes       int64
	at              []series
}

// series is what was measured at one latency.
type series struct {
	latency       time.Duration
	workers       int
	plain, reader []trial // plain is empty where it was left out
	// discard is how long as many clients as the reader has workers take to
	// read the same pages and throw them away.
	discard time.Duration
}

// compare runs everything, with its progress on stderr.
func compare(ctx context.Context, set settings, stderr io.Writer) (results, error) {
	day, err := oneDay()
	if err != nil {
		return results{}, err
	}
	say := func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	r := results{settings: set, pages: pagesOf(set.sessions)}

	say("rehearsing with a few sessions")
	byProgram, err := rehearse(ctx, set, day, stderr)
	if err != nil {
		return results{}, fmt.Errorf("rehearsing: %w", err)
	}

	say("making %s sessions", grouped(set.sessions))
	list := usage(set.sessions, day)
	r.figures = realtimekit.Recount(list, day.start, day.end)
	r.meetings = len(r.figures.Meetings)
	for _, latency := range set.latencies {
		one, err := r.measure(ctx, list, day, latency, byProgram, stderr)
		if err != nil {
			return results{}, fmt.Errorf("at %s latency: %w", latency, err)
		}
		r.at = append(r.at, one)
	}
	return r, nil
}

func pagesOf(sessions int) int { return (sessions + pageSize - 1) / pageSize }

// programs are those that take part.
func (set settings) programs() []program {
	if set.plain.path == "" {
		return []program{set.reader}
	}
	return []program{set.plain, set.reader}
}

// rehearse runs each program once on little data. What does not work shows
// early, and the queries that each asks are known, so that the simulator can
// be warmed with them.
func rehearse(ctx context.Context, set settings, day window, stderr io.Writer) (map[string]map[string]url.Values, error) {
	list := usage(min(set.sessions, 250), day)
	service, err := serve(list, 0)
	if err != nil {
		return nil, err
	}
	defer service.close()
	figures := realtimekit.Recount(list, day.start, day.end)
	found := map[string]map[string]url.Values{}
	for _, p := range set.programs() {
		t, err := p.run(ctx, service, day, figures, time.Minute, stderr)
		if err != nil {
			return nil, err
		}
		found[p.name] = queries(t.arrived)
	}
	return found, nil
}

// measure runs both programs at one latency.
func (r *results) measure(ctx context.Context, list []realtimekit.Session, day window, latency time.Duration,
	byProgram map[string]map[string]url.Values, stderr io.Writer) (series, error) {
	one := series{latency: latency, workers: r.workers}
	service, err := serve(list, latency)
	if err != nil {
		return one, err
	}
	defer service.close()
	for _, queries := range byProgram {
		if err := service.warm(ctx, queries); err != nil {
			return one, err
		}
	}
	// Ample for the slowest of the two on a slow machine, and never for ever.
	limit := 2*time.Minute + 3*time.Duration(r.pages)*latency + time.Duration(r.sessions)*time.Millisecond
	for n := range r.repeat {
		for _, p := range r.programs() {
			runtime.GC()
			t, err := p.run(ctx, service, day, r.figures, limit, stderr)
			if err != nil {
				return one, err
			}
			fmt.Fprintf(stderr, "%s latency, run %d of %d: %s took %s and %s of CPU\n",
				short(latency), n+1, r.repeat, p.name, short(t.Wall), short(t.CPU))
			if p.name == r.reader.name {
				one.reader = append(one.reader, t)
			} else {
				one.plain = append(one.plain, t)
			}
		}
	}
	if one.workers == 0 {
		for _, t := range one.reader {
			one.workers = max(one.workers, t.inFlight)
		}
	}
	runtime.GC()
	asked := byProgram[r.reader.name]
	query := asked[slices.Min(slices.Collect(maps.Keys(asked)))]
	wall, size, err := service.discard(ctx, query, r.pages, one.workers)
	if err != nil {
		return one, err
	}
	one.discard, r.pageBytes = wall, size/int64(r.pages)
	fmt.Fprintf(stderr, "%s latency: %s the pages away took %s\n", short(latency), clients(one.workers), short(wall))
	return one, nil
}
