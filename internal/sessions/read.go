package sessions

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/realtime_kit"
)

const (
	// maxPages bounds one pass, far above what the quota allows in the time
	// that a Lambda function has.
	maxPages = 20_000
	// maxStale is how many pages in a row may bring nothing new before the
	// list counts as one that never ends.
	maxStale = 3
	// extraTimeout is how long a page is waited for that may not exist, past
	// the end or before the first: two tries.
	extraTimeout = 70 * time.Second
)

// Read reads the sessions that ended in the query's window, all pages, the
// biggest consumers first and several pages at a time. Each session is handed
// to each once, from this goroutine, in no order that can be relied on; the
// Coverage says whether they are all. When the time or the quota is used up
// after some pages, what was read is the result, marked incomplete, with a
// bound on the rest. No goroutine outlives the call.
//
// The error is an *Error (see Kind) or says that the query cannot be asked.
// There is no partial result beside an error: what was handed to each is then
// of no use.
func (c *Client) Read(ctx context.Context, q Query, each func(Session)) (Coverage, error) {
	switch {
	case !validID(q.AppID):
		return Coverage{}, fmt.Errorf("the app id %q must be letters, digits, '-' and '_' only", printable(q.AppID, 40))
	case !q.Start.Before(q.End) || q.Now.Before(q.End):
		return Coverage{}, fmt.Errorf("the window from %s to %s must have begun and be over at %s", q.Start, q.End, q.Now)
	}
	limited, cancel := c.reserve(ctx)
	defer cancel()
	r := &reading{client: c, query: q, tally: newTally(q, each), log: c.log.With("report", q.Report), first: 1,
		direction: realtime_kit.SessionGetSessionsParamsSortOrderDesc}
	r.fetcher = newFetcher(c.config.Token, r.ask)
	if err := r.read(limited); err != nil {
		if ctx.Err() != nil || r.tally.coverage.Pages == 0 || !passing(err) {
			return Coverage{}, err
		}
		r.log.WarnContext(ctx, "reading stopped early", "error", err)
		r.tally.stop(err)
	}
	r.tally.coverage.Requests = int(r.requests.Load())
	return r.tally.result(), nil
}

// reserve cuts the context's time short by what the rest of the report needs,
// but never by more than a quarter of it.
func (c *Client) reserve(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, bounded := ctx.Deadline()
	if !bounded {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, deadline.Add(-min(c.config.Reserve, time.Until(deadline)/4)))
}

// read makes as many passes as it takes until the pages add up, at most two.
func (r *reading) read(ctx context.Context) error {
	if err := r.pass(ctx, byMinutes); err != nil {
		return err
	}
	if r.tally.pass.weak && r.tally.pass.finished {
		r.tail(ctx)
	}
	if !r.tally.addsUp() && !r.tally.unconfirmed() {
		r.log.WarnContext(ctx, "the pages do not add up, reading again in another order",
			"seen", r.tally.unique(), "announced", r.tally.coverage.Announced, "pages", r.tally.coverage.Pages)
		// What the first pass has read is of use without the second one.
		if err := r.pass(ctx, byCreated); err != nil {
			r.log.WarnContext(ctx, "reading again failed", "error", err)
		}
	}
	if err := r.live(ctx); err != nil {
		r.log.InfoContext(ctx, "how many sessions are live is not known", "error", err)
	}
	return nil
}

