package realtimekit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// TestBounds asks for a range whose bounds lie exactly on the filtered time of the sessions s001 and s003, and one that
// misses them by a microsecond.
func TestBounds(t *testing.T) {
	columns := map[string]time.Duration{
		"": 0, realtimekit.CreatedAt: 0, realtimekit.StartedAt: time.Hour, realtimekit.EndedAt: 2 * time.Hour,
		realtimekit.UpdatedAt: 3 * time.Hour,
	}
	tests := []struct {
		name                         string
		startExclusive, endInclusive bool
		want                         []string
	}{
		{"as usual", false, false, []string{"s001", "s002"}},
		{"both exclusive", true, false, []string{"s002"}},
		{"both inclusive", false, true, []string{"s001", "s002", "s003"}},
		{"start exclusive, end inclusive", true, true, []string{"s002", "s003"}},
	}
	for column, offset := range columns {
		for _, test := range tests {
			t.Run(column+" "+test.name, func(t *testing.T) {
				server := start(t, realtimekit.Config{Sessions: few(5), Reading: realtimekit.Reading{
					FilterColumn: column, StartExclusive: test.startExclusive, EndInclusive: test.endInclusive,
				}})
				from, to := noon.Add(offset+time.Minute), noon.Add(offset+3*time.Minute)
				exact := query("start_time", stamp(from), "end_time", stamp(to))
				equal(t, "on the bounds", list(t, server, exact).sortedIDs(), test.want)
				inside := query("start_time", stamp(from.Add(time.Microsecond)), "end_time", stamp(to.Add(-time.Microsecond)))
				equal(t, "inside", list(t, server, inside).sortedIDs(), []string{"s002"})
				local := query("start_time", from.Add(-time.Microsecond).In(time.FixedZone("", 5400)).Format(time.RFC3339Nano))
				equal(t, "one bound, another zone", list(t, server, local).sortedIDs(), []string{"s001", "s002", "s003", "s004"})
			})
		}
	}
}

