package sessions

import (
	"context"
	"sync"
)

// workers is how many pages are asked for at the same time. Six hide a
// latency of a twentieth of a second at the rate that a warm function decodes.
const workers = 6

// fetched is a page that arrived, or did not.
type fetched struct {
	number int
	page   *page
	err    error
}

// fetcher asks for pages, several at a time, with buffers that it reuses.
type fetcher struct {
	// ask asks for one page until there is an answer.
	ask   func(ctx context.Context, number int, d *decoder, p *page) error
	pages chan *page    // pages that are free
	idle  chan *decoder // decoders that are free
}

func newFetcher(secret string, ask func(context.Context, int, *decoder, *page) error) *fetcher {
	f := &fetcher{ask: ask, pages: make(chan *page, 2*workers), idle: make(chan *decoder, workers)}
	for range cap(f.pages) {
		f.pages <- new(page)
	}
	for range cap(f.idle) {
		f.idle <- newDecoder(secret)
	}
	return f
}

// fetch asks for the pages from first to last, as many at a time as given,
// and hands each to got as it arrives, in any order, from this goroutine. It
// stops asking when got returns false or a page fails; pages that are under
// way then still arrive, unless it failed for good, when they are given up.
// Nothing runs any more when it returns the first failure.
func (f *fetcher) fetch(ctx context.Context, first, last, atOnce int, got func(number int, p *page) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		all     sync.WaitGroup
		results = make(chan fetched)
		failed  error
		next    = first
		running = 0
		more    = true
	)
	defer all.Wait()
	for {
		for more && failed == nil && next <= last && running < min(atOnce, workers) {
			d, p, number := <-f.idle, <-f.pages, next
			all.Go(func() {
				err := f.ask(ctx, number, d, p)
				f.idle <- d
				results <- fetched{number, p, err}
			})
			next++
			running++
		}
		if running == 0 {
			return failed
		}
		r := <-results
		running--
		switch {
		case r.err == nil:
			more = got(r.number, r.page) && more
		case failed == nil:
			failed = r.err
			if !passing(r.err) {
				cancel()
			}
		}
		f.pages <- r.page
	}
}
