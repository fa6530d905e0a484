package sessions

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// manyPages is a service with as many pages of a hundred sessions as said,
// each session with fewer minutes than the one before.
type manyPages struct {
	pages   int
	latency time.Duration
	before  func(number int) *http.Response // what to answer instead, nil for the page

	mu    sync.Mutex
	begun time.Time
	asked []time.Duration
}

func (s *manyPages) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.asked = append(s.asked, time.Since(s.begun))
	s.mu.Unlock()
	time.Sleep(s.latency)
	if r.URL.Query().Get("status") == "LIVE" {
		return answer(200, pageJSON(0)), nil
	}
	number, err := strconv.Atoi(r.URL.Query().Get("page_no"))
	if err != nil {
		return nil, err
	}
	if s.before != nil {
		if instead := s.before(number); instead != nil {
			return instead, nil
		}
	}
	var rows []string
	for i := (number - 1) * 100; i < number*100 && number <= s.pages; i++ {
		rows = append(rows, sessionJSON(fmt.Sprint("s", i), fmt.Sprint(2*s.pages*100-i), "2026-11-21T11:20:00Z"))
	}
	body := strings.Replace(pageJSON(s.pages*100, rows...), `"total_count"`, `"start_offset":1,"total_count"`, 1)
	return answer(200, body), nil
}

// most is the largest number of requests within any five minutes.
func (s *manyPages) most() (most int) {
	first := 0
	for last := range s.asked {
		for s.asked[last]-s.asked[first] >= 5*time.Minute {
			first++
		}
		most = max(most, last-first+1)
	}
	return most
}

func (s *manyPages) client(t *testing.T, quota int) *Client {
	t.Helper()
	s.begun = time.Now()
	c, err := New(Config{BaseURL: "https://api.example/", Token: testToken, AccountID: testAccount, PageSize: 100,
		RequestsPer5Minutes: quota, Reserve: 30 * time.Second, Transport: s}, discard())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// read reads with a deadline and checks that what comes back is right.
func (s *manyPages) read(t *testing.T, c *Client, deadline time.Duration) (Coverage, time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	begun, counted := time.Now(), 0
	coverage, err := c.Read(ctx, berlin(), func(Session) { counted++ })
	if err != nil {
		t.Fatal(err)
	}
	if counted != coverage.Counted || coverage.Complete != (counted == s.pages*100) {
		t.Errorf("%d of %d sessions: %+v", counted, s.pages*100, coverage)
	}
	return coverage, time.Since(begun)
}

// TestFifteenMinutes: how many sessions one report can cover within the time
// of a Lambda function and the default quota, which no five minutes exceed.
func TestFifteenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &manyPages{pages: 4000, latency: 50 * time.Millisecond}
		coverage, took := service.read(t, service.client(t, 1200), 15*time.Minute)
		if took > 15*time.Minute-30*time.Second+service.latency {
			t.Errorf("the read took %s and left no time to post", took)
		}
		if most := service.most(); most > 1200 {
			t.Errorf("%d requests within five minutes", most)
		}
		// A quarter of the quota at once, three quarters of it in every five minutes.
		if want := 300 + 3*870; coverage.Pages < want-10 || coverage.Pages > want+10 {
			t.Errorf("%d pages, on paper it is %d", coverage.Pages, want)
		}
		if !coverage.Bounded || coverage.Missing() != 400_000-coverage.Counted {
			t.Errorf("%+v", coverage)
		}
		t.Logf("%d sessions on %d pages in %s; %s", coverage.Counted, coverage.Pages, took, coverage.Reason())
	})
}

// TestShortReadsAtFullSpeed: nothing but the latency holds back what fits
// into the quota.
func TestShortReadsAtFullSpeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &manyPages{pages: 241, latency: 50 * time.Millisecond}
		_, took := service.read(t, service.client(t, 1200), 15*time.Minute)
		// The first page, 240 by six workers, the page past the end, the live sessions.
		if want := (1 + 40 + 1 + 1) * 50 * time.Millisecond; took != want {
			t.Errorf("took %s, want %s", took, want)
		}
	})
}

