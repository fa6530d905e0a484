package realtimekit_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// TestReadBackAgreesWithRecount reads generated data through the API with the plain loop of a careful user. It holds
// for every reading that serves each row once to someone who asks until a page is empty.
func TestReadBackAgreesWithRecount(t *testing.T) {
	sessions := realtimekit.Generate(3, morning, 3)
	begin, end := morning.AddDate(0, 0, -3), morning.AddDate(0, 0, -2)
	want := realtimekit.Recount(sessions, begin, end)
	for _, reading := range realtimekit.Readings() {
		if reading.Reading.SamePageForever {
			continue
		}
		t.Run(reading.Name, func(t *testing.T) {
			server := start(t, realtimekit.Config{Sessions: sessions, Reading: reading.Reading})
			q := query("status", "ENDED", "sort_by", "createdAt", "sort_order", "DESC", "per_page", "100",
				"start_time", stamp(begin.Add(-48*time.Hour)), "end_time", stamp(end.Add(2*time.Hour)))
			sum, count := new(big.Rat), 0
			seen := map[string]bool{}
			for page := 0; ; page++ {
				b := list(t, server, q+"&page_no="+fmt.Sprint(page))
				if len(b.Data.Sessions) == 0 {
					break
				}
				for _, row := range b.Data.Sessions {
					ended, ok := endOf(t, row)
					id := string(row["id"])
					if !ok || seen[id] || ended.Before(begin) || !ended.Before(end) {
						continue
					}
					seen[id] = true
					count++
					minutes, ok := new(big.Rat).SetString(string(row["minutes_consumed"]))
					if !ok {
						t.Fatalf("minutes %s", row["minutes_consumed"])
					}
					sum.Add(sum, minutes)
				}
			}
			if count < 100 || count != want.Sessions || sum.Cmp(want.Minutes) != 0 {
				t.Errorf("%d sessions, %s minutes; want %d, %s", count, sum, want.Sessions, want.Minutes)
			}
		})
	}
}

// endOf reads the spellings of ended_at.
func endOf(t *testing.T, row map[string]json.RawMessage) (time.Time, bool) {
	t.Helper()
	var text string
	if err := json.Unmarshal(row["ended_at"], &text); err != nil || text == "" || text == "null" {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339Nano, realtimekit.TimeWithSpace} {
		if ended, err := time.Parse(layout, text); err == nil {
			return ended, true
		}
	}
	t.Fatalf("ended_at %q", text)
	return time.Time{}, false
}

func TestManyAtOnce(t *testing.T) {
	server := start(t, realtimekit.Config{Sessions: few(400), Latency: 20 * time.Millisecond, Reading: realtimekit.Reading{
		TieOrder: realtimekit.TiesShuffled, TotalLies: func(total, _ int) int { return total },
	}})
	server.FailPage(3, realtimekit.Status(500), realtimekit.ResetInsideBody())
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for page := 1; page <= 4; page++ {
				if page == 3 {
					_, _ = get(server, "page_no=3")
					continue
				}
				a, err := get(server, fmt.Sprintf("sort_by=minutesConsumed&per_page=100&page_no=%d", page))
				if err != nil || a.status != http.StatusOK {
					t.Errorf("worker %d, page %d: %d %v", worker, page, a.status, err)
				}
			}
		})
	}
	group.Wait()
	most, failed := 0, 0
	for _, r := range server.Requests() {
		most = max(most, r.InFlight)
		if r.Fault != "" {
			failed++
		}
	}
	if len(server.Requests()) != 32 || most < 2 || most > 8 || failed != 2 {
		t.Errorf("%d requests, %d at once, %d failed", len(server.Requests()), most, failed)
	}
}

// large makes n sessions in n ÷ 20 meetings, many of them equally long.
func large(n int) []realtimekit.Session {
	sessions := make([]realtimekit.Session, n)
	for i := range sessions {
		created := noon.Add(time.Duration(i*7919%n) * time.Second / 2)
		sessions[i] = realtimekit.Session{
			ID: fmt.Sprintf("%032d", i), MeetingID: fmt.Sprintf("%032d", i%(n/20)), Title: fmt.Sprintf("Meeting %d", i%(n/20)),
			Minutes: fmt.Sprintf("%d.%d", i%977, i%10), Peak: 5, StartedAt: created, EndedAt: created.Add(time.Hour),
		}
	}
	return sessions
}

// readLarge reads all pages over one connection and returns how many bytes they had.
func readLarge(t testing.TB, server *realtimekit.Server, pages int) int64 {
	t.Helper()
	c := &http.Client{Transport: &http.Transport{}, Timeout: time.Minute}
	defer c.CloseIdleConnections()
	var size int64
	for page := 1; page <= pages; page++ {
		url := server.URL() + "accounts/" + account + "/realtime/kit/" + app +
			fmt.Sprintf("/sessions?status=ENDED&sort_by=minutesConsumed&sort_order=DESC&per_page=100&page_no=%d", page)
		request, err := http.NewRequest(http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := c.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatal(response.Status, err)
		}
		size += n
	}
	return size
}

// TestManyPages only guards against sorting or encoding on every page, which would take minutes.
func TestManyPages(t *testing.T) {
	if testing.Short() {
		t.Skip("serves 30,000 sessions: left out with -short")
	}
	for name, reading := range map[string]realtimekit.Reading{
		"as usual": {}, "ties shuffled": {TieOrder: realtimekit.TiesShuffled},
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, realtimekit.Config{Sessions: large(30_000), Reading: reading})
			began := time.Now()
			size := readLarge(t, server, 300)
			if took := time.Since(began); took > 20*time.Second || size < 15<<20 {
				t.Errorf("%d bytes in %v", size, took)
			}
		})
	}
}

// BenchmarkThousandPages is what a benchmark of a client costs on this side: 100,000 sessions in 1,000 pages.
func BenchmarkThousandPages(b *testing.B) {
	server := start(b, realtimekit.Config{Sessions: large(100_000)})
	readLarge(b, server, 1) // sorts
	for b.Loop() {
		readLarge(b, server, 1000)
	}
}
