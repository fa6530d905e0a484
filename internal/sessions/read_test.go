package sessions

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// berlin is Saturday, 21 November 2026, in Berlin.
var (
	berlinStart = time.Date(2026, 11, 20, 23, 0, 0, 0, time.UTC)
	berlinEnd   = berlinStart.Add(24 * time.Hour)
	morning     = time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC)
)

func berlin() Query { return Query{AppID: testApp, Start: berlinStart, End: berlinEnd, Now: morning} }

// account is five days of usage up to the morning: more than any request spans.
func account() []realtimekit.Session { return realtimekit.Generate(1, morning, 5) }

// TestReadUnderEveryReading compares every reading of the API that the
// simulator offers with an independent recount: the figures are equal, or the
// coverage says that they may not be.
func TestReadUnderEveryReading(t *testing.T) {
	data := account()
	want := realtimekit.Recount(data, berlinStart, berlinEnd)
	if want.Sessions < 100 {
		t.Fatalf("the data set has only %d sessions in the window", want.Sessions)
	}
	for _, tc := range realtimekit.Readings() {
		t.Run(tc.Name, func(t *testing.T) {
			t.Parallel()
			_, client := start(t, realtimekit.Config{Sessions: data, Reading: tc.Reading})
			got := newFigures()
			coverage, err := client.Read(t.Context(), berlin(), got.add)
			if err != nil {
				if tc.Reading.RefuseLargePages {
					return // says so, loudly
				}
				t.Fatal(err)
			}
			difference := differ(got.Figures, want)
			if coverage.Complete && difference != "" {
				t.Errorf("WRONG AND MARKED COMPLETE: %s; coverage %+v", difference, coverage)
			}
			if !coverage.Complete && coverage.Reason() == "" {
				t.Errorf("incomplete without a reason: %+v", coverage)
			}
			if coverage.Counted != got.Sessions {
				t.Errorf("coverage counts %d, handed on were %d", coverage.Counted, got.Sessions)
			}
			t.Logf("complete %t, %d requests, %q", coverage.Complete, coverage.Requests, coverage.Reason())
		})
	}
}

// TestReadInSevenPages: 640 sessions cost seven requests, and one for the live
// ones. Without a total each of two passes needs the page past the end as well,
// and where nothing says that page 1 is the first, page 0 is asked for.
func TestReadInSevenPages(t *testing.T) {
	for _, tc := range []struct {
		name     string
		reading  realtimekit.Reading
		pages    int
		requests int
	}{
		{"announced total", realtimekit.Reading{}, 7, 8},
		{"no total", realtimekit.Reading{OmitTotal: true}, 14, 17},
		{"no paging", realtimekit.Reading{OmitPaging: true}, 14, 18},
		{"fifty rows a page", realtimekit.Reading{MaxPerPage: 50}, 13, 14},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var data []realtimekit.Session
			for i := range 640 {
				data = append(data, realtimekit.Session{
					ID: fmt.Sprintf("s-%03d", i), MeetingID: fmt.Sprintf("m-%d", i%57), Title: "Weekly", Minutes: fmt.Sprintf("%d.25", 640-i), Peak: 3,
					StartedAt: berlinStart.Add(time.Hour), EndedAt: berlinStart.Add(2 * time.Hour),
				})
			}
			server, client := start(t, realtimekit.Config{Sessions: data, Reading: tc.reading})
			coverage, err := client.Read(t.Context(), berlin(), func(Session) {})
			if err != nil {
				t.Fatal(err)
			}
			if coverage.Pages != tc.pages || coverage.Requests != tc.requests || len(server.Requests()) != tc.requests {
				t.Errorf("%d pages in %d requests (%d reached the server), want %d in %d", coverage.Pages, coverage.Requests, len(server.Requests()), tc.pages, tc.requests)
			}
			if !coverage.Complete || coverage.Counted != 640 || coverage.Unique != 640 {
				t.Errorf("coverage %+v", coverage)
			}
		})
	}
}

