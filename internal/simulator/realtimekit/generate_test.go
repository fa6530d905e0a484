package realtimekit_test

import (
	"fmt"
	"math/big"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"realtimekit-digest/internal/simulator/realtimekit"
)

// morning is a Monday on which a digest for Sunday would be made.
var morning = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

func TestGenerateIsDeterministic(t *testing.T) {
	first := realtimekit.Generate(1, morning, 30)
	if !reflect.DeepEqual(first, realtimekit.Generate(1, morning, 30)) {
		t.Error("the same seed gave other sessions")
	}
	if reflect.DeepEqual(first, realtimekit.Generate(2, morning, 30)) {
		t.Error("another seed gave the same sessions")
	}
	local := morning.In(time.FixedZone("somewhere", 3600))
	if !reflect.DeepEqual(first, realtimekit.Generate(1, local, 30)) {
		t.Error("the same moment in another zone gave other sessions")
	}
	// Pinned, so that a change of the data that other tests and pictures rest on does not go unseen.
	figures := realtimekit.Recount(first, morning.AddDate(0, 0, -30), morning)
	got := fmt.Sprintf("%d sessions, %d meetings, %s minutes", figures.Sessions, len(figures.Meetings), figures.Minutes.FloatString(2))
	if want := "15026 sessions, 245 meetings, 754407.48 minutes"; got != want {
		t.Errorf("seed 1: %s, want %s", got, want)
	}
}

func TestGenerateIsPlausible(t *testing.T) {
	id := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	room := regexp.MustCompile(`^[a-z]{6}-[a-z]{6}$`)
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			sessions := realtimekit.Generate(seed, morning, 30)
			begin := morning.AddDate(0, 0, -30)
			ids, parents, titles := map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}
			count := map[string]int{}
			for i, s := range sessions {
				if !id.MatchString(s.ID) || ids[s.ID] {
					t.Fatalf("id %q", s.ID)
				}
				ids[s.ID] = true
				if room.MatchString(s.MeetingID) {
					count["V1 meeting"]++
				} else if !id.MatchString(s.MeetingID) {
					t.Fatalf("meeting id %q", s.MeetingID)
				}
				if i > 0 && s.CreatedAt.Before(sessions[i-1].CreatedAt) {
					t.Fatal("not in the order of creation")
				}
				checkSession(t, s, begin)
				count[s.Type]++
				count[s.Status]++
				if s.ParentSessionID != "" {
					count["room"]++
					parents[s.ParentSessionID] = true
				}
				if s.Status == realtimekit.Ended && s.StartedAt.Day() != s.EndedAt.Day() {
					count["across midnight"]++
				}
				if s.StartedAt.Hour() < 5 {
					count["night"]++
				}
				if hour := s.StartedAt.Hour(); hour >= 13 && hour < 18 {
					count["afternoon"]++
				}
				if titles[s.MeetingID] == nil {
					titles[s.MeetingID] = map[string]bool{}
				}
				titles[s.MeetingID][s.Title] = true
			}
			for parent := range parents {
				if !ids[parent] {
					t.Errorf("parent %s is not there", parent)
				}
			}
			renamed := 0
			for _, names := range titles {
				if len(names) > 1 {
					renamed++
				}
			}
			for what, c := range map[string]struct{ n, low, high int }{
				"meetings": {len(titles), 150, 400}, "live": {count[realtimekit.Live], 3, 25}, "webinars": {count["webinar"], 20, 6000},
				"audio rooms": {count["audio_room"], 20, 6000}, "livestreams": {count["livestream"], 20, 6000},
				"meeting": {count["meeting"], len(sessions) / 2, len(sessions)}, "rooms": {count["room"], 10, 1000},
				"sessions of V1 meetings": {count["V1 meeting"], 500, len(sessions) / 2}, "renamed": {renamed, 2, 60},
				"across midnight": {count["across midnight"], 30, 1000}, "night against afternoon": {count["night"] * 5, 1, count["afternoon"]},
			} {
				if c.n < c.low || c.n > c.high {
					t.Errorf("%s: %d, want %d to %d", what, c.n, c.low, c.high)
				}
			}
			// The first day is cut by the time at which the data begins, the last by its end.
			for day := begin.Truncate(24*time.Hour).AddDate(0, 0, 1); day.Before(morning.Truncate(24 * time.Hour)); day = day.AddDate(0, 0, 1) {
				low, high := 600, 700
				if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
					low, high = 120, 220
				}
				if n := realtimekit.Recount(sessions, day, day.AddDate(0, 0, 1)).Sessions; n < low || n > high {
					t.Errorf("%s: %d sessions ended", day.Format("Mon 2 Jan"), n)
				}
			}
		})
	}
}

