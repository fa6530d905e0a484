package sessions

import (
	"context"
	"errors"
	"fmt"
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

	// tryTimeout bounds one try, so that a server that never answers costs
	// one try and not the whole report.
	tryTimeout = 30 * time.Second
)

// persistently calls try until it succeeds, fails for good, or the context's
// deadline leaves no room for the wait before the next try. It waits at least
// as long as the server asked for.
func persistently(ctx context.Context, try func(context.Context) (page, error)) (page, error) {
	var (
		last  error
		after time.Duration
		tries int
	)
	exponential := retry.WithJitterPercent(jitter, retry.WithCappedDuration(longestWait, retry.NewExponential(firstWait)))
	backoff := retry.BackoffFunc(func() (time.Duration, bool) {
		wait, stop := exponential.Next()
		wait = max(wait, after)
		deadline, bounded := ctx.Deadline()
		return wait, stop || bounded && wait >= time.Until(deadline)
	})
	p, err := retry.DoValue(ctx, backoff, func(ctx context.Context) (page, error) {
		tries++
		p, err := try(ctx)
		var passing *transient
		if errors.As(err, &passing) {
			last, after = passing.err, passing.after
			return page{}, retry.RetryableError(err)
		}
		return p, err
	})
	var wrong *Error
	switch {
	case err == nil:
		return p, nil
	case errors.As(err, &wrong) && last != wrong:
		return page{}, err
	case last == nil:
		last = err
	}
	e := &Error{Kind: Unavailable, Err: last}
	if errors.As(last, &wrong) {
		e.Status, e.Code, e.Message = wrong.Status, wrong.Code, wrong.Message
	}
	e.text = fmt.Sprintf("RealtimeKit gave no usable answer within the time for reading, after %s: %v: nothing needs to be changed, send the report again when it answers", triesText(tries), last)
	if after > 0 {
		e.text = fmt.Sprintf("%s (it asks to wait %s)", e.text, after)
	}
	return page{}, e
}

func triesText(n int) string {
	if n == 1 {
		return "1 try"
	}
	return fmt.Sprintf("%d tries", n)
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
