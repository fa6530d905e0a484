package report_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realtimekit-digest/internal/minutes"
	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
	simulator "realtimekit-digest/internal/simulator/realtimekit"
)

var (
	anyTitle = rapid.OneOf(rapid.SampledFrom(nastyTitles), rapid.String(), rapid.StringN(50, 80, -1))
	// Ids of which some begin alike, differ in nothing that is seen, or are missing.
	anyID = rapid.OneOf(
		rapid.SampledFrom([]string{"", "no id", "a", "a\u200b", "00000019", "00000019-0000-4000-8000-000000000000", "00000019-0000-4000-8000-000000000001"}),
		rapid.Map(rapid.SampledFrom(nastyTitles), func(s string) string { return "id " + s }),
		rapid.StringMatching(`[a-z]{6}-[a-z]{6}`), rapid.String(),
	)
	anyMinutes = rapid.OneOf(
		rapid.SampledFrom([]string{"0", "0.004", "0.005", "1", "7.016666666666667", "99.995", "1000000000", "1e-18"}),
		rapid.Map(rapid.IntRange(0, 1_000_000), func(seconds int) string { return fmt.Sprintf("%.15f", float64(seconds)/60) }),
	)
)

// anySessions are sessions of no more than the given number of meetings.
func anySessions(t *rapid.T, most int) (all []sessions.Session) {
	ids := rapid.SliceOfN(anyID, 1, most).Draw(t, "meetings")
	for i := range rapid.IntRange(0, most).Draw(t, "sessions") {
		s := sessions.Session{
			ID: fmt.Sprint("session ", i), MeetingID: ids[i%len(ids)], Title: anyTitle.Draw(t, "title"),
			Type:    rapid.OneOf(rapid.SampledFrom([]string{"meeting", "webinar", "audio_room", ""}), anyTitle).Draw(t, "type"),
			Minutes: parse(t, anyMinutes.Draw(t, "minutes")),
			Peak:    rapid.OneOf(rapid.IntRange(-1, 30), rapid.Just(1_000_000_000)).Draw(t, "peak"),
			Ended:   noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "ended")) * time.Hour),
		}
		if rapid.Bool().Draw(t, "started") {
			s.Started = s.Ended.Add(-time.Duration(rapid.IntRange(0, 100_000).Draw(t, "length")) * time.Millisecond)
		}
		if audio := parse(t, anyMinutes.Draw(t, "audio")); audio.Cmp(s.Minutes) <= 0 {
			s.AudioOnly, s.AudioKnown = audio, true
		}
		all = append(all, s)
	}
	return all
}

// anyReport is a report of all, complete or not, for any window.
func anyReport(t *rapid.T, all []sessions.Session) report.Report {
	period := rapid.SampledFrom([]string{"today", "yesterday", "last-week", "last-month", "92d"}).Draw(t, "period")
	r := usual(window(t, period, "2026-11-25T16:20:00Z", "Europe/Berlin"), all)
	r.Top = rapid.SampledFrom([]int{10, 1, 2, 100}).Draw(t, "top")
	price := rapid.SampledFrom([]float64{0, 0.0005, 0.002, 1000})
	r.Prices = report.Prices{AudioVideo: price.Draw(t, "video"), AudioOnly: price.Draw(t, "audio")}
	if rapid.Bool().Draw(t, "incomplete") {
		c := &r.Coverage
		c.Complete, c.Why = false, rapid.SliceOfN(anyTitle, 1, 20).Draw(t, "why")
		c.Unreadable, c.Changed = rapid.IntRange(0, 2).Draw(t, "unreadable"), rapid.IntRange(0, 2).Draw(t, "changed")
		c.Expected = rapid.IntRange(-1, 100_000).Draw(t, "expected")
	}
	return r
}

func TestEveryReport(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkReport(t, anyReport(t, anySessions(t, 20))) })
}

