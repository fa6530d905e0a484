package sessions

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// smallAccount has n sessions in the window, the biggest first in both orders.
func smallAccount(n int) (all []realtimekit.Session) {
	for i := range n {
		at := berlinEnd.Add(-time.Duration(i+1) * time.Minute)
		all = append(all, realtimekit.Session{ID: fmt.Sprintf("s-%03d", i), MeetingID: "m-1", Title: "Weekly", Peak: 2,
			Minutes: fmt.Sprint(1000 * (n - i)), StartedAt: at, CreatedAt: at, EndedAt: at, UpdatedAt: at})
	}
	return all
}

// TestHostile are lists that a hostile reader of this program made up, each of
// which once made a wrong figure or a false bound look right.
func TestHostile(t *testing.T) {
	never := realtimekit.TooManyRequestsSeconds(300)
	pageTotal := func(n, _ int) int { return min(n, 15) }
	for _, tc := range []struct {
		name     string
		sessions int
		reading  realtimekit.Reading
		page     int // that fails
		fault    realtimekit.Fault
		says     string // of the reason
	}{
		{"from zero, nothing on page 1, page 0 refused", 10, realtimekit.Reading{PagesFromZero: true, OmitPaging: true}, 0, never, "whether page 1 is the first"},
		{"from zero, no total, page 0 refused", 10, realtimekit.Reading{PagesFromZero: true, OmitTotal: true}, 0, never, "whether page 1 is the first"},
		{"from zero, no total, more pages, page 0 refused", 40, realtimekit.Reading{PagesFromZero: true, OmitPaging: true}, 0, never, "whether page 1 is the first"},
		{"from zero, total, page 0 refused", 40, realtimekit.Reading{PagesFromZero: true}, 0, never, "whether page 1 is the first"},
		{"a page's total, the next page 401", 40, realtimekit.Reading{TotalLies: pageTotal}, 2, realtimekit.Status(401), "end of the list"},
		{"a page's total, the next page 404", 40, realtimekit.Reading{TotalLies: pageTotal}, 2, realtimekit.Status(404), "has more"},
		{"a page's total, the next page empty", 40, realtimekit.Reading{TotalLies: pageTotal}, 2, realtimekit.Empty200(), "end of the list"},
		{"a page's total, the next page HTML", 40, realtimekit.Reading{TotalLies: pageTotal}, 2, realtimekit.HTMLWith200(), "end of the list"},
		{"a page's total, the next page 429", 40, realtimekit.Reading{TotalLies: pageTotal}, 2, never, "end of the list"},
		{"a page's total, the same page for ever", 40, realtimekit.Reading{TotalLies: pageTotal, SamePageForever: true}, -1, never, "has more"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			data := smallAccount(tc.sessions)
			server, client := start(t, realtimekit.Config{Sessions: data, Reading: tc.reading})
			client.config.PageSize = 15
			for range 5 {
				server.FailPage(tc.page, tc.fault)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			got := newFigures()
			coverage, err := client.Read(ctx, berlin(), got.add)
			if err != nil {
				t.Fatal(err)
			}
			if wrong := differ(got.Figures, realtimekit.Recount(data, berlinStart, berlinEnd)); coverage.Complete && wrong != "" {
				t.Errorf("WRONG AND MARKED COMPLETE: %s; %+v", wrong, coverage)
			}
			if !strings.Contains(coverage.Reason(), tc.says) || coverage.Bounded {
				t.Errorf("%+v, want a reason with %q and no bound", coverage, tc.says)
			}
		})
	}
}

// TestRefusedPastEnd: a server that has no page past the end, and no total.
func TestRefusedPastEnd(t *testing.T) {
	for _, status := range []int{400, 404, 422} {
		data := smallAccount(40)
		server, client := start(t, realtimekit.Config{Sessions: data, Reading: realtimekit.Reading{OmitTotal: true}})
		client.config.PageSize = 15
		server.FailPage(4, realtimekit.ServiceStatus(status, "no such page"), realtimekit.ServiceStatus(status, "no such page"))
		got := newFigures()
		coverage, err := client.Read(t.Context(), berlin(), got.add)
		if err != nil || !coverage.Complete || differ(got.Figures, realtimekit.Recount(data, berlinStart, berlinEnd)) != "" {
			t.Errorf("%d: %+v, %v", status, coverage, err)
		}
	}
}

// TestAbsurdTotal is as good as none: no panic, no bound of a trillion.
func TestAbsurdTotal(t *testing.T) {
	for _, total := range []int{maxTotal + 1, 1e18} {
		_, client := start(t, realtimekit.Config{Sessions: smallAccount(80), Reading: realtimekit.Reading{TotalLies: func(int, int) int { return total }}})
		coverage, err := client.Read(t.Context(), berlin(), func(Session) {})
		if err != nil || coverage.Announced != -1 || !coverage.Complete || coverage.Counted != 80 {
			t.Errorf("%+v, %v", coverage, err)
		}
	}
}

// TestNamelessForEver: rows without an id look new on every page, and must
// not keep the reader going.
func TestNamelessForEver(t *testing.T) {
	data := smallAccount(10)
	server, client := start(t, realtimekit.Config{Sessions: data, Reading: realtimekit.Reading{SamePageForever: true, OmitTotal: true}})
	server.Spoil(data[3].ID, realtimekit.IDMissing())
	coverage, err := client.Read(t.Context(), berlin(), func(Session) {})
	if err != nil || coverage.Complete || coverage.Counted != 9 || coverage.Requests > 20 {
		t.Errorf("%+v, %v", coverage, err)
	}
}
