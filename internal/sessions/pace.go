package sessions

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pace keeps all requests of a client together below the account's quota: a
// short read goes at full speed, a long one settles at the quota's rate, and
// after a 429 everybody waits.
type pace struct {
	limiter *rate.Limiter
	steady  rate.Limit // requests per second of a long read

	burst int // requests at once of a short one

	mu     sync.Mutex
	closed context.Context    // a 429's wait, done when it is over; nil for none
	open   context.CancelFunc // lets go of closed
}

// span is the time over which the quota counts.
const span = 5 * time.Minute

// newPace is a pace of at most quota requests in any five minutes: a quarter of
// them at once, the others spread over the five minutes. Waits end with
// the contexts of those who wait.
func newPace(quota int) *pace {
	burst := max(1, quota/4)
	steady := rate.Every(span / time.Duration(max(1, quota-burst)))
	return &pace{limiter: rate.NewLimiter(steady, burst), steady: steady, burst: burst}
}

// wait returns when the next request may be sent, or with an error when that
// would be after the context's deadline.
func (p *pace) wait(ctx context.Context) error {
	for {
		p.mu.Lock()
		closed := p.closed
		p.mu.Unlock()
		if closed == nil || closed.Err() != nil {
			break
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-closed.Done():
		}
	}
	return p.limiter.Wait(ctx)
}

// pause makes everybody wait, after a 429. The quota is used up then, by other
// programs perhaps, so that there is no burst until an answer tells of plenty.
// A pause never shortens another, and is over by itself.
func (p *pace) pause(wait time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limiter.SetBurst(1)
	// A context, because it compares and ends without a look at the clock.
	next, open := context.WithTimeout(context.Background(), wait)
	if p.closed != nil {
		until, _ := next.Deadline()
		if earlier, _ := p.closed.Deadline(); p.closed.Err() == nil && earlier.After(until) {
			open()
			return
		}
		p.open()
	}
	p.closed, p.open = next, open
}

// ratelimitPattern is the header's form in Cloudflare's answers:
// "default";r=50;t=30.
var ratelimitPattern = regexp.MustCompile(`;\s*r=(\d{1,9})\s*;\s*t=(\d{1,9})`)

// observe slows down when an answer says that fewer requests remain than the
// read still needs: they are spread over the time until there are more, and
// where none remains everybody waits for that time, if there is so much left.
func (p *pace) observe(ctx context.Context, h http.Header, needed int) {
	m := ratelimitPattern.FindStringSubmatch(h.Get("Ratelimit"))
	if m == nil {
		return
	}
	remaining, _ := strconv.Atoi(m[1])
	seconds, _ := strconv.Atoi(m[2])
	until := min(time.Duration(seconds)*time.Second, span)
	deadline, bounded := ctx.Deadline()
	switch {
	case remaining >= needed:
		p.limiter.SetLimit(p.steady)
		p.limiter.SetBurst(p.burst)
	case remaining > 0 && until > 0:
		p.limiter.SetLimit(min(p.steady, rate.Every(until/time.Duration(remaining))))
		p.limiter.SetBurst(1)
	case until > 0 && (!bounded || until < time.Until(deadline)):
		p.pause(until)
	}
}