func TestReadings(t *testing.T) {
	live := realtimekit.Session{
		ID: "live", MeetingID: "m9", Minutes: "1.5", Status: realtimekit.Live, LiveParticipants: 2, StartedAt: noon.Add(-time.Hour),
	}
	const byCreation = "sort_by=createdAt&sort_order=ASC"
	tests := []struct {
		name    string
		reading realtimekit.Reading
		queries []string
		want    []string // of each answer: ids, then total_count, start_offset and end_offset
	}{
		{"pages from one", realtimekit.Reading{}, []string{"per_page=2&page_no=0", "per_page=2&page_no=1", "per_page=2&page_no=3", "per_page=2&page_no=4", "per_page=2"},
			[]string{"live s000 6 1 2", "live s000 6 1 2", "s003 s004 6 5 6", " 6 7 6", "live s000 6 1 2"}},
		{"pages from zero", realtimekit.Reading{PagesFromZero: true}, []string{"per_page=4&page_no=0", "per_page=4&page_no=1", "per_page=4"},
			[]string{"live s000 s001 s002 6 1 4", "s003 s004 6 5 6", "live s000 s001 s002 6 1 4"}},
		{"clamp", realtimekit.Reading{MaxPerPage: 3}, []string{"per_page=100", "per_page=100&page_no=2", ""},
			[]string{"live s000 s001 6 1 3", "s002 s003 s004 6 4 6", "live s000 s001 6 1 3"}},
		{"fewer per page", realtimekit.Reading{FewerPerPage: true}, []string{"per_page=3&page_no=1", "per_page=3&page_no=2", "per_page=3&page_no=4", "per_page=3&page_no=5"},
			[]string{"live s000 s001 6 1 3", "s002 6 4 4", "s004 6 6 6", " 6 7 6"}},
		{"same page for ever", realtimekit.Reading{SamePageForever: true}, []string{"per_page=2&page_no=1", "per_page=2&page_no=2", "per_page=2&page_no=99"},
			[]string{"live s000 6 1 2", "live s000 6 1 2", "live s000 6 1 2"}},
		{"no total", realtimekit.Reading{OmitTotal: true}, []string{"per_page=1"}, []string{"live - 1 1"}},
		{"no paging", realtimekit.Reading{OmitPaging: true}, []string{"per_page=1"}, []string{"live"}},
		{"total lies", realtimekit.Reading{TotalLies: func(total, request int) int { return total * 10 * request }}, []string{"per_page=1", "per_page=1"},
			[]string{"live 60 1 1", "live 120 1 1"}},
		{"status honoured", realtimekit.Reading{}, []string{"per_page=2&status=ENDED", "status=LIVE"}, []string{"s000 s001 5 1 2", "live 1 1 1"}},
		{"status ignored", realtimekit.Reading{IgnoreStatus: true}, []string{"per_page=2&status=ENDED", "per_page=2&status=LIVE"},
			[]string{"live s000 6 1 2", "live s000 6 1 2"}},
		{"one bound is enough", realtimekit.Reading{}, []string{"start_time=2999-01-01T00:00:00Z"}, []string{" 0 1 0"}},
		{"both bounds are needed", realtimekit.Reading{NeedBothBounds: true}, []string{"per_page=1&end_time=1999-01-01T00:00:00Z", "end_time=1999-01-01T00:00:00Z&start_time=1998-01-01T00:00:00Z"},
			[]string{"live 6 1 1", " 0 1 0"}},
		{"live has no ended_at", realtimekit.Reading{FilterColumn: realtimekit.EndedAt}, []string{"per_page=1&start_time=1999-01-01T00:00:00Z"}, []string{"s000 5 1 1"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := start(t, realtimekit.Config{Sessions: append(few(5), live), Reading: test.reading})
			var got []string
			for _, q := range test.queries {
				b := list(t, server, q+"&"+byCreation)
				text := strings.Join(b.ids(), " ")
				if b.Paging != nil {
					total := "-"
					if b.Paging.Total != nil {
						total = fmt.Sprint(*b.Paging.Total)
					}
					text += fmt.Sprintf(" %s %d %d", total, b.Paging.Start, b.Paging.End)
				}
				got = append(got, text)
			}
			equal(t, "answers", got, test.want)
		})
	}
}

func TestRefusesLargePages(t *testing.T) {
	server := start(t, realtimekit.Config{Sessions: few(5), Reading: realtimekit.Reading{MaxPerPage: 3, RefuseLargePages: true}})
	for perPage, want := range map[string]int{"3": http.StatusOK, "4": http.StatusUnprocessableEntity} {
		if got, err := get(server, "per_page="+perPage); err != nil || got.status != want {
			t.Errorf("per_page %s: %d %v, want %d", perPage, got.status, err, want)
		}
	}
}

