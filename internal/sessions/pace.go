package sessions

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
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
	told   string             // what made everybody wait or slow down, empty when nothing did
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
// A pause never shortens another, and is over by itself. Why is for a person.
func (p *pace) pause(wait time.Duration, why string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told = why
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

// why is what Cloudflare said last about the quota, empty when it has plenty.
func (p *pace) why() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.told
}

// ratelimit reads Cloudflare's header, "default";r=50;t=30: how many requests
// remain for how many seconds.
func ratelimit(header string) (remaining, seconds int, ok bool) {
	var found int
	for part := range strings.SplitSeq(header, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		n, err := strconv.ParseUint(value, 10, 31)
		switch {
		case err != nil:
		case name == "r":
			remaining = int(n)
			found |= 1
		case name == "t":
			seconds = int(n)
			found |= 2
		}
	}
	return remaining, seconds, found == 3
}

// observe slows down when an answer says that fewer requests remain than the
// read still needs: they are spread over the time until there are more, and
// where none remains everybody waits for that time, if there is so much left.
func (p *pace) observe(ctx context.Context, h http.Header, needed int) {
	remaining, seconds, ok := ratelimit(h.Get("Ratelimit"))
	if !ok {
		return
	}
	until := min(time.Duration(seconds)*time.Second, span)
	deadline, bounded := ctx.Deadline()
	switch {
	case remaining >= needed:
		p.mu.Lock()
		p.told = ""
		p.mu.Unlock()
		p.limiter.SetLimit(p.steady)
		p.limiter.SetBurst(p.burst)
	case remaining > 0 && until > 0:
		p.limiter.SetLimit(min(p.steady, rate.Every(until/time.Duration(remaining))))
		p.limiter.SetBurst(1)
	case until > 0 && (!bounded || until < time.Until(deadline)):
		p.pause(until, fmt.Sprintf("Cloudflare says that the account's quota is used up for %s", until))
	}
}
