package sessions

import (
	"context"
	"flag"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"realtimekit-digest/internal/period"
	"realtimekit-digest/internal/simulator/realtimekit"
)

var matrixCases = flag.Int("matrix", 2000, "how many seeded cases TestMatrix reads")

// matrixDays are days to report, most with a change of the clocks.
var matrixDays = []struct{ zone, day string }{
	{"UTC", "2026-11-21"}, {"Europe/Berlin", "2026-03-29"}, {"Europe/Berlin", "2026-10-25"},
	{"America/New_York", "2026-03-08"}, {"America/New_York", "2026-11-01"}, {"Australia/Lord_Howe", "2026-04-05"},
	{"Australia/Lord_Howe", "2026-10-04"}, {"Asia/Kathmandu", "2026-11-21"}, {"Pacific/Chatham", "2026-09-27"},
	{"America/Sao_Paulo", "2018-11-04"}, {"America/Havana", "2026-11-01"}, {"Africa/Cairo", "2026-04-24"}, {"Pacific/Apia", "2011-12-31"},
}

// matrixCase is one seeded account under one reading of the API.
type matrixCase struct {
	name     string
	window   period.Window
	now      time.Time
	sessions []realtimekit.Session
	reading  realtimekit.Reading
	stopPage int // the page from which on everything is refused, 0 for none
}

func newMatrixCase(t *testing.T, seed uint64) matrixCase {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 20261122))
	pick := func(n int) bool { return rng.IntN(n) == 0 }
	day := matrixDays[rng.IntN(len(matrixDays))]
	zone, err := period.LoadZone(day.zone)
	if err != nil {
		t.Fatal(err)
	}
	p, err := period.Parse(day.day)
	if err != nil {
		t.Fatal(err)
	}
	noon, err := time.ParseInLocation("2006-01-02 15", day.day+" 12", zone)
	if err != nil {
		t.Fatal(err)
	}
	// Some hours after the day, seconds after it, or within it.
	now := noon.Add([]time.Duration{30 * time.Hour, 20 * time.Hour, 0, 90 * time.Minute}[rng.IntN(4)])
	window, err := p.Window(now, zone)
	if err != nil {
		t.Fatal(err)
	}
	c := matrixCase{window: window, now: now, sessions: matrixSessions(rng, window, now)}
	r := &c.reading
	r.FilterColumn = []string{realtimekit.CreatedAt, realtimekit.StartedAt, realtimekit.EndedAt, realtimekit.UpdatedAt}[rng.IntN(4)]
	r.StartExclusive, r.EndInclusive, r.NeedBothBounds = pick(2), pick(2), pick(2)
	r.MaxPerPage = []int{0, 7, 20}[rng.IntN(3)]
	r.FewerPerPage = pick(4)
	r.PagesFromZero = pick(4)
	r.TieOrder, r.TieSeed = []realtimekit.TieOrder{realtimekit.TiesByID, realtimekit.TiesByIDReversed, realtimekit.TiesShuffled}[rng.IntN(3)], rng.Uint64()
	total := []string{"total", "no total", "no paging", "total lies"}[rng.IntN(4)]
	switch lie := 1 + rng.IntN(3); total {
	case "no total":
		r.OmitTotal = true
	case "no paging":
		r.OmitPaging = true
	case "total lies":
		r.TotalLies = func(n, request int) int {
			return max(0, n+[]int{lie, -lie, 0, -n + 10, request}[seed%5])
		}
	}
	at := 1 + rng.IntN(8)
	shift := []string{"still", "still", "appears", "vanishes", "moves", "churns"}[rng.IntN(6)]
	r.Mutate = matrixMutation(shift, at, window, rng.IntN(max(1, len(c.sessions))))
	if pick(4) {
		c.stopPage = 2 + rng.IntN(4)
	}
	c.name = fmt.Sprintf("seed %d: %s %s, %s, %s at request %d, %d sessions, stop at %d, reading %+v", seed, day.zone, day.day, total, shift, at, len(c.sessions), c.stopPage, c.reading)
	return c
}

// matrixSessions are up to 120 sessions around a window: at its very edges,
// before and after it, long ones, some with the same minutes.
func matrixSessions(rng *rand.Rand, w period.Window, now time.Time) []realtimekit.Session {
	edges := []time.Time{w.Start, w.Start.Add(-time.Millisecond), w.End.Add(-time.Millisecond), w.End, w.Start.Add(time.Second)}
	var all []realtimekit.Session
	for i := range rng.IntN(120) {
		ended := w.Start.Add(-36*time.Hour + time.Duration(rng.Int64N(int64(w.End.Sub(w.Start)+60*time.Hour))).Truncate(time.Millisecond))
		if rng.IntN(5) == 0 {
			ended = edges[rng.IntN(len(edges))]
		}
		if ended.After(now) {
			ended = now.Add(-time.Duration(rng.Int64N(int64(48 * time.Hour)))).Truncate(time.Millisecond)
		}
		lasted := time.Duration(rng.Int64N(int64([]time.Duration{time.Minute, 3 * time.Hour, 40 * time.Hour}[rng.IntN(3)]))).Truncate(time.Millisecond)
		minutes := fmt.Sprintf("%d.%d", rng.IntN(400), rng.IntN(1000))
		if rng.IntN(3) == 0 {
			minutes = []string{"60", "60.0", "7.5", "0"}[rng.IntN(4)]
		}
		updated := ended.Add(2 * time.Second)
		if updated.After(now) {
			updated = ended
		}
		all = append(all, realtimekit.Session{
			ID: fmt.Sprintf("s-%03d", i), MeetingID: fmt.Sprintf("m-%d", rng.IntN(9)), Title: "Weekly", Minutes: minutes, Peak: rng.IntN(20),
			StartedAt: ended.Add(-lasted), CreatedAt: ended.Add(-lasted - time.Second), EndedAt: ended, UpdatedAt: updated,
		})
	}
	return all
}