// TestRequest checks what is asked for.
func TestRequest(t *testing.T) {
	for _, tc := range []struct {
		name     string
		query    Query
		from, to string
	}{
		{"a day that is over", berlin(), "2026-11-18T23:00:00Z", "2026-11-22T01:00:00Z"},
		{"a day that has just ended", Query{AppID: testApp, Start: berlinStart, End: berlinEnd, Now: berlinEnd.Add(90 * time.Second)}, "2026-11-18T23:00:00Z", "2026-11-21T23:01:30Z"},
		{"a day that goes on", Query{AppID: testApp, Start: berlinStart, End: berlinStart.Add(time.Hour), Now: berlinStart.Add(time.Hour + 300*time.Millisecond)}, "2026-11-18T23:00:00Z", "2026-11-21T00:00:00Z"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			server, client := start(t, realtimekit.Config{Sessions: account()})
			if _, err := client.Read(t.Context(), tc.query, func(Session) {}); err != nil {
				t.Fatal(err)
			}
			request := server.Requests()[0]
			for name, want := range map[string]string{
				"status": "ENDED", "sort_by": "minutesConsumed", "sort_order": "DESC", "per_page": "100", "page_no": "1",
				"start_time": tc.from, "end_time": tc.to,
			} {
				if got := strings.Join(request.Query[name], ","); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if want := "/client/v4/accounts/" + testAccount + "/realtime/kit/" + testApp + "/sessions"; request.Path != want {
				t.Errorf("path %s, want %s", request.Path, want)
			}
		})
	}
}

// TestRowsThatCannotBeTrusted: such a row is never a zero, never counted, and
// the report is not complete.
func TestRowsThatCannotBeTrusted(t *testing.T) {
	data := account()
	want := realtimekit.Recount(data, berlinStart, berlinEnd)
	var victim realtimekit.Session
	for _, s := range data {
		if !s.EndedAt.Before(berlinStart) && s.EndedAt.Before(berlinEnd) {
			victim = s
			break
		}
	}
	for _, fault := range realtimekit.RowFaults() {
		t.Run(fault.Name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, realtimekit.Config{Sessions: data})
			server.Spoil(victim.ID, fault)
			got := newFigures()
			coverage, err := client.Read(t.Context(), berlin(), got.add)
			switch fault.Name {
			case realtimekit.MinutesBareNaN().Name:
				var wrong *Error
				if !errors.As(err, &wrong) || wrong.Kind != Malformed {
					t.Errorf("an answer that is not JSON: %v", err)
				}
				return
			case realtimekit.TitleHuge().Name, realtimekit.TitleNumber().Name:
				if err != nil || !coverage.Complete || differ(got.Figures, want) != "" {
					t.Errorf("a title plays no part in a figure: %v, %+v, %s", err, coverage, differ(got.Figures, want))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if coverage.Complete || coverage.Unreadable != 1 || coverage.Counted != want.Sessions-1 || got.Sessions != want.Sessions-1 {
				t.Errorf("coverage %+v, handed on %d of %d", coverage, got.Sessions, want.Sessions)
			}
			if n, known := coverage.Possible(); n != want.Sessions || !known {
				t.Errorf("possible sessions %d (%t), want %d", n, known, want.Sessions)
			}
			t.Log(coverage.Reason())
		})
	}
}