// checkSession looks at what must hold of each session by itself.
func checkSession(t *testing.T, s realtimekit.Session, begin time.Time) {
	t.Helper()
	if s.StartedAt.Before(begin) || s.StartedAt.After(morning) || s.CreatedAt.After(s.StartedAt) || s.UpdatedAt.Before(s.StartedAt) {
		t.Errorf("times of %+v", s)
	}
	minutes, err := strconv.ParseFloat(s.Minutes, 64)
	length := morning.Sub(s.StartedAt)
	if s.Status == realtimekit.Ended {
		length = s.EndedAt.Sub(s.StartedAt)
		if !s.EndedAt.Before(morning) || s.UpdatedAt.Before(s.EndedAt) || s.LiveParticipants != 0 {
			t.Errorf("end of %+v", s)
		}
	} else if !s.EndedAt.IsZero() || s.LiveParticipants == 0 {
		t.Errorf("live %+v", s)
	}
	if err != nil || minutes < 0 || minutes > float64(s.Peak)*length.Minutes() || s.Peak < 1 || s.Participants < s.Peak {
		t.Errorf("%s minutes of %d people in %v: %v", s.Minutes, s.Peak, length, err)
	}
	if audio, err := strconv.ParseFloat(*s.AudioMinutes, 64); err != nil || audio < 0 || audio > minutes {
		t.Errorf("%s audio minutes of %s", *s.AudioMinutes, s.Minutes)
	}
	if !utf8.ValidString(s.Title) {
		t.Errorf("title %q", s.Title)
	}
}

// TestGenerateHasNastyTitles looks only at a usual weekday, which is what a preview shows.
func TestGenerateHasNastyTitles(t *testing.T) {
	friday := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	var all strings.Builder
	byTitle := map[string]map[string]bool{}
	sessions := realtimekit.Generate(1, morning, 30)
	for id, m := range realtimekit.Recount(sessions, friday.AddDate(0, 0, -25), friday.AddDate(0, 0, 1)).Meetings {
		all.WriteString(m.Title + "\x00")
		if byTitle[m.Title] == nil {
			byTitle[m.Title] = map[string]bool{}
		}
		byTitle[m.Title][id] = true
	}
	for _, part := range []string{"<!channel>", "<@U", "<https://", "`", "\u202e", "\u200d", "👩‍👩‍👧‍👦", "週次", "\n", "\x00\x00", "\x00null\x00", "\x00=", "\u200b", "|"} {
		if !strings.Contains(all.String(), part) {
			t.Errorf("no title with %q", part)
		}
	}
	longest := 0
	for title := range byTitle {
		longest = max(longest, len(title))
	}
	if longest < 10_000 || len(byTitle["Weekly planning"]) < 2 {
		t.Errorf("longest title %d bytes, %d meetings share one", longest, len(byTitle["Weekly planning"]))
	}
}

func TestGenerateNothing(t *testing.T) {
	for _, days := range []int{0, -1} {
		if sessions := realtimekit.Generate(1, morning, days); len(sessions) != 0 {
			t.Errorf("%d days: %d sessions", days, len(sessions))
		}
	}
	if sessions := realtimekit.Generate(1, morning, 1); len(sessions) < 100 {
		t.Errorf("one day: %d sessions", len(sessions))
	}
}

func TestRecount(t *testing.T) {
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	sessions := []realtimekit.Session{
		{ID: "before", MeetingID: "a", Minutes: "100", Peak: 90, StartedAt: at(-90), EndedAt: at(0).Add(-time.Nanosecond)},
		{ID: "first", MeetingID: "a", Title: "old", Minutes: "0.1", Peak: 3, StartedAt: at(-30), EndedAt: at(0)},
		{ID: "second", MeetingID: "a", Title: "new", Minutes: "0.2", Peak: 2, CreatedAt: at(-5), EndedAt: at(20)},
		{ID: "second", MeetingID: "a", Title: "twice", Minutes: "7", Peak: 9, StartedAt: at(-5), EndedAt: at(30)},
		{ID: "early", MeetingID: "a", Title: "older", Minutes: "0", StartedAt: at(5), EndedAt: at(10)},
		{ID: "tie a", MeetingID: "b", Title: "A", Minutes: "1e2", StartedAt: at(0), EndedAt: at(59), Status: realtimekit.Ended},
		{ID: "tie b", MeetingID: "b", Title: "B", Minutes: "1", StartedAt: at(0), EndedAt: at(59)},
		{ID: "tie 0", MeetingID: "b", Title: "0", Minutes: "1", StartedAt: at(0), EndedAt: at(59)},
		{ID: "live", MeetingID: "b", Minutes: "100", Status: realtimekit.Live, EndedAt: at(30)},
		{ID: "no end", MeetingID: "c", Minutes: "100", StartedAt: at(30)},
		{ID: "after", MeetingID: "d", Minutes: "100", EndedAt: at(60)},
	}
	got := realtimekit.Recount(sessions, at(0), at(60))
	want := realtimekit.Figures{Sessions: 6, Minutes: big.NewRat(1023, 10), Meetings: map[string]realtimekit.MeetingFigures{
		"a": {Sessions: 3, Minutes: big.NewRat(3, 10), Peak: 3, Longest: 30 * time.Minute, Title: "new"},
		"b": {Sessions: 3, Minutes: big.NewRat(102, 1), Longest: 59 * time.Minute, Title: "B"},
	}}
	if g, w := describe(got), describe(want); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

func describe(f realtimekit.Figures) string {
	text := fmt.Sprintf("%d %s", f.Sessions, f.Minutes)
	for _, id := range []string{"a", "b", "c", "d"} {
		if m, ok := f.Meetings[id]; ok {
			text += fmt.Sprintf(" %s:{%d %s %d %v %q}", id, m.Sessions, m.Minutes, m.Peak, m.Longest, m.Title)
		}
	}
	return text
}
