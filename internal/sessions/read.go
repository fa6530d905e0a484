package sessions

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

const (
	// maxPages bounds one pass, far above what the quota allows in the time
	// that a Lambda function has.
	maxPages = 20_000
	// maxStale is how many pages in a row may bring nothing new before the
	// list counts as one that never ends.
	maxStale = 3
	// pastEndTimeout is how long the page past the end is waited for.
	pastEndTimeout = 10 * time.Second
)

// Read reads the sessions that ended in the query's window, all pages, the
// biggest consumers first. Each is handed to each once, from this goroutine,
// in no order that can be relied on; the Coverage says whether they are all.
//
// The error is an *Error (see Kind) or says that the query cannot be asked.
// There is no partial result beside an error: what was handed to each is then
// of no use.
func (c *Client) Read(ctx context.Context, q Query, each func(Session)) (Coverage, error) {
	switch {
	case !ValidID(q.AppID):
		return Coverage{}, fmt.Errorf("the app id %q must be letters, digits, '-' and '_' only", printable(q.AppID, 40))
	case !q.Start.Before(q.End) || q.Now.Before(q.End):
		return Coverage{}, fmt.Errorf("the window from %s to %s must have begun and be over at %s", q.Start, q.End, q.Now)
	}
	ctx, cancel := c.reserve(ctx)
	defer cancel()
	log := c.log.With("report", q.Report)
	t := newTally(q, each)
	if err := c.pass(ctx, log, q, byMinutes, t); err != nil {
		return Coverage{}, err
	}
	if !t.addsUp() {
		log.WarnContext(ctx, "the pages do not add up, reading again in another order",
			"seen", t.unique(), "announced", t.coverage.Announced, "pages", t.coverage.Pages)
		// What the first pass has read is of use without the second one.
		if err := c.pass(ctx, log, q, byCreated, t); err != nil {
			log.WarnContext(ctx, "reading again failed", "error", err)
		}
	}
	return t.result(), nil
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

// pass reads the list once in one order, until a page that brings nothing
// after everything that was announced, or an empty one. A short page ends
// nothing, since the server may give fewer rows than it was asked for, and
// neither does reaching the announced total, which may be that of one page.
func (c *Client) pass(ctx context.Context, log *slog.Logger, q Query, by order, t *tally) error {
	t.begin()
	stale := 0
	for number := 1; number <= maxPages; number++ {
		reached := number > 1 && t.coverage.Announced >= 0 && t.pass.unique >= t.coverage.Announced
		p, err := c.page(ctx, q, by, number, t, reached)
		switch {
		case err != nil && reached:
			// Nobody says what a page past the end is answered with.
			log.InfoContext(ctx, "the page past the end was refused", "page", number, "error", err)
			t.pass.finished = true
			return nil
		case err != nil:
			return fmt.Errorf("reading page %d of the sessions of app %s: %w", number, q.AppID, err)
		}
		fresh := t.add(p)
		log.LogAttrs(ctx, slog.LevelDebug, "page read", slog.Int("page", number), slog.Int("rows", len(p.rows)),
			slog.Int("new", fresh), slog.Int("announced", p.total))
		if len(p.rows) == 0 || reached && fresh == 0 {
			t.pass.finished = true
			return nil
		}
		if stale++; fresh > 0 {
			stale = 0
		}
		if stale == maxStale {
			return nil
		}
	}
	return nil
}

// page asks for one page until there is an answer. The page past the end, of
// which nothing is expected, is not worth waiting for.
func (c *Client) page(ctx context.Context, q Query, by order, number int, t *tally, pastEnd bool) (page, error) {
	if pastEnd {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, pastEndTimeout)
		defer cancel()
	}
	return persistently(ctx, func(ctx context.Context) (page, error) {
		t.coverage.Requests++
		return c.try(ctx, q, by, number)
	})
}