// TestLists are lists that change, repeat or lie.
func TestLists(t *testing.T) {
	data := account()
	inWindow := func(extra int) realtimekit.Session {
		return realtimekit.Session{ID: fmt.Sprintf("late-%d", extra), MeetingID: "late", Minutes: "77.5", Peak: 2,
			StartedAt: berlinStart.Add(time.Hour), EndedAt: berlinStart.Add(2 * time.Hour)}
	}
	for _, tc := range []struct {
		name     string
		reading  realtimekit.Reading
		complete bool
	}{
		{"a row appears for good after page 2", realtimekit.Reading{Mutate: func(request int, s []realtimekit.Session) []realtimekit.Session {
			if request > 2 {
				s = append(s, inWindow(1))
			}
			return s
		}}, true},
		{"rows appear on every request", realtimekit.Reading{Mutate: func(request int, s []realtimekit.Session) []realtimekit.Session {
			for i := range request {
				s = append(s, inWindow(i))
			}
			return s
		}}, false},
		{"sessions change between two readings", realtimekit.Reading{OmitTotal: true, Mutate: func(request int, s []realtimekit.Session) []realtimekit.Session {
			for i := range s {
				if s[i].Status == realtimekit.Ended && i%50 == 0 {
					s[i].Minutes = fmt.Sprint(1000 + request*100 + i)
				}
			}
			return s
		}}, false},
		{"the total is that of each page", realtimekit.Reading{TotalLies: func(int, int) int { return 100 }}, false},
		{"the total is too large", realtimekit.Reading{TotalLies: func(n, _ int) int { return n + 5 }}, false},
		{"the total is too small", realtimekit.Reading{TotalLies: func(n, _ int) int { return n - 5 }}, false},
		{"the total is nothing", realtimekit.Reading{TotalLies: func(int, int) int { return 0 }}, false},
		{"the same page for ever, no total", realtimekit.Reading{SamePageForever: true, OmitTotal: true}, false},
		{"another order on every request, no total", realtimekit.Reading{TieOrder: realtimekit.TiesShuffled, OmitTotal: true, TieSeed: 7}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server, client := start(t, realtimekit.Config{Sessions: data, Reading: tc.reading})
			got := newFigures()
			coverage, err := client.Read(t.Context(), berlin(), got.add)
			if err != nil {
				t.Fatal(err)
			}
			now := data
			if tc.reading.Mutate != nil {
				now = tc.reading.Mutate(len(server.Requests()), append([]realtimekit.Session(nil), data...))
			}
			difference := differ(got.Figures, realtimekit.Recount(now, berlinStart, berlinEnd))
			if coverage.Complete != tc.complete && tc.complete {
				t.Errorf("incomplete: %s", coverage.Reason())
			}
			if coverage.Complete && difference != "" {
				t.Errorf("WRONG AND MARKED COMPLETE: %s; %+v", difference, coverage)
			}
			if !tc.complete && coverage.Complete && tc.reading.TieOrder != realtimekit.TiesShuffled {
				t.Errorf("complete: %+v", coverage)
			}
			t.Logf("%d requests, complete %t: %s", len(server.Requests()), coverage.Complete, coverage.Reason())
		})
	}
}

// TestQueriesThatCannotBeAsked are refused before anything is sent.
func TestQueriesThatCannotBeAsked(t *testing.T) {
	server, client := start(t, realtimekit.Config{})
	for name, q := range map[string]Query{
		"an id that is a path":    {AppID: "../../user", Start: berlinStart, End: berlinEnd, Now: morning},
		"an id that is a query":   {AppID: "a?status=LIVE", Start: berlinStart, End: berlinEnd, Now: morning},
		"no id":                   {Start: berlinStart, End: berlinEnd, Now: morning},
		"an empty window":         {AppID: testApp, Start: berlinStart, End: berlinStart, Now: morning},
		"a window in the future":  {AppID: testApp, Start: berlinStart, End: berlinEnd, Now: berlinStart},
		"a window back to front":  {AppID: testApp, Start: berlinEnd, End: berlinStart, Now: morning},
		"an id with a line break": {AppID: "a\nb", Start: berlinStart, End: berlinEnd, Now: morning},
	} {
		if _, err := client.Read(t.Context(), q, func(Session) {}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := len(server.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// TestNew refuses what cannot be used.
func TestNew(t *testing.T) {
	good := Config{BaseURL: "https://api.example/v4", Token: "t", AccountID: "abc", PageSize: 1, RequestsPer5Minutes: 1}
	if _, err := New(good, nil); err != nil {
		t.Errorf("a good configuration: %v", err)
	}
	for name, change := range map[string]func(*Config){
		"no address":      func(c *Config) { c.BaseURL = "" },
		"a path only":     func(c *Config) { c.BaseURL = "/client/v4/" },
		"another scheme":  func(c *Config) { c.BaseURL = "ftp://api.example/" },
		"no token":        func(c *Config) { c.Token = "" },
		"account is path": func(c *Config) { c.AccountID = "a/b" },
		"no page size":    func(c *Config) { c.PageSize = 0 },
		"no quota":        func(c *Config) { c.RequestsPer5Minutes = 0 },
	} {
		c := good
		change(&c)
		if _, err := New(c, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestNoRedirects: a redirect would carry the token away.
func TestNoRedirects(t *testing.T) {
	asked := 0
	client := newClient(t, "https://api.example/client/v4/", roundTripper(func(r *http.Request) (*http.Response, error) {
		asked++
		return answer(http.StatusFound, "", "Location", "https://elsewhere.example/"), nil
	}))
	_, err := client.Read(context.Background(), berlin(), func(Session) {})
	var wrong *Error
	if !errors.As(err, &wrong) || wrong.Kind != Malformed || wrong.Status != http.StatusFound || asked != 1 {
		t.Errorf("%v after %d requests", err, asked)
	}
}