// matrixMutation changes the account from the given request on.
func matrixMutation(shift string, at int, w period.Window, i int) func(int, []realtimekit.Session) []realtimekit.Session {
	extra := func(n int) realtimekit.Session {
		return realtimekit.Session{ID: fmt.Sprintf("late-%d", n), MeetingID: "m-1", Minutes: fmt.Sprint(30 * n), Peak: 2,
			StartedAt: w.Start, EndedAt: w.Start.Add(time.Minute)}
	}
	switch shift {
	case "appears":
		return func(request int, s []realtimekit.Session) []realtimekit.Session {
			if request >= at {
				s = append(s, extra(i))
			}
			return s
		}
	case "vanishes":
		return func(request int, s []realtimekit.Session) []realtimekit.Session {
			if request >= at && len(s) > 0 {
				s = append(s[:i:i], s[i+1:]...)
			}
			return s
		}
	case "moves":
		return func(request int, s []realtimekit.Session) []realtimekit.Session {
			if request >= at && len(s) > 0 {
				s[i].Minutes = fmt.Sprint(7 * i)
			}
			return s
		}
	case "churns":
		return func(request int, s []realtimekit.Session) []realtimekit.Session {
			for n := range request / at {
				s = append(s, extra(n))
			}
			return s
		}
	}
	return nil
}

// TestMatrix reads thousands of seeded accounts under every combination of
// readings, against an independent recount: a report that says that it is
// complete is exactly right, and a bound on what is missing holds. A wrong
// figure marked complete is the one thing that must never happen.
func TestMatrix(t *testing.T) {
	var (
		mu                         sync.Mutex
		complete, bounded, partial int
	)
	cases := *matrixCases
	if testing.Short() {
		cases /= 10
	}
	t.Run("cases", func(t *testing.T) {
		const chunks = 8
		for chunk := range chunks {
			t.Run(fmt.Sprint(chunk), func(t *testing.T) {
				t.Parallel()
				for seed := chunk; seed < cases; seed += chunks {
					coverage := matrixRead(t, newMatrixCase(t, uint64(seed)))
					mu.Lock()
					switch {
					case coverage.Complete:
						complete++
					case coverage.Bounded:
						bounded++
					default:
						partial++
					}
					mu.Unlock()
				}
			})
		}
	})
	t.Logf("%d cases: %d complete, %d incomplete with a bound, %d incomplete without", cases, complete, bounded, partial)
	if complete < cases/3 || bounded < cases/20 {
		t.Errorf("too few cases are complete (%d) or bounded (%d) for this test to say much", complete, bounded)
	}
}

func matrixRead(t *testing.T, c matrixCase) Coverage {
	t.Helper()
	server, err := realtimekit.Start(realtimekit.Config{AccountID: testAccount, AppID: testApp, Token: testToken, Sessions: c.sessions, Reading: c.reading})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	if c.stopPage > 0 {
		for page := c.stopPage; page < 40; page++ {
			for range 3 {
				server.FailPage(page, realtimekit.TooManyRequestsSeconds(300))
			}
		}
	}
	client, err := New(Config{BaseURL: server.URL(), Token: testToken, AccountID: testAccount, PageSize: 15,
		RequestsPer5Minutes: 100_000, Lookback: 48 * time.Hour, Reserve: time.Second}, discard())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	got := newFigures()
	coverage, err := client.Read(ctx, Query{AppID: testApp, Start: c.window.Start, End: c.window.End, Now: c.now}, got.add)
	if err != nil {
		t.Errorf("%s: %v", c.name, err)
		return coverage
	}
	// The account as it was at each request.
	var recounts []realtimekit.Figures
	for n := range len(server.Requests()) {
		changed := append([]realtimekit.Session(nil), c.sessions...)
		if c.reading.Mutate != nil {
			changed = c.reading.Mutate(n+1, changed)
		} else if n > 0 {
			break
		}
		recounts = append(recounts, realtimekit.Recount(changed, c.window.Start, c.window.End))
	}
	if coverage.Complete {
		if !slices.ContainsFunc(recounts, func(f realtimekit.Figures) bool { return differ(got.Figures, f) == "" }) {
			t.Errorf("WRONG AND MARKED COMPLETE: %s\n%s\n%+v", differ(got.Figures, recounts[0]), c.name, coverage)
		}
		return coverage
	}
	if coverage.Reason() == "" {
		t.Errorf("incomplete without a reason: %s\n%+v", c.name, coverage)
	}
	if coverage.Bounded {
		atMost, _ := new(big.Rat).SetString(coverage.AtMost.String())
		// What appeared after the last answer cannot be known.
		missing := new(big.Rat).Sub(recounts[0].Minutes, got.Minutes)
		if c.reading.TotalLies == nil && missing.Cmp(atMost) > 0 {
			t.Errorf("THE BOUND DOES NOT HOLD: %s minutes are missing, at most %s were told\n%s\n%+v", missing.FloatString(3), atMost.FloatString(3), c.name, coverage)
		}
	}
	return coverage
}
