package sessions

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/sethvargo/go-retry"
)

const (
	// firstWait is the wait before the second try; it doubles from try to try
	// up to longestWait, give or take a quarter, so that many clients do not
	// come back at the same moment.
	firstWait   = 500 * time.Millisecond
	longestWait = 20 * time.Second
	jitter      = 25 // per cent

	// seldomTries is how often a request is sent at most whose answers are of
	// a kind that seldom passes.
	seldomTries = 3

	// tryTimeout bounds one try, so that a server that never answers costs
	// one try and not the whole report.
	tryTimeout = 30 * time.Second
)

// persistently calls try until it succeeds, fails for good, or the context's
// deadline leaves no room for the wait before the next try. It waits at least
// as long as the server asked for, and after a 429 everybody waits with it.
func (c *Client) persistently(ctx context.Context, log *slog.Logger, try func(context.Context) error) error {
	var (
		last  *transient
		tries int
	)
	exponential := retry.WithJitterPercent(jitter, retry.WithCappedDuration(longestWait, retry.NewExponential(firstWait)))
	backoff := retry.BackoffFunc(func() (time.Duration, bool) {
		wait, stop := exponential.Next()
		wait = max(wait, last.after)
		if deadline, bounded := ctx.Deadline(); stop || last.seldom && tries >= seldomTries || bounded && wait >= time.Until(deadline) {
			return 0, true
		}
		log.WarnContext(ctx, "asking again", "tries", tries, "in", wait.Round(time.Millisecond).String(), "because", c.redact(last.detail()))
		if last.limited {
			c.pace.pause(wait, last.cause())
		}
		return wait, false
	})
	err := retry.Do(ctx, backoff, func(ctx context.Context) error {
		tries++
		err := try(ctx)
		var passing *transient
		switch {
		case !errors.As(err, &passing):
			return err
		case last == nil || ctx.Err() == nil:
			last = passing
		default:
			// The end of the time for reading cut this try off. What was wrong
			// before that is what a person has to know.
		}
		return retry.RetryableError(err)
	})
	var wrong *Error
	switch {
	case err == nil:
		return nil
	case last == nil && errors.As(err, &wrong), errors.As(err, &wrong) && wrong.Kind != Unavailable:
		return err
	case last == nil:
		last = &transient{err: err}
	}
	e := &Error{Kind: Unavailable, Err: last.err, cause: c.redact(last.cause())}
	todo := "check CLOUDFLARE_BASE_URL and that the function reaches the internet, or send the report again later"
	if errors.As(last.err, &wrong) {
		e.Status, e.Code, e.Message = wrong.Status, wrong.Code, wrong.Message
		todo = "nothing needs to be changed, send the report again when it answers"
	}
	e.text = fmt.Sprintf("RealtimeKit gave no usable answer within the time for reading, after %s: %s: %s", plural(tries, "try"), c.redact(last.detail()), todo)
	return e
}

// retryAfter reads a Retry-After header: seconds, or a date, which is taken
// relative to the answer's own Date so that neither clock needs to be right.
// It is 0 when there is none or it cannot be read.
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	sent, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	return max(0, until.Sub(sent))
}