// The order in which sessions come makes no difference to anything.
func TestOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := anySessions(t, 20)
		one := anyReport(t, all)
		two := one
		two.Summary = summary(rapid.Permutation(all).Draw(t, "order"))
		if !reflect.DeepEqual(one.Summary, two.Summary) {
			t.Errorf("got %+v and %+v", one.Summary, two.Summary)
		}
		for _, form := range forms {
			if a, b := encoded(t, one, form), encoded(t, two, form); a != b {
				t.Errorf("%s: got\n%s\nand\n%s", form, a, b)
			}
		}
	})
}

func encoded(t rapid.TB, r report.Report, form report.Form) string {
	t.Helper()
	data, err := json.Marshal(r.Message(form))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A fold can be asked again after more sessions, and says what one would that
// was given all of them at once.
func TestFoldGoesOn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := anySessions(t, 10)
		fold := report.NewFold()
		for i, s := range all {
			fold.Add(s)
			if got, want := fold.Summary(), summary(all[:i+1]); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
	})
}

// The figures are those of a recount that shares no code with the summary.
func TestRecount(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3) {
		w := friday(t)
		data := simulator.Generate(seed, w.End.Add(time.Hour), 2)
		got, want := summary(simulated(t, data, w)), simulator.Recount(data, w.Start, w.End)
		if got.Sessions != want.Sessions || got.Minutes.Fixed(9) != want.Minutes.FloatString(9) || len(got.Meetings) != len(want.Meetings) {
			t.Errorf("seed %d: got %d sessions, %s minutes, %d meetings, want %d, %s, %d", seed,
				got.Sessions, got.Minutes, len(got.Meetings), want.Sessions, want.Minutes.FloatString(9), len(want.Meetings))
		}
		for _, m := range got.Meetings {
			w := want.Meetings[m.ID]
			if m.Sessions != w.Sessions || m.Minutes.Fixed(9) != w.Minutes.FloatString(9) || m.Peak != w.Peak || m.Longest != w.Longest {
				t.Errorf("seed %d: got %+v, want %+v", seed, m, w)
			}
		}
	}
}

// What a summary sums up by meeting and by type it has as a whole.
func TestSummaryAddsUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := summary(anySessions(t, 30))
		var byMeeting, byType minutes.Minutes
		n := 0
		for i, m := range s.Meetings {
			n, byMeeting = n+m.Sessions, byMeeting.Add(m.Minutes)
			if i > 0 && m.Minutes.Cmp(s.Meetings[i-1].Minutes) > 0 {
				t.Errorf("meeting %d has more minutes than the one before it", i)
			}
		}
		for _, kind := range s.Types {
			n, byType = n-kind.Sessions, byType.Add(kind.Minutes)
		}
		if n != 0 || byMeeting != s.Minutes || byType != s.Minutes || s.AudioOnly.Add(s.Unsplit).Cmp(s.Minutes) > 0 {
			t.Errorf("got %s minutes by meeting, %s by type, %s audio-only, %s unsplit of %s", byMeeting, byType, s.AudioOnly, s.Unsplit, s.Minutes)
		}
		if !slices.IsSortedFunc(s.Types, func(a, b report.Type) int {
			return cmp.Or(b.Minutes.Cmp(a.Minutes), strings.Compare(a.Name, b.Name))
		}) {
			t.Errorf("types are not sorted: %v", s.Types)
		}
	})
}

// The longest labels, the largest numbers: every form must shorten what it has.
func TestLargest(t *testing.T) {
	t.Parallel()
	for _, title := range []string{"&", "<", "w", "界", "👩‍👩‍👧‍👦", "e\u0301\u0302\u0303\u0304"} {
		var all []sessions.Session
		long := strings.Repeat(title, 2000/len(title))
		for i := range 300 {
			s := session(t, fmt.Sprint("s", i), fmt.Sprintf("%s%s%05d", title, title, i), long, fmt.Sprintf("1e%d", 9-i/250))
			s.Peak = 1_000_000_000
			all = append(all, s, s, s, s)
		}
		r := usual(friday(t), all)
		r.Top = 100
		r.Coverage.Complete, r.Coverage.Why = false, []string{title + " " + all[0].Title}
		checkReport(t, r)
	}
}