// TestEverybodyWaits: after a 429 no worker sends anything until the time
// that it names has passed.
func TestEverybodyWaits(t *testing.T) {
	for _, wait := range []time.Duration{time.Second, 30 * time.Second, 300 * time.Second} {
		t.Run(wait.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var once sync.Once
				var at time.Duration
				service := &manyPages{pages: 60, latency: 50 * time.Millisecond}
				service.before = func(number int) (r *http.Response) {
					if number == 20 {
						once.Do(func() {
							at = time.Since(service.begun)
							r = answer(429, "", "Retry-After", strconv.Itoa(int(wait.Seconds())))
						})
					}
					return r
				}
				coverage, _ := service.read(t, service.client(t, 1200), 15*time.Minute)
				if !coverage.Complete {
					t.Errorf("%+v", coverage)
				}
				for _, asked := range service.asked {
					if asked > at+time.Millisecond && asked < at+wait {
						t.Errorf("a request after %s, within the %s after the 429 at %s", asked, wait, at)
					}
				}
			})
		})
	}
}

// TestQuotaUsedUp: when it cannot be waited for, what was read is reported.
func TestQuotaUsedUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &manyPages{pages: 60, latency: 50 * time.Millisecond, before: func(number int) *http.Response {
			if number > 20 {
				return answer(429, "", "Retry-After", "300")
			}
			return nil
		}}
		coverage, took := service.read(t, service.client(t, 1200), 2*time.Minute)
		if coverage.Complete || !coverage.Bounded || coverage.Counted != 2000 || coverage.Missing() != 4000 || took > time.Second {
			t.Errorf("after %s: %+v", took, coverage)
		}
		// The least of page 20 has 12,000 − 1,999 minutes.
		if want := "40004000"; coverage.AtMost.String() != want {
			t.Errorf("at most %s, want %s", coverage.AtMost, want)
		}
		if !strings.Contains(coverage.Reason(), "reading stopped after 20 pages") || !strings.Contains(coverage.Reason(), "it asks to wait 5m0s") {
			t.Error(coverage.Reason())
		}
	})
}

// TestRatelimitHeader: what the header leaves is spread over the time until
// there is more, and plenty slows nothing down.
func TestRatelimitHeader(t *testing.T) {
	for _, tc := range []struct {
		name, header string
		least, most  time.Duration
	}{
		{"plenty", `"default";r=900;t=200`, 0, time.Second},
		{"none", "", 0, time.Second},
		{"nonsense", `r=x;t=`, 0, time.Second},
		{"ten in a hundred seconds", `"default";r=10;t=100`, 8 * time.Minute, 14 * time.Minute},
		{"nothing for ten seconds", `"default";r=0;t=10`, 100 * time.Second, 10 * time.Minute},
		{"nothing for a long time", `"default";r=0;t=999999999`, 10 * time.Minute, 15 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				service := &manyPages{pages: 60, latency: 50 * time.Millisecond}
				client := newClient(t, "https://api.example/", roundTripper(func(r *http.Request) (*http.Response, error) {
					response, err := service.RoundTrip(r)
					if err == nil {
						response.Header.Set("Ratelimit", tc.header)
					}
					return response, err
				}))
				client.pace = newPace(1200)
				service.begun = time.Now()
				coverage, took := service.read(t, client, 15*time.Minute)
				if took < tc.least || took > tc.most {
					t.Errorf("took %s, want %s to %s: %+v", took, tc.least, tc.most, coverage)
				}
			})
		})
	}
}

// TestCancelled: a read that nobody waits for any more is an error and leaves
// nothing behind; synctest sees to that.
func TestCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &manyPages{pages: 600, latency: time.Second}
		client := service.client(t, 1200)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Second, cancel)
		if coverage, err := client.Read(ctx, berlin(), func(Session) {}); err == nil {
			t.Errorf("%+v", coverage)
		}
	})
}
