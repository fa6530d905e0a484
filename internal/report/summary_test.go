package report_test

import (
	"fmt"
	"testing"
	"time"

	"realtimekit-digest/internal/report"
	"realtimekit-digest/internal/sessions"
)

// What is not known about one session takes nothing away from what is known
// about another, and adds nothing.
func TestUnknown(t *testing.T) {
	t.Parallel()
	known, unknown := session(t, "1", "a", "Demo", "10"), session(t, "2", "a", "Demo", "20")
	unknown.Peak, unknown.Started = -1, time.Time{}
	cases := []struct {
		name     string
		sessions []sessions.Session
		peak     int
		longest  time.Duration
	}{
		{"both known", []sessions.Session{known, known}, 3, 30 * time.Minute},
		{"one unknown", []sessions.Session{known, unknown}, 3, 30 * time.Minute},
		{"the other unknown", []sessions.Session{unknown, known}, 3, 30 * time.Minute},
		{"both unknown", []sessions.Session{unknown, unknown}, -1, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := summary(c.sessions).Meetings[0]
			if m.Peak != c.peak || m.Longest != c.longest {
				t.Errorf("got peak %d, longest %s, want %d, %s", m.Peak, m.Longest, c.peak, c.longest)
			}
		})
	}
}

// The title is that of the session that ended last; of several, of the one
// with the largest id.
func TestLatestTitle(t *testing.T) {
	t.Parallel()
	first, second, third := session(t, "1", "a", "Before", "1"), session(t, "2", "a", "After", "1"), session(t, "3", "a", "Also after", "1")
	second.Ended, third.Ended = first.Ended.Add(time.Second), first.Ended.Add(time.Second)
	if got := summary([]sessions.Session{third, first, second}).Meetings[0].Label; got != "Also after" {
		t.Errorf("got %q, want %q", got, "Also after")
	}
}

// A table that names every meeting does not speak of a rest.
func TestRest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		form           report.Form
		meetings, rows int
		last           string
	}{
		{report.Native, 100, 100, "Lesson 99"}, {report.Native, 101, 101, "1 other meeting"}, {report.Native, 1100, 101, "1,000 other meetings"},
		{report.Tables, 98, 98, "Lesson 97"}, {report.Tables, 99, 99, "1 other meeting"}, {report.Tables, 200, 99, "102 other meetings"},
		{report.Sections, 40, 40, "Lesson 39"}, {report.Sections, 41, 41, "1 other meeting"}, {report.Sections, 90, 41, "50 other meetings"},
	} {
		var all []sessions.Session
		for i := range c.meetings {
			all = append(all, session(t, fmt.Sprint(i), fmt.Sprintf("%05d", i), fmt.Sprint("Lesson ", i), "10"))
		}
		r := usual(friday(t), all)
		checkReport(t, r)
		m := r.Message(c.form)
		rows := tableRows(t, m)
		if last := rows[len(rows)-1].label; len(rows) != c.rows || last != c.last {
			t.Errorf("%s of %d meetings: got %d rows, the last %q, want %d, %q", c.form, c.meetings, len(rows), last, c.rows, c.last)
		}
		want := "Participant-minutes per meeting, biggest first"
		if named := c.rows - 1; c.meetings > named+1 || c.last == "1 other meeting" {
			want += fmt.Sprintf(": the top %d of %d meetings and the rest", named, c.meetings)
		}
		if got := caption(m); got != want && c.meetings < 1000 {
			t.Errorf("%s of %d meetings: got caption %q, want %q", c.form, c.meetings, got, want)
		}
	}
}