func TestSpellings(t *testing.T) {
	room := few(1)[0]
	room.ID, room.ParentSessionID, room.Minutes = "room", "s000", "0.5"
	tests := []struct {
		name       string
		reading    realtimekit.Reading
		id, member string
		want       string // "-" for a member that is not there
	}{
		{"usual time", realtimekit.Reading{}, "s000", "ended_at", `"2026-11-21T14:00:00.000Z"`},
		{"space", realtimekit.Reading{TimeStyle: realtimekit.TimeWithSpace}, "s000", "ended_at", `"2026-11-21 14:00:00.000Z"`},
		{"microseconds", realtimekit.Reading{TimeStyle: realtimekit.TimeWithMicros}, "s000", "started_at", `"2026-11-21T13:00:00.000000Z"`},
		{"live null", realtimekit.Reading{}, "live", "ended_at", `null`},
		{"live absent", realtimekit.Reading{EndedAtStyle: realtimekit.EndedAtAbsent}, "live", "ended_at", `-`},
		{"live text", realtimekit.Reading{EndedAtStyle: realtimekit.EndedAtNullText}, "live", "ended_at", `"null"`},
		{"text does not touch ended ones", realtimekit.Reading{EndedAtStyle: realtimekit.EndedAtNullText}, "s000", "ended_at", `"2026-11-21T14:00:00.000Z"`},
		{"parent", realtimekit.Reading{}, "room", "parent_session_id", `"s000"`},
		{"no parent", realtimekit.Reading{}, "s000", "parent_session_id", `null`},
		{"rooms", realtimekit.Reading{}, "s000", "breakout_rooms", `[{"id":"room","associated_id":"m0","meeting_display_name":"Meeting 0","status":"ENDED","minutes_consumed":0.5,"ended_at":"2026-11-21T14:00:00.000Z"}]`},
		{"rooms undocumented", realtimekit.Reading{OmitUndocumented: true}, "s000", "breakout_rooms", `[]`},
		{"parent undocumented", realtimekit.Reading{OmitUndocumented: true}, "room", "parent_session_id", `-`},
		{"audio undocumented", realtimekit.Reading{OmitUndocumented: true}, "s000", "audio_room_minutes_consumed", `-`},
		{"audio not known", realtimekit.Reading{}, "live", "audio_room_minutes_consumed", `-`},
		{"audio", realtimekit.Reading{}, "s000", "audio_room_minutes_consumed", `0`},
		{"title raw", realtimekit.Reading{}, "live", "meeting_display_name", `"<!channel> \"&\"\n💥"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			none := "0"
			sessions := few(1)
			sessions[0].AudioMinutes = &none
			server := start(t, realtimekit.Config{Reading: test.reading, Sessions: append(sessions, room, realtimekit.Session{
				ID: "live", Title: "<!channel> \"&\"\n💥", Minutes: "1", Status: realtimekit.Live, StartedAt: noon,
			})})
			got, err := get(server, "search="+test.id)
			if err != nil {
				t.Fatal(err)
			}
			var b body
			if err := json.Unmarshal([]byte(got.body), &b); err != nil {
				t.Fatal(err)
			}
			i := slices.Index(b.ids(), test.id)
			if i < 0 {
				t.Fatalf("no row %s in %s", test.id, got.body)
			}
			value, ok := b.Data.Sessions[i][test.member]
			if !ok {
				value = json.RawMessage("-")
			}
			if string(value) != test.want {
				t.Errorf("%s is %s, want %s", test.member, value, test.want)
			}
		})
	}
}

func TestTies(t *testing.T) {
	sessions := few(8)
	for i := range sessions {
		sessions[i].Minutes = "5"
	}
	sessions[0].Minutes, sessions[7].Minutes = "9", "1"
	const q = "sort_by=minutesConsumed&sort_order=DESC"
	orders := func(t *testing.T, reading realtimekit.Reading) []string {
		t.Helper()
		server := start(t, realtimekit.Config{Sessions: sessions, Reading: reading})
		var orders []string
		for range 12 {
			ids := list(t, server, q).ids()
			if ids[0] != "s000" || ids[7] != "s007" {
				t.Errorf("what is not tied has moved: %v", ids)
			}
			orders = append(orders, strings.Join(ids, " "))
		}
		return orders
	}
	byID := "s000 s001 s002 s003 s004 s005 s006 s007"
	reversed := "s000 s006 s005 s004 s003 s002 s001 s007"
	equal(t, "by id", slices.Compact(orders(t, realtimekit.Reading{})), []string{byID})
	equal(t, "reversed", slices.Compact(orders(t, realtimekit.Reading{TieOrder: realtimekit.TiesByIDReversed})), []string{reversed})
	shuffled := realtimekit.Reading{TieOrder: realtimekit.TiesShuffled, TieSeed: 7}
	first := orders(t, shuffled)
	if distinct := len(slices.Compact(slices.Sorted(slices.Values(first)))); distinct < 6 {
		t.Errorf("12 requests gave %d orders", distinct)
	}
	equal(t, "shuffled with the same seed", orders(t, shuffled), first)
	shuffled.TieSeed = 8
	if slices.Equal(orders(t, shuffled), first) {
		t.Error("another seed gives the same orders")
	}
}

// TestShuffledTiesAcrossPages shows what the reading is for: pages that repeat and lose rows.
func TestShuffledTiesAcrossPages(t *testing.T) {
	sessions := few(40)
	for i := range sessions {
		sessions[i].Minutes = "5"
	}
	server := start(t, realtimekit.Config{Sessions: sessions, Reading: realtimekit.Reading{TieOrder: realtimekit.TiesShuffled}})
	seen := map[string]bool{}
	rows := 0
	for page := range 4 {
		for _, id := range list(t, server, fmt.Sprintf("sort_by=minutesConsumed&per_page=10&page_no=%d", page+1)).ids() {
			seen[id] = true
			rows++
		}
	}
	if rows != 40 || len(seen) >= 40 {
		t.Errorf("%d rows of %d sessions", rows, len(seen))
	}
	if last := list(t, server, "sort_by=minutesConsumed&per_page=10&page_no=4").sortedIDs(); last[0] >= "s030" {
		t.Errorf("rows of the first pages never come to the last one: %v", last)
	}
}

func TestMutate(t *testing.T) {
	server := start(t, realtimekit.Config{Sessions: few(4), Reading: realtimekit.Reading{
		Mutate: func(request int, sessions []realtimekit.Session) []realtimekit.Session {
			switch request {
			case 2:
				return sessions[1:]
			case 3:
				sessions[3].Minutes = "-7"
			case 4:
				sessions[0].Minutes = "many"
			}
			return sessions
		},
	}})
	var got []string
	for range 5 {
		a, err := get(server, "sort_by=minutesConsumed&sort_order=ASC")
		if err != nil {
			t.Fatal(err)
		}
		var b body
		_ = json.Unmarshal([]byte(a.body), &b)
		got = append(got, fmt.Sprint(a.status, b.ids()))
	}
	equal(t, "answers", got, []string{"200 [s000 s001 s002 s003]", "200 [s001 s002 s003]", "200 [s003 s000 s001 s002]", "500 []", "200 [s000 s001 s002 s003]"})
}

// TestSessionsAreCopied: what a caller does to its slice after Start changes no answer.
func TestSessionsAreCopied(t *testing.T) {
	identity := func(_ int, sessions []realtimekit.Session) []realtimekit.Session { return sessions }
	for _, reading := range []realtimekit.Reading{{}, {Mutate: identity}} {
		sessions := few(2)
		server := start(t, realtimekit.Config{Sessions: sessions, Reading: reading})
		sessions[0].ID = "other"
		equal(t, "ids", list(t, server, "sort_order=ASC").ids(), []string{"s000", "s001"})
	}
}

// TestPagesTile: without changes, whatever the page size, the pages hold every row once and in order.
func TestPagesTile(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(rt, "sessions")
		reading := realtimekit.Reading{
			MaxPerPage:    rapid.IntRange(1, 30).Draw(rt, "clamp"),
			FewerPerPage:  rapid.Bool().Draw(rt, "fewer"),
			PagesFromZero: rapid.Bool().Draw(rt, "from zero"),
		}
		perPage := rapid.IntRange(1, 70).Draw(rt, "per page")
		server := start(t, realtimekit.Config{Sessions: few(n), Reading: reading})
		defer server.Close()
		page := 1
		if reading.PagesFromZero {
			page = 0
		}
		got := []string{}
		for {
			ids := list(t, server, fmt.Sprintf("sort_by=createdAt&sort_order=ASC&per_page=%d&page_no=%d", perPage, page)).ids()
			if len(ids) == 0 {
				break
			}
			got = append(got, ids...)
			page++
		}
		var want []string
		for _, s := range few(n) {
			want = append(want, s.ID)
		}
		if !slices.Equal(got, want) {
			rt.Fatalf("got %v", got)
		}
	})
}