// pass reads the list once in one order: the first page, then as many as the
// announced total requires, and on as long as rows are missing. A short page
// alone ends nothing, since the server may give fewer rows than it was asked
// for, and neither does reaching the announced total, which may be that of
// one page; see ended.
func (r *reading) pass(ctx context.Context, by order) error {
	t := r.tally
	t.begin()
	r.by = by
	stale := 0
	for next := r.first; next <= maxPages && !t.pass.finished && stale < maxStale; {
		upTo, atOnce := r.plan(next)
		past := next > r.first && t.missing() == 0
		before, repeated := t.pass.unique, false
		err := r.fetch(ctx, next, upTo, atOnce, past, func(number int, p *page) bool {
			if number == r.first {
				r.offset = p.first
			}
			if past && t.fresh(p) == 0 {
				repeated = len(p.rows) > 0
				return false
			}
			r.needed.Add(-1)
			fresh := t.add(number, p)
			r.log.LogAttrs(ctx, slog.LevelDebug, "page read", slog.Int("page", number), slog.Int("rows", len(p.rows)),
				slog.Int("new", fresh), slog.Int("announced", p.total))
			if stale++; fresh > 0 {
				stale = 0
			}
			return stale < maxStale
		})
		switch {
		case err != nil && (past || t.missing() < 0 && next > r.first && refused(err)):
			// Nobody says how a page past the end is answered: it may be
			// refused. Without an answer nothing is said about the end.
			t.pass.finished, t.pass.weak = refused(err), true
			r.log.InfoContext(ctx, "the page past the end was not given", "page", next, "end", t.pass.finished, "error", err)
			return nil
		case err != nil:
			return fmt.Errorf("reading the sessions of app %s: %w", r.query.AppID, err)
		case past && t.pass.unique == before:
			t.pass.finished, t.pass.weak = true, repeated
		default:
			t.pass.finished = t.ended(upTo)
		}
		if next == 1 && t.passes == 1 {
			r.before(ctx)
		}
		next = upTo + 1
	}
	return nil
}

// fetch is the fetcher's. Of a page past the end nothing more is expected,
// and nobody says how it is answered: it is not waited for long.
func (r *reading) fetch(ctx context.Context, first, last, atOnce int, past bool, got func(int, *page) bool) error {
	r.needed.Store(int64(last - first + 1))
	if past {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, extraTimeout)
		defer cancel()
	}
	return r.fetcher.fetch(ctx, first, last, atOnce, got)
}

// plan says which page to read up to, from next on, and how many at a time.
// With a total it is what the rows per page so far require. Without one the
// end may be at any page, so that few are asked for at a time at first.
func (r *reading) plan(next int) (upTo, atOnce int) {
	read := next - r.first
	missing := r.tally.missing()
	switch {
	case read == 0 || missing == 0:
		return next, 1
	case missing < 0:
		atOnce = min(workers, 1+read/8)
		return next + atOnce - 1, atOnce
	}
	perPage := max(1, r.tally.pass.sizes[next-1].rows)
	return min(next+(missing-1)/perPage, maxPages), workers
}

// before asks for page 0 after page 1, unless page 1 says that it begins with
// the first row: the server may count its pages from 0. Where that cannot be
// found out, the read is not complete.
func (r *reading) before(ctx context.Context) {
	t := r.tally
	if (r.offset == 0 || r.offset == 1) && t.pass.rows > 0 {
		return
	}
	finished, answered := t.pass.finished, false
	err := r.fetch(ctx, 0, 0, 1, true, func(_ int, p *page) bool {
		answered = r.offset <= 1 || len(p.rows) > 0
		// Where 0 stands for 1, equal rows may still have changed places.
		if fresh := t.fresh(p); 2*fresh > len(p.rows) {
			r.first = 0
			t.add(0, p)
			finished = finished && t.missing() <= 0
		}
		return false
	})
	if err != nil {
		answered = r.offset <= 1 && refused(err)
		r.log.InfoContext(ctx, "page 0 was not given", "settled", answered, "error", err)
	}
	t.headless = !answered
	t.pass.finished = finished
}

// tail looks at the list from its other end, where the end is only likely:
// what stands there must have come already.
func (r *reading) tail(ctx context.Context) {
	t := r.tally
	r.direction = realtime_kit.SessionGetSessionsParamsSortOrderAsc
	err := r.fetch(ctx, r.first, r.first, 1, true, func(_ int, p *page) bool {
		t.pass.weak = false
		t.hidden = t.fresh(p) > 0
		return false
	})
	r.direction = realtime_kit.SessionGetSessionsParamsSortOrderDesc
	if err != nil {
		t.pass.finished = false
		r.log.InfoContext(ctx, "the list's other end was not given", "error", err)
	}
}

// refused reports whether an error is a server's way to say that there is no
// such page.
func refused(err error) bool {
	var wrong *Error
	return errors.As(err, &wrong) && slices.Contains([]int{
		http.StatusBadRequest, http.StatusNotFound, http.StatusRequestedRangeNotSatisfiable, http.StatusUnprocessableEntity}, wrong.Status) &&
		wrong.Kind != Refused
}

// passing reports whether a failure may pass, so that what was read before it
// is worth a report.
func passing(err error) bool {
	var wrong *Error
	return errors.As(err, &wrong) && wrong.Kind == Unavailable
}
